import type { Backend, DType } from "./backend.ts";
import { reference } from "./reference/referenceBackend.ts";
import { wasm } from "./wasm/wasmBackend.ts";

/** Where arrays of a type live unless told otherwise. */
export function backendFor(dtype: DType): Backend {
  return dtype === "float64" ? reference : wasm;
}
