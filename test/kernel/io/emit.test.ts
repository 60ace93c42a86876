import { SourceMap } from "node:module";
import { describe, expect, test } from "vitest";
import { emitCell } from "../../../kernel/io/emit.ts";

const emitted = (code: string): string => emitCell(code).javaScript.trim();

describe("emitCell", () => {
  test.each([
    ["var and const become let", "var a = 1; const b: number = 2;", "let a = 1;\nlet b = 2;"],
    ["a second var assigns", "var a = 1; var a = 2;", "let a = 1;\na = 2;"],
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

  test("lines lead back to the cell as written", () => {
    const code = "// comment\n\ntype T = {\n  a: number;\n};\n\nfunction f(t: T) {\n  throw new Error();\n}";
    const { javaScript, sourceMap } = emitCell(code);
    const line = javaScript.split("\n").findIndex((each) => each.includes("throw"));
    const entry = new SourceMap(JSON.parse(sourceMap)).findEntry(
      line,
      javaScript.split("\n")[line]!.indexOf("throw"),
    );
    expect(entry).toMatchObject({ originalLine: 7, originalColumn: 2 });
  });
});
