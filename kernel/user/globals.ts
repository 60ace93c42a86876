/** Declarations of the names that cells have besides the package's own, as completion and inspection show them. */
import type { Comms } from "./comm.ts";
import type { DisplayHandle } from "./display.ts";
import type { Markup } from "./markup.ts";
import type { PromptOptions } from "./prompt.ts";

/**
 * Show a value now, while the cell runs, and keep a handle to replace it.
 * @example
 * const shown = display("starting");
 * shown.update("done");
 */
export declare function display(value: unknown): DisplayHandle;

/** Remove the output of this cell; with `wait`, only when the next output comes. */
export declare function clearOutput(wait?: boolean): void;

/**
 * Ask for a line of text and wait for it.
 * @throws Error where nobody can answer, as when a notebook runs unattended
 * @example
 * const name = prompt("Your name? ");
 */
export declare function prompt(message?: string, options?: PromptOptions): string;

/** Named two-way channels between a cell's code and the page. */
export declare const comm: Comms;

/**
 * Show HTML. In a template, values are written as text, and what `html` and `svg` made goes in as it is.
 * @example
 * html`<ul>${["a", "b"].map((name) => html`<li>${name}</li>`)}</ul>`;
 */
export declare function html(source: string | TemplateStringsArray, ...values: unknown[]): Markup;

/**
 * Show an SVG picture. Values of a template as in `html`.
 * @throws TypeError where there is no `<svg>` in it
 * @example
 * svg`<svg width="40" height="40"><circle cx="20" cy="20" r="${15}"/></svg>`;
 */
export declare function svg(source: string | TemplateStringsArray, ...values: unknown[]): Markup;

/**
 * Show Markdown. A template's backslashes stay, for formulas, and its common indent goes.
 * @example
 * markdown`The loss is **${0.25}**, and $\sigma(x) = 1 / (1 + e^{-x})$.`;
 */
export declare function markdown(source: string | TemplateStringsArray, ...values: unknown[]): Markup;

/**
 * Show a formula, on a line of its own unless it comes with delimiters such as `$…$`. A template's backslashes stay.
 * @example
 * latex`\frac{\partial L}{\partial w}`;
 */
export declare function latex(source: string | TemplateStringsArray, ...values: unknown[]): Markup;

/**
 * Show a PNG from the bytes of its file, or what a canvas holds.
 * @throws TypeError where they are none of a PNG
 * @example
 * png(fs.readFileSync("picture.png"));
 */
export declare function png(bytes: Uint8Array | ArrayBuffer | object): Markup;
