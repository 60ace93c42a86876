/** Where the preloaded names come from; both threads need to agree on it. */
import { fileURLToPath } from "node:url";

/** The built package's entry, by which the kernel meets the library. */
export const packageEntry: string = fileURLToPath(new URL("../src/index.js", import.meta.url));

/** Exports for kernels and libraries, of no use in a cell. */
export const unpreloadedExports: ReadonlySet<string> = new Set(["connectHost", "jupyterDisplay"]);

/** The object through which emitted cells call the kernel. */
export const hooksName = "__gradbook__";
