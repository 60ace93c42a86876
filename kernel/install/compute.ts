/**
 * How the library computes here, for `doctor`: it loads the WebAssembly kernels, which test themselves as they load, on the
 * Node that runs it, and prints their width and the number of threads as JSON.
 */
import { pathToFileURL } from "node:url";
import { computeEntry } from "../names.ts";

/** What the built package's module of kernels exports, as far as it is asked here. */
interface Compute {
  readonly simd: 128 | 256;
  readonly threads: { readonly threads: number };
}

const { simd, threads } = (await import(pathToFileURL(computeEntry).href)) as Compute;
console.log(JSON.stringify({ simd, threads: threads.threads }));
