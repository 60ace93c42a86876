/** How values look: MIME bundles for the last expression, `display` and `clearOutput`. */
import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import type { MimeBundle, ToIo } from "../channel.ts";
import { currentCell } from "./cell.ts";
import type * as Globals from "./globals.ts";
import { imageBundle } from "./image.ts";
import { isTable, tableBundle } from "./table.ts";
import { asJson } from "./json.ts";

/** Any library's object can say how it is displayed by having this method. */
const jupyterDisplay = Symbol.for("Jupyter.display");

interface SelfDisplaying {
  [jupyterDisplay]?: () => MimeBundle;
  toHTML?: () => string;
  toMarkdown?: () => string;
}

/** What was shown, for showing something else in its place. */
export interface DisplayHandle {
  /** Jupyter's name for this output. */
  readonly id: string;
  /** Replace what was shown, in place. */
  update(value: unknown): void;
}

/** The value in every form it offers; plain text always. */
export function mimeBundle(value: unknown): MimeBundle {
  const own = (typeof value === "object" && value !== null) || typeof value === "function" ? value : {};
  const { [jupyterDisplay]: display, toHTML, toMarkdown } = own as SelfDisplaying;
  if (typeof display === "function") {
    const bundle = sendable(display.call(value), '[Symbol.for("Jupyter.display")]()');
    return "text/plain" in bundle ? bundle : { ...bundle, "text/plain": plainText(value) };
  }
  const image = imageBundle(value);
  if (image) return image;
  if (isTable(value)) return tableBundle(value);
  if (typeof toHTML === "function") {
    const text = typeof toMarkdown === "function" ? toMarkdown.call(value) : plainText(value);
    return sendable({ "text/html": toHTML.call(value), "text/plain": text }, "toHTML()");
  }
  return { "text/plain": plainText(value) };
}

/** The bundle that a value's own method returned, if Jupyter can show it. */
function sendable(bundle: unknown, method: string): MimeBundle {
  if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle) || bundle instanceof Promise)
    throw new TypeError(
      `${method} must return MIME types with their contents, as { "text/plain": "…" }, got ${plainText(bundle)}`,
    );
  const entries = Object.entries(bundle).map(([type, content]) => {
    if (typeof content === "string") return [type, content];
    if (type.startsWith("text/"))
      throw new TypeError(`${method}: ${type} must be a string, got ${plainText(content)}`);
    return [type, asJson(content, `${method}: ${type}`)];
  });
  return Object.fromEntries(entries) as MimeBundle;
}

/** As Node prints it, cut before it fills the page. */
export function plainText(value: unknown): string {
  return inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 });
}

export type Displays = Pick<typeof Globals, "display" | "clearOutput">;

export function createDisplays(post: (message: ToIo) => void): Displays {
  return {
    display(value) {
      const id = randomUUID();
      post({ type: "display", origin: currentCell().origin, id, data: mimeBundle(value) });
      return {
        id,
        update: (next) => post({ type: "update", origin: currentCell().origin, id, data: mimeBundle(next) }),
      };
    },
    clearOutput: (wait = false) => post({ type: "clear", origin: currentCell().origin, wait }),
  };
}
