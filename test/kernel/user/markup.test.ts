import { createCanvas } from "@napi-rs/canvas";
import { expect, test } from "vitest";
import { mimeBundle } from "../../../kernel/user/display.ts";
// By a namespace: the formatter would lay out the contents of a template that it knows by its name.
import * as show from "../../../kernel/user/markup.ts";

test("html: a template writes values as text, lists item by item, and markup as it is", () => {
  const items = ["a & b", "<script>"].map((name) => show.html`<li>${name}</li>`);
  const list = show.html`<ul id="${'"'}">${items}${undefined}${false}${null}</ul>`;
  expect(mimeBundle(list)).toEqual({
    "text/html": '<ul id="&quot;"><li>a &amp; b</li><li>&lt;script&gt;</li></ul>',
    "text/plain": expect.stringContaining("<ul id="),
  });
  expect(mimeBundle(show.html("<b>as it is</b>"))["text/html"]).toBe("<b>as it is</b>");
  expect(() => show.html(5 as never)).toThrow("html: takes a string or a template, as html`…`, got number");
});

test("svg: gets the namespace without which it is no picture", () => {
  expect(mimeBundle(show.svg`<svg width="4"><circle r="${1}"/></svg>`)["image/svg+xml"]).toBe(
    '<svg xmlns="http://www.w3.org/2000/svg" width="4"><circle r="1"/></svg>',
  );
  const whole = '<svg\n  xmlns="http://www.w3.org/2000/svg"></svg>';
  expect(mimeBundle(show.svg(whole))["image/svg+xml"]).toBe(whole);
  expect(() => show.svg("<circle/>")).toThrow('svg: there is no <svg> element in "<circle/>"');
});

test("markdown: a template keeps its backslashes and loses its indent", () => {
  const shown = show.markdown`
    # ${"Loss"}
    - $\nabla L$
      - inner
  `;
  expect(mimeBundle(shown)).toEqual({
    "text/markdown": "# Loss\n- $\\nabla L$\n  - inner",
    "text/plain": "# Loss\n- $\\nabla L$\n  - inner",
  });
});

test.each([
  [show.latex`\frac{1}{${2}}`, "$$\\frac{1}{2}$$"],
  [show.latex("$x$"), "$x$"],
  [show.latex(" \\[x\\] "), "\\[x\\]"],
  [show.latex("\\begin{align}x\\end{align}"), "\\begin{align}x\\end{align}"],
])("latex: %s is delimited once", (formula, text) => {
  expect(mimeBundle(formula)["text/latex"]).toBe(text);
});

const canvas = createCanvas(20, 10);
const file = canvas.toBuffer("image/png");
const picture = { "image/png": file.toString("base64"), "text/plain": `PNG, 20 × 10, ${file.length} bytes` };

test.each([
  ["the bytes of a file", file],
  ["its ArrayBuffer", Uint8Array.from(file).buffer],
  ["a part of a larger buffer", Buffer.concat([Buffer.alloc(7), file]).subarray(7)],
  ["a canvas", canvas],
])("png: %s, which shows as it is too", (_title, value) => {
  expect(mimeBundle(show.png(value))).toEqual(picture);
  expect(mimeBundle(value)).toEqual(picture);
});

test("images of other kinds show as what they are, and other bytes as bytes", () => {
  const jpeg = canvas.toBuffer("image/jpeg");
  expect(mimeBundle(jpeg)["image/jpeg"]).toBe(jpeg.toString("base64"));
  expect(mimeBundle(canvas.toBuffer("image/webp"))).toHaveProperty(["image/webp"]);
  expect(mimeBundle(Buffer.from("GIF89a and so on"))).toHaveProperty(["image/gif"]);
  expect(mimeBundle(new Uint8Array([1, 2]))).toEqual({ "text/plain": "Uint8Array(2) [ 1, 2 ]" });
  expect(() => show.png(jpeg)).toThrow("not the bytes of a PNG, but of image/jpeg");
  expect(() => show.png("picture.png" as never)).toThrow("fs.readFileSync");
});
