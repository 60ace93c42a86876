/** Where the preloaded names come from; all of the kernel needs to agree on it. */
import { fileURLToPath } from "node:url";

/** The kernel's own built folder. */
export const kernelFolder: string = fileURLToPath(new URL("./", import.meta.url));

/** The compiler's process, and V8's picture of it as it stands when all is loaded: made for one Node, perhaps not at all. */
export const compilerProgram: string = fileURLToPath(new URL("./compiler.cjs", import.meta.url));
export const compilerSnapshot: string = fileURLToPath(new URL("./compiler.blob", import.meta.url));

/** Where V8 keeps the code of the modules that kernels load, if it may write there. */
export const compiledCode: string = fileURLToPath(new URL("./compiled", import.meta.url));

/** The built package's entry, by which the kernel meets the library. */
export const packageEntry: string = fileURLToPath(new URL("../src/index.js", import.meta.url));

/** Where the built package chooses the WebAssembly kernels that it computes with. */
export const computeEntry: string = fileURLToPath(new URL("../src/backend/wasm/kernels.js", import.meta.url));

/** Exports for kernels and libraries, of no use in a cell. */
export const unpreloadedExports: ReadonlySet<string> = new Set(["connectHost", "jupyterDisplay"]);

/**
 * What tells a cell's own `process` or `Error` from everybody's, in emitted code: a zero width joiner, so that V8's
 * messages show the name as it was written.
 */
const mark = "\u200d";

export const spelledApart = (name: string): string => name + mark;

/** The text with names as they were written. */
export const asWritten = (text: string): string => text.replaceAll(mark, "");

/** The object through which emitted cells call the kernel. */
export const hooksName = "__gradbook__";
