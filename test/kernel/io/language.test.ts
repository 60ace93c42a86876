/** The contract with tslab: its converter, on our TypeScript, does what the kernel relies on. */
import { afterAll, describe, expect, test } from "vitest";
import { completeness } from "../../../kernel/io/language.ts";
import { tslab, typescript } from "../../../kernel/io/typescript.ts";

const converter = tslab.createConverter({ isJS: false, isBrowser: false });
afterAll(() => converter.close());

const declarationsOf = (code: string, before = ""): string => {
  const { diagnostics, declOutput = "" } = converter.convert(before, code);
  expect(diagnostics).toEqual([]);
  return declOutput;
};

describe("tslab's converter", () => {
  test("runs on TypeScript 5.9.3, which tells typed arrays apart", () => {
    expect(typescript.version).toBe("5.9.3");
    const declarations = declarationsOf("const a = new Float32Array(2);");
    expect(declarations).toContain("Float32Array<ArrayBuffer>");
  });

  test("carries names and types to the next cell", () => {
    const first = declarationsOf(
      "const a = 1; interface Point { x: number } function f(p: Point) { return p.x }",
    );
    expect(converter.convert(first, "f({ x: a })").diagnostics).toEqual([]);
    const [wrong] = converter.convert(first, "\nf({ x: 'one' })").diagnostics;
    expect(wrong).toMatchObject({ messageText: "Type 'string' is not assignable to type 'number'." });
    expect(wrong?.start).toMatchObject({ line: 1, character: 4 });
    expect(wrong?.end).toMatchObject({ line: 1, character: 5 });
  });

  test("a name declared again replaces the old one, type and all", () => {
    const first = declarationsOf("const a = 1; const b = 2;");
    const second = declarationsOf("const a = 'text';", first);
    expect(converter.convert(second, "a.toUpperCase(); b.toFixed()").diagnostics).toEqual([]);
  });

  test("types that have no name elsewhere still reach the next cell", () => {
    const first = declarationsOf("const mixin = (() => class { private hidden = 1; shown = 2 })();");
    expect(converter.convert(first, "new mixin().shown").diagnostics).toEqual([]);
  });

  test("await, for await and Node's types are known at the top", () => {
    declarationsOf(
      "const text = await import('node:fs').then((fs) => fs.readFileSync('x', 'utf8')); text.length",
    );
    declarationsOf("for await (const x of [Promise.resolve(1)]) console.log(x, process.pid)");
  });

  test("learners are not told off for style", () => {
    declarationsOf("function loose(x) { const unused = 1; return x; }");
    expect(
      converter.convert("", "let maybe: number | undefined; maybe!.toFixed(); maybe.toFixed()").diagnostics,
    ).not.toEqual([]);
  });

  test("completes members with their kinds", () => {
    const before = declarationsOf("const point = { x: 1, describe() { return '' } };");
    const { candidates, original, start, end } = converter.complete(before, "point.", 6);
    expect(candidates).toEqual(["describe", "x"]);
    expect([start, end]).toEqual([6, 6]);
    expect(original?.entries.map(({ name, kind }) => [name, kind]).sort()).toEqual([
      ["describe", "method"],
      ["x", "property"],
    ]);
  });

  test("inspects with documentation", () => {
    const before = declarationsOf("/** Doubles. */\nfunction double(n: number) { return n * 2 }");
    const info = converter.inspect(before, "double(1)", 3);
    expect(info?.displayParts?.map(({ text }) => text).join("")).toBe("function double(n: number): number");
    expect(info?.documentation?.[0]?.text).toBe("Doubles.");
    expect(converter.inspect("", "nothing", 3)).toBeUndefined();
  });
});

describe("completeness", () => {
  test.each(["1", "", "function f() { return 1 }", "await f()", "for await (const x of y) {}"])(
    "%j is complete",
    (code) => {
      expect(completeness(code).status).toBe("complete");
    },
  );
  test.each(["function f() {", "f(", "`open", "/* open", "const a =", "[1,", "class A {\n  m() {"])(
    "%j is incomplete",
    (code) => {
      expect(completeness(code).status).toBe("incomplete");
    },
  );
  test.each(["const = 1", "1 +* 2", "}", "'open\n1"])("%j is invalid", (code) => {
    expect(completeness(code).status).toBe("invalid");
  });
});
