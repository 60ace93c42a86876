/** `html svg markdown latex png`: values that Jupyter shows as what they are. */
import type { MimeBundle } from "../channel.ts";
import { imageBundle } from "./image.ts";
import type * as Globals from "./globals.ts";

/** Something to show: the last value of a cell, or an argument of `display`. */
export interface Markup {
  /** The source, or what the picture is. */
  toString(): string;
}

const jupyterDisplay = Symbol.for("Jupyter.display");
const inspectCustom = Symbol.for("nodejs.util.inspect.custom");

/** Markup that goes into other markup as it is. */
class Shown implements Markup {
  readonly #bundle: MimeBundle;

  constructor(bundle: MimeBundle) {
    this.#bundle = bundle;
  }

  toString(): string {
    return String(this.#bundle["text/plain"]);
  }

  [inspectCustom](): string {
    return this.toString();
  }

  [jupyterDisplay](): MimeBundle {
    return this.#bundle;
  }
}

type Source = string | TemplateStringsArray;

/** The text of a call or of a template; in a template each value is put in by `write`. */
function sourceOf(
  name: string,
  source: Source,
  values: unknown[],
  parts: (template: TemplateStringsArray) => readonly string[],
  write: (value: unknown) => string,
): string {
  if (typeof source === "string") return source;
  if (!Array.isArray(source) || !("raw" in source))
    throw new TypeError(`${name}: takes a string or a template, as ${name}\`…\`, got ${typeof source}`);
  return parts(source).reduce((text, part, index) => text + write(values[index - 1]) + part);
}

const cooked = (template: TemplateStringsArray): readonly string[] => template;
const raw = (template: TemplateStringsArray): readonly string[] => template.raw;

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A value inside HTML or SVG: markup as it is, lists item by item, anything else as text. */
function asMarkup(value: unknown): string {
  if (value === undefined || value === null || value === false) return "";
  if (Array.isArray(value)) return value.map(asMarkup).join("");
  if (value instanceof Shown) return value.toString();
  return String(value).replace(/[&<>"']/g, (character) => escapes[character]!);
}

export const html: typeof Globals.html = (source, ...values) => {
  const text = sourceOf("html", source, values, cooked, asMarkup);
  return new Shown({ "text/html": text, "text/plain": text });
};

export const svg: typeof Globals.svg = (source, ...values) => {
  const text = sourceOf("svg", source, values, cooked, asMarkup);
  // JupyterLab shows it as a picture, which without its namespace is none.
  const picture = text.replace(/<svg(?![^>]*\sxmlns=)/, '<svg xmlns="http://www.w3.org/2000/svg"');
  if (!picture.includes("<svg"))
    throw new TypeError(`svg: there is no <svg> element in ${JSON.stringify(text.slice(0, 60))}`);
  return new Shown({ "image/svg+xml": picture, "text/plain": text });
};

export const markdown: typeof Globals.markdown = (source, ...values) => {
  const text = withoutIndent(sourceOf("markdown", source, values, raw, String));
  return new Shown({ "text/markdown": text, "text/plain": text });
};

export const latex: typeof Globals.latex = (source, ...values) => {
  const text = sourceOf("latex", source, values, raw, String).trim();
  const delimited = /^(\$|\\\(|\\\[|\\begin\b)/.test(text) ? text : `$$${text}$$`;
  return new Shown({ "text/latex": delimited, "text/plain": text });
};

export const png: typeof Globals.png = (bytes) => {
  const found = imageBundle(bytes);
  if (!found || !("image/png" in found))
    throw new TypeError(
      `png: these are not the bytes of a PNG${found ? `, but of ${Object.keys(found)[0]}; as the value of a cell they show as they are` : ""}. ` +
        'Read them with fs.readFileSync("picture.png"), without an encoding',
    );
  return new Shown(found);
};

/** Markdown takes a line that is indented for code: what a template's lines have in common goes. */
function withoutIndent(text: string): string {
  const lines = text.split("\n");
  const indents = lines.slice(1).flatMap((line) => (line.trim() === "" ? [] : [/^ */.exec(line)![0].length]));
  const common = indents.length > 0 ? Math.min(...indents) : 0;
  return lines
    .map((line, index) => (index === 0 ? line.trimStart() : line.slice(common)))
    .join("\n")
    .trim();
}
