import { expect, test } from "vitest";
import { cellModule, declarationsOf } from "../../../kernel/compiler/cellModule.ts";
import { createCellProgram } from "../../../kernel/compiler/cellProgram.ts";
import { cellOptions } from "../../../kernel/compiler/compilerOptions.ts";
import { createEnvironment } from "../../../kernel/compiler/environment.ts";

const folder = process.cwd();
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

test("what did not change is not read again", () => {
  const before = cells.open("const a = 1").program;
  const after = cells.open("const a = 2").program;
  const changed = after.getSourceFiles().filter((file) => before.getSourceFile(file.fileName) !== file);
  expect(changed.map(({ fileName }) => fileName)).toEqual([`${folder}/gradbook-cell.ts`]);
});

test("the same cell in the same session is the same program", () => {
  const { program } = cells.open("let again = 1");
  expect(cells.open("let again = 1").program).toBe(program);
  declare("const other = 1");
  expect(cells.open("let again = 1").program).not.toBe(program);
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
