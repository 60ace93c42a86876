/** How values look: MIME bundles for the last expression, `display` and `clearOutput`. */
import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import type { MimeBundle, ToIo } from "../channel.ts";
import { currentCell } from "./cell.ts";
import type * as Globals from "./globals.ts";

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
    const bundle = display.call(value);
    return "text/plain" in bundle ? bundle : { ...bundle, "text/plain": plainText(value) };
  }
  if (typeof toHTML === "function") {
    const text = typeof toMarkdown === "function" ? toMarkdown.call(value) : plainText(value);
    return { "text/html": toHTML.call(value), "text/plain": text };
  }
  return { "text/plain": plainText(value) };
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
