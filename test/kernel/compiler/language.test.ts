/** What the checking of cells promises to the rest of the kernel, in a session without the library's names. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createLanguage } from "../../../kernel/compiler/language.ts";

const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "gradbook-language-"));
process.chdir(folder);
// One session for all, for it takes a while to make; a test's names may be there already, and mean something else.
const session = createLanguage(["", []]);
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const accept = (...cells: string[]): void => {
  for (const cell of cells) expect(session.check(cell), cell).toEqual([]);
};
const messages = (cell: string): string[] => session.check(cell).map(({ message }) => message);
const reject = (cell: string, ...expected: string[]): void => {
  expect(messages(cell)).toEqual(expected.map((message) => expect.stringContaining(message)));
};

describe("what a cell declares", () => {
  test("is there for the next cell, types and all; what is wrong is placed", () => {
    accept("const a = 1; interface Point { x: number } function f(p: Point) { return p.x }", "f({ x: a })");
    expect(session.check("\nf({ x: 'one' })")).toEqual([
      {
        start: { line: 1, character: 4 },
        end: { line: 1, character: 5 },
        message: "Type 'string' is not assignable to type 'number'.",
        reasons: [],
      },
    ]);
  });

  test("tells the types of arrays apart", () => {
    accept("const a = new Float32Array(2)", "const b: Float32Array<ArrayBuffer> = a");
  });

  test("replaces what had the name before", () => {
    accept("const a = 1; const b = 2", "const a = 'text'", "a.toUpperCase(); b.toFixed()");
    accept("class Point { x = 1 }", "class Point { y = 2 }", "new Point().y");
    reject("new Point().x", "Property 'x' does not exist");
  });

  test("changes nothing for what was declared before", () => {
    accept("type Unit = string; interface Quantity { unit: Unit }; const length = { unit: 'm' } as Quantity");
    accept("type Unit = number", "length.unit.toUpperCase()", "const again: Quantity = { unit: 'kg' }");
    reject("const wrong: Quantity = { unit: 3 }", "Type 'number' is not assignable to type 'string'");
    accept("const unit: Unit = 3");
  });

  test("of two types with one name, each is told by where it was declared", () => {
    accept("interface P { x: number }; const old: P = { x: 1 }", "interface P { y: number }");
    reject("const p: P = old", "Property 'y' is missing in type");
    accept("const older = old", "older.x.toFixed()");
  });

  test("may be a type of one cell and a value of another", () => {
    accept(
      "interface Size { width: number }",
      "const Size = 3",
      "const size: Size = { width: Size }; Size.toFixed()",
    );
    accept("const Twice = 1", "type Twice = string", "const twice: Twice = 'a'; Twice.toFixed()");
  });

  test("may have any name: with underscores, of JavaScript, of TypeScript", () => {
    accept(
      "const __x = 1, __proto = 2, ___y = 3, __global = 4",
      "(__x + __proto + ___y + __global).toFixed()",
    );
    accept("const Error = 4, name = 'n', type = 1", "Error.toFixed(); name.trim(); type.toFixed()");
  });

  test("may be declared twice, where JavaScript allows it", () => {
    accept("var { r } = { r: 1 }; var r: number", "r.toFixed()");
    reject("const c = 1; const c = 2", "Cannot redeclare", "Cannot redeclare");
  });

  test("has a type even where none can be named", () => {
    accept("const mixin = (() => class { private hidden = 1; shown = 2 })()", "new mixin().shown");
    accept("const key = Symbol('k'); const o = { [key]: 1 }", "o[key].toFixed()");
  });

  test("is not there if the cell was wrong", () => {
    reject("const lost = 1; lost.nothing", "Property 'nothing' does not exist");
    reject("lost", "Cannot find name 'lost'");
  });

  test("may say that it is exported", () => {
    accept(
      "export const a = 1; export { a }; export default class A { m() { return a } }",
      "new A().m().toFixed()",
    );
  });

  test("keeps const constant and let assignable", () => {
    accept("const fixed = 1; let free = 2", "free = 3");
    reject("fixed = 2", "Cannot assign to 'fixed' because it is a constant");
    reject("free = 'text'", "not assignable to type 'number'");
  });

  test.each([
    ["enums", "enum Size { small, large }", "Size.large.toFixed()"],
    [
      "namespaces",
      "namespace N { export const x = 1; export type T = string }",
      "const t: N.T = 'a'; N.x.toFixed()",
    ],
    ["generics", "function first<T>(xs: T[]): T | undefined { return xs[0] }", "first([1])?.toFixed()"],
    [
      "overloads",
      "function g(x: string): 1; function g(x: number): 2; function g(x: any): any {}",
      "const two: 2 = g(1)",
    ],
    ["using", "using held = { [Symbol.dispose]() {}, size: 1 }", "held.size.toFixed()"],
    [
      "assertions",
      "function isText(x: unknown): asserts x is string {}",
      "let u: unknown; isText(u); u.trim()",
    ],
    [
      "abstract classes",
      "abstract class A { abstract m(): number }",
      "class B extends A { m() { return 1 } }",
    ],
    [
      "decorators",
      "function d(v: unknown, c: ClassDecoratorContext) {}\n@d class D { x = 1 }",
      "new D().x.toFixed()",
    ],
    ["for everybody", "declare global { interface Array<T> { second(): T } }", "[1].second().toFixed()"],
  ])("%s reach the next cell", (_, ...cells) => accept(...cells));

  test("is forgotten once nothing leads to it, and only then", () => {
    accept("interface Base { kind: string }; let kept: Base", "interface Base { other: number }");
    for (let n = 0; n < 100; n++) accept(`type Step = "step ${n}"; const step: Step = "step ${n}"`);
    accept("kept = { kind: step }", "const last: 'step 99' = step");
  });
});

describe("a cell", () => {
  test("may await at its top", () => {
    accept("const text = await import('node:fs').then((fs) => fs.readFileSync('x', 'utf8'))", "text.length");
    accept("for await (const x of [Promise.resolve(1)]) console.log(x, process.pid)");
  });

  test("is checked strictly, but not for style", () => {
    accept("function loose(x) { const unused = 1; return x; }");
    reject("let maybe: number | undefined; maybe!.toFixed(); maybe.toFixed()", "possibly 'undefined'");
  });

  test("is not checked if it says so", () => {
    accept("// @ts-nocheck\nconst unchecked: number = 'text'", "unchecked.toFixed()");
  });

  test("with wrong syntax is told nothing else", () => {
    reject("nothing; f(", "')' expected");
    reject("nothing; // no end\n`open", "Unterminated template literal");
  });

  test("hears of each reason", () => {
    const [complaint] = session.check(
      "const p: { a: { b: number } } = { a: { b: 1, c: 2 } as { b: string } }",
    );
    expect(complaint!.reasons.at(-1)).toBe("Type 'string' is not assignable to type 'number'.");
  });
});

describe("what a cell imports", () => {
  test("keeps its types for later cells", () => {
    accept(
      'import { statSync } from "node:fs"; import type { Stats } from "node:fs"',
      'let stats: Stats = statSync("/"); stats.size',
    );
    reject("stats.nothing", "Property 'nothing' does not exist on type 'Stats'");
  });

  test("may be a local file; it is read again when it has changed, and its own errors are its name's", () => {
    const file = join(folder, "double.ts");
    writeFileSync(file, "export const double = (n: number): number => n * 2;\n");
    accept('import { double } from "./double.ts"', "double(2).toFixed()");
    writeFileSync(file, "export const double = (n: string): string => n + n;\n");
    utimesSync(file, new Date(0), new Date(1));
    accept('import { double } from "./double.ts"; double("a").trim()', 'double("b").trim()');
    writeFileSync(file, "export const double = (n: boolean): boolean => n && n;\n");
    utimesSync(file, new Date(0), new Date(3));
    reject('double("c")', "not assignable to parameter of type 'boolean'");
    writeFileSync(file, "export const double: number = 'two';\n");
    utimesSync(file, new Date(0), new Date(2));
    expect(session.check('import { double } from "./double.ts"')).toMatchObject([
      { fileName: "double.ts", start: { line: 0, character: 13 } },
    ]);
    accept("1 + 1");
  });

  test("and what it declares are told apart by their modules", () => {
    writeFileSync(join(folder, "one.ts"), "export const one = 1;\n");
    accept(
      "interface Shape { sides: number }; const square: Shape = { sides: 4 }",
      "interface Shape { name: string }",
    );
    accept('import { one } from "./one.ts"; const both = { square, one }', "both.square.sides.toFixed()");
  });

  test("may be installed after it was missed", () => {
    const cell = 'import { kind } from "late"; kind.trim()';
    reject(cell, "Cannot find module 'late'");
    const late = join(folder, "node_modules", "late");
    mkdirSync(late, { recursive: true });
    writeFileSync(join(late, "package.json"), '{ "name": "late", "types": "./index.d.ts" }');
    writeFileSync(join(late, "index.d.ts"), "export declare const kind: string;\n");
    accept(cell, "kind.trim()");
  });

  test("may have no types", () => {
    const untyped = join(folder, "node_modules", "untyped");
    mkdirSync(untyped, { recursive: true });
    writeFileSync(join(untyped, "package.json"), '{ "name": "untyped", "main": "index.js" }');
    writeFileSync(join(untyped, "index.js"), "exports.anything = 1;\n");
    accept('import { anything } from "untyped"', "anything.at.all");
  });
});

describe("completion", () => {
  test("lists members with their kinds", () => {
    accept("const point = { x: 1, describe() { return '' } }");
    expect(session.complete("point.", 6)).toEqual({
      start: 6,
      end: 6,
      entries: [
        { text: "describe", kind: "method" },
        { text: "x", kind: "property" },
      ],
    });
  });

  test("puts what begins with the word first and replaces the whole word", () => {
    accept("const o = { Sizes: 1, resize: 2, size: 3, other: 4 }");
    const { start, end, entries } = session.complete("o.size", 4);
    expect([start, end]).toEqual([2, 6]);
    expect(entries.map(({ text }) => text)).toEqual(["size", "Sizes", "resize"]);
  });

  test("knows earlier cells' names, before and after they change", () => {
    accept("const earlier = { a: 1 }");
    const texts = (code: string): string[] =>
      session.complete(code, code.length).entries.map(({ text }) => text);
    expect(texts("earl")).toEqual(["earlier"]);
    expect(texts("earlier.")).toEqual(["a"]);
    accept("const earlier = { b: 1 }");
    expect(texts("earlier.")).toEqual(["b"]);
  });

  test("of a word leaves the others where they are", () => {
    accept("const both = { first: 1, second: 2 }");
    expect(session.complete("both.fi", 7).entries.map(({ text }) => text)).toEqual(["first"]);
    expect(session.complete("both.", 5).entries.map(({ text }) => text)).toEqual(["first", "second"]);
    expect(session.complete("bo", 2).entries.map(({ text }) => text)).toContain("both");
    accept("both.second");
  });

  test("inside a string replaces the string", () => {
    accept("declare function choose(option: 'left' | 'right'): void");
    expect(session.complete("choose('le')", 10)).toMatchObject({
      start: 8,
      end: 10,
      entries: [{ text: "left" }],
    });
  });
});

describe("inspection", () => {
  test("shows signature, documentation and source", () => {
    accept("/** Doubles. @param n what */\nfunction double(n: number) { return n * 2 }");
    expect(session.inspect("double(1)", 3)).toEqual({
      signature: "function double(n: number): number",
      documentation: "Doubles.",
      tags: [["param", "n what"]],
      source: "function double(n: number) { return n * 2 }",
    });
    expect(session.inspect("double", 6)?.signature).toBe("function double(n: number): number");
  });

  test("knows nothing of what nothing declares", () => {
    expect(session.inspect("nothing", 3)).toBeUndefined();
  });
});
