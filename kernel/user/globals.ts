/** Declarations of the names that cells have besides the package's own, as completion and inspection show them. */
import type { Comms } from "./comm.ts";
import type { DisplayHandle } from "./display.ts";
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
