import { SourceMap } from "node:module";
import { describe, expect, test } from "vitest";
import { createEmitter } from "../../../kernel/compiler/emit.ts";

const withoutPrologue = (javaScript: string): string => javaScript.replace(/^"use strict";\n/, "").trim();
const emitted = (code: string): string => withoutPrologue(createEmitter()(code).javaScript);

describe("createEmitter", () => {
  test.each([
    ["const becomes let", "const a = 1; const b: number = 2;", "let a = 1;\nlet b = 2;"],
    ["var stands above all", "f(a); var a = 1, b: number;", "let a;\nlet b;\nf(a);\na = 1;"],
    ["a second var assigns", "var a = 1; var a = 2;", "let a;\na = 1;\na = 2;"],
    [
      "var may take apart what was declared before",
      "var { a, b: [c = 1, ...d], ...e } = f(); var a;",
      "let a;\nlet c;\nlet d;\nlet e;\n({ a: a, b: [c = 1, ...d], ...e } = f());",
    ],
    [
      "var in a block or the head of a loop belongs to the cell",
      "for (var i = 0, j = 1; ; ) { var k = i; } for (var x of y) ; for (var p in q) ; for (var n; ; ) ;",
      "let k;\nlet i;\nlet j;\nlet x;\nlet p;\nlet n;\nfor (i = 0, j = 1;;) {\n    k = i;\n}\nfor (x of y)\n    ;\nfor (p in q)\n    ;\nfor (;;)\n    ;",
    ],
    [
      "var in a function is the function's",
      "const f = () => { var a = 1; };",
      "let f = () => { var a = 1; };",
    ],
    ["functions are hoisted variables", "f();\nfunction f(): void {}", "let f = function () { };\nf();"],
    ["classes are variables", "class A<T> { x = 1 }", "let A = class A {\n    x = 1;\n};"],
    [
      "an import is awaited",
      'import { a as b } from "m";',
      'let { a: b } = await __gradbook__.await(__gradbook__.import("m"));',
    ],
    [
      "a default import",
      'import d from "m";',
      'let { default: d } = await __gradbook__.await(__gradbook__.import("m"));',
    ],
    [
      "a namespace import",
      'import * as n from "m";',
      'let n = await __gradbook__.await(__gradbook__.import("m"));',
    ],
    [
      "an import keeps its attributes",
      'import j from "./j.json" with { type: "json" };',
      'let { default: j } = await __gradbook__.await(__gradbook__.import("./j.json", { with: { type: "json" } }));',
    ],
    ["a type import goes", 'import type { T } from "m";', ""],
    ["exports lose their export", "export const a = 1;\nexport { a };", "let a = 1;"],
    ["the last value is kept", "1;\n2", "1;\n__gradbook__.result(2);"],
    ["awaits at the top are routed", "await f()", "__gradbook__.result(await __gradbook__.await(f()));"],
    ["awaits in functions are not", "const g = async () => await f();", "let g = async () => await f();"],
    [
      "for await is routed",
      "for await (const x of xs) { }",
      "for await (const x of __gradbook__.steps(xs)) { }",
    ],
    [
      "dynamic imports are routed anywhere",
      'const g = () => import("m");',
      'let g = () => __gradbook__.import("m");',
    ],
    ["declarations without code go", "declare const x: number;\ninterface I {}\ntype T = 1;", ""],
  ])("%s", (_, code, javaScript) => {
    expect(emitted(code)).toBe(javaScript);
  });

  test("no top-level var, const, class or function remains, but TypeScript's own helpers", () => {
    const code =
      "enum E { a }\nusing u = { [Symbol.dispose]() {} };\nabstract class B { @dec m() {} }\nfunction* g() {}";
    expect(emitted(code)).not.toMatch(/^(var|const|class|function)\b(?! __)/m);
  });

  test("cells are strict, as modules are", () => {
    expect(createEmitter()("f()").javaScript).toMatch(/^"use strict";/);
  });

  test("lines lead back to the cell as written", () => {
    const code = "// comment\n\ntype T = {\n  a: number;\n};\n\nfunction f(t: T) {\n  throw new Error();\n}";
    const { javaScript, sourceMap } = createEmitter()(code);
    const line = javaScript.split("\n").findIndex((each) => each.includes("throw"));
    const entry = new SourceMap(JSON.parse(sourceMap)).findEntry(
      line,
      javaScript.split("\n")[line]!.indexOf("throw"),
    );
    expect(entry).toMatchObject({ originalLine: 7, originalColumn: 2 });
  });
});

describe("names that JavaScript has", () => {
  /** The zero width joiner that tells a cell's own name from JavaScript's, made visible. */
  const emittedInTurn = (...cells: string[]): string[] => {
    const emit = createEmitter();
    return cells.map((code) => withoutPrologue(emit(code).javaScript).replaceAll("\u200d", "§"));
  };

  test("a declaration is spelled apart, in this cell and in those that follow", () => {
    expect(
      emittedInTurn("process.pid;", "const process = 1; f(process);", "process + 1;", "let other = process;"),
    ).toEqual([
      "__gradbook__.result(process.pid);",
      "let process§ = 1;\n__gradbook__.result(f(process§));",
      "__gradbook__.result(process§ + 1);",
      "let other = process§;",
    ]);
  });

  test.each([
    [
      "members",
      "a.Map; b = { Map: 1, [Map]: 2 }; class C { Map = Map; }",
      "a.Map;\nb = { Map: 1, [Map§]: 2 };\nlet C = class C {\n    Map = Map§;\n};",
    ],
    ["shorthands", "f({ Map });", "__gradbook__.result(f({ Map: Map§ }));"],
    ["parameters", "f((Map) => Map);", "__gradbook__.result(f((Map) => Map));"],
    ["blocks", "{ const Map = 1; f(Map); }", "{\n    const Map = 1;\n    f(Map);\n}"],
    ["labels", "Map: for (;;) break Map;", "Map: for (;;)\n    break Map;"],
    ["functions that use it", "const g = () => new Map();", "let g = () => new Map§();"],
    ["heritage", "class C extends Map {}", "let C = class C extends Map§ {\n};"],
  ])("of %s only what means the cell's name", (_, code, javaScript) => {
    expect(emittedInTurn("const Map = 1;", code)[1]).toBe(javaScript);
  });

  test.each([
    ["functions", "function fetch() { return fetch; }", "let fetch§ = function fetch() { return fetch§; };"],
    ["classes", "class Map { again = Map }", "let Map§ = class Map {\n    again = Map§;\n};"],
    ["patterns", "const { URL, Map: [Set = 1] } = f();", "let { URL: URL§, Map: [Set§ = 1] } = f();"],
    [
      "assignments",
      "var URL; ({ URL = 1 } = f());",
      "let URL§;\n__gradbook__.result(({ URL: URL§ = 1 } = f()));",
    ],
    [
      "imports",
      'import { URL } from "m";',
      'let { URL: URL§ } = await __gradbook__.await(__gradbook__.import("m"));',
    ],
    ["exports", "export const URL = 1; f(URL);", "let URL§ = 1;\n__gradbook__.result(f(URL§));"],
    ["the kernel's own", "let __gradbook__ = 1;", "let __gradbook__§ = 1;"],
    [
      "undefined",
      "let undefined = 3; f(undefined);",
      "let undefined§ = 3;\n__gradbook__.result(f(undefined§));",
    ],
  ])("%s may declare one", (_, code, javaScript) => {
    expect(emittedInTurn(code)[0]).toBe(javaScript);
  });

  test("a type of that name shadows no value", () => {
    expect(emittedInTurn("interface Error { a: 1 }", "new Error();")[1]).toBe(
      "__gradbook__.result(new Error());",
    );
  });
});
