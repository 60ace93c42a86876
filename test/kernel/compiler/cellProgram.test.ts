import { expect, test } from "vitest";
import { cellModule, declarationsOf } from "../../../kernel/compiler/cellModule.ts";
import { createCellProgram } from "../../../kernel/compiler/cellProgram.ts";
import { cellOptions } from "../../../kernel/compiler/compilerOptions.ts";
import { createEnvironment } from "../../../kernel/compiler/environment.ts";

const folder = (): string => process.cwd();
const environment = createEnvironment(folder, cellOptions);
const cells = createCellProgram(folder, environment);
// The first takes a while.
cells.open("");

/** Takes the cell for right. */
const declare = (code: string): string => {
  const { names, text } = cellModule(code);
  const { program, file } = cells.open(text);
  const declarations = declarationsOf(program, file);
  environment.add(declarations, names);
  return declarations;
};

test("a cell's declarations have types, documentation, and are exported where they stand", () => {
  const code = [
    "/** How far. */",
    "const far = [1, 2].map((x) => x * 2), near = far[0];",
    "type Far = typeof far;",
    "export class Point { private x = 1; get() { return this.x } }",
    "function f(p: Point, ...rest: Far) { return { p, rest } }",
  ].join("\n");
  expect(declare(code)).toBe(
    [
      "/** How far. */",
      "export declare const far: number[], near: number;",
      "export type Far = typeof far;",
      "export declare class Point {",
      "    private x;",
      "    get(): number;",
      "}",
      "export declare function f(p: Point, ...rest: Far): {",
      "    p: Point;",
      "    rest: number[];",
      "};",
      "export {};",
    ].join("\n"),
  );
});

test("a cell is no larger a program for the cells before it", () => {
  const files = (): number => cells.open("1").program.getSourceFiles().length;
  const before = files();
  for (let n = 0; n < 20; n++) declare(`interface Step${n} { before?: Step${n - 1} }`);
  expect(files()).toBe(before);
});

test("a cell by itself is a guest of the program that is there, and of its checker", () => {
  const { program } = cells.open("const a = 1");
  const checker = program.getTypeChecker();
  const guest = cells.open("const a = 'text'; a");
  expect(guest.program).toBe(program);
  expect(program.getTypeChecker()).toBe(checker);
  expect(program.getSourceFiles()).not.toContain(guest.file);
  expect(program.getSourceFile(guest.file.fileName)).toBe(guest.file);
  expect(cells.open("const a = 'text'; a").file).toBe(guest.file);
  declare("const other = 1");
  expect(cells.open("const a = 'text'; a").file).not.toBe(guest.file);
});

test.each([
  ["imports", "import * as fs from 'node:fs'"],
  ["imports in the middle", "const fs = await import('node:fs')"],
  ["imports as CommonJS does", "import fs = require('node:fs')"],
  ["exports from another", "export * from 'node:fs'"],
  ["imports a type", "let fs: typeof import('node:fs')"],
  ["refers to other declarations", "/// <reference types='node' />\n1"],
])("a cell that %s has a program of its own, in which nothing else was read again", (_, code) => {
  const before = cells.open("1").program;
  const after = cells.open(code).program;
  expect(after).not.toBe(before);
  const changed = after.getSourceFiles().filter((file) => before.getSourceFile(file.fileName) !== file);
  expect(changed.map(({ fileName }) => fileName)).toEqual([`${folder()}/gradbook-cell.ts`]);
  // Those after it are guests of this one.
  expect(cells.open("2").program).toBe(after);
});

test("what a cell declares for everybody goes with the cell, unless it is kept", () => {
  const messages = (code: string): string[] => {
    const { program, file } = cells.open(code);
    return program.getSemanticDiagnostics(file).map(({ messageText }) => String(messageText));
  };
  expect(messages("declare global { var everywhere: number } everywhere")).toEqual([]);
  expect(messages("everywhere")).toEqual(["Cannot find name 'everywhere'."]);
});

test("a checker that failed, or has had its share of guests, is replaced", () => {
  const { program } = cells.open("1");
  cells.startOver();
  const next = cells.open("2").program;
  expect(next).not.toBe(program);
  const programs = Array.from({ length: 400 }, (_, n) => cells.open(`${n}`).program);
  expect(new Set(programs).size).toBe(2);
});

test("blanks take the place of a cell's own exports", () => {
  const { code, names } = cellModule(
    "export const a = 1;\nexport {\n  a };\nexport default class B {}\nexport * from 'm';",
  );
  expect(code).toBe("       const a = 1;\n        \n      \n               class B {}\nexport * from 'm';");
  expect(names).toEqual(["a", "B"]);
});

test("no names are TypeScript's own for what is declared for everybody", () => {
  expect(
    cellModule("declare global {}\ndeclare module 'm' {}\nconst __a = 1, ___b = 2, __global = 3").names,
  ).toEqual(["__a", "___b", "__global"]);
});
