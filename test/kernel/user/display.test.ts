import * as aq from "arquero";
import { expect, test } from "vitest";
import { createDisplays, mimeBundle } from "../../../kernel/user/display.ts";
import type { ToIo } from "../../../kernel/channel.ts";

const jupyterDisplay = Symbol.for("Jupyter.display");

test("a value's own display method decides; plain text is always there", () => {
  expect(
    mimeBundle({ [jupyterDisplay]: () => ({ "text/html": "<b>", "text/plain": "b" }), toHTML: () => "no" }),
  ).toEqual({
    "text/html": "<b>",
    "text/plain": "b",
  });
  expect(mimeBundle({ [jupyterDisplay]: () => ({ "text/html": "<b>" }) })).toHaveProperty(["text/plain"]);
});

test("toHTML and toMarkdown show tables", () => {
  expect(mimeBundle({ toHTML: () => "<table>", toMarkdown: () => "|a|" })).toEqual({
    "text/html": "<table>",
    "text/plain": "|a|",
  });
});

test("a table of arquero's shows its first rows, and how many there are", () => {
  const long = aq.table({ n: Array.from({ length: 1234 }, (_, n) => n) });
  const { "text/html": html, "text/plain": text } = mimeBundle(long);
  expect(String(html).match(/<tr>/g)).toHaveLength(51);
  expect(html).toMatch(/<p>the first 50 of 1,234 rows, 1 column<\/p>$/);
  expect(text).toMatch(/\|49\|\n\nthe first 50 of 1,234 rows, 1 column$/);
  expect(mimeBundle(aq.table({ a: ["<b>"], b: [null] }))["text/html"]).toMatch(
    /&lt;b&gt;.*\n<p>1 row, 2 columns<\/p>$/s,
  );
});

class Point {
  x = 1;
  readonly #hidden = 2;
  get sum(): number {
    return this.x + this.#hidden;
  }
}

test.each([
  [1, "1"],
  ["text", "'text'"],
  [null, "null"],
  [[1, 2], "[ 1, 2 ]"],
  [new Map([["a", 1]]), "Map(1) { 'a' => 1 }"],
  [new Set([1, "b"]), "Set(2) { 1, 'b' }"],
  [new Float32Array([0.5, 2]), "Float32Array(2) [ 0.5, 2 ]"],
  [new Point(), "Point { x: 1 }"],
])("%j shows as Node prints it", (value, text) => {
  expect(mimeBundle(value)).toEqual({ "text/plain": text });
});

test.each([
  [5, "got 5"],
  [null, "got null"],
  [Promise.resolve({}), "got Promise"],
  [{ "text/plain": 7 }, "text/plain must be a string, got 7"],
  [{ "application/json": { count: 1n } }, "application/json cannot be written as JSON: Do not know how"],
  [{ "application/json": () => 1 }, "application/json cannot be written as JSON: it is a function"],
])("a display method that returns %o is told what is wrong", (bundle, message) => {
  expect(() => mimeBundle({ [jupyterDisplay]: () => bundle })).toThrow(message);
});

test("an error shows with its causes", () => {
  const error = new Error("outer", { cause: new TypeError("inner", { cause: "innermost" }) });
  expect(mimeBundle(error)["text/plain"]).toMatch(
    /^Error: outer\n.*\[cause\]: TypeError: inner\n.*\[cause\]: 'innermost'/s,
  );
});

test("huge values are cut", () => {
  expect(String(mimeBundle(new Float32Array(1_000_000))["text/plain"]).length).toBeLessThan(2_000);
});

test("an update carries the id of its display", () => {
  const posted: ToIo[] = [];
  const shown = createDisplays((message) => posted.push(message)).display("one");
  shown.update("two");
  expect(posted).toMatchObject([
    { type: "display", id: shown.id, data: { "text/plain": "'one'" } },
    { type: "update", id: shown.id, data: { "text/plain": "'two'" } },
  ]);
});
