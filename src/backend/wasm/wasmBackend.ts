import type { Backend, MakeArray } from "../backend.ts";
import { arrays } from "./arrays.ts";
import { convolution } from "./convolution.ts";
import { elementwise } from "./elementwise.ts";
import { embedding } from "./embedding.ts";
import { normalization } from "./normalization.ts";
import { optimizers } from "./optimizers.ts";
import { pooling } from "./pooling.ts";
import { products } from "./products.ts";
import { recurrence } from "./recurrence.ts";
import { reduction } from "./reduction.ts";
import { softmaxFamily } from "./softmax.ts";
import { WasmArray } from "./wasmArray.ts";

const make: MakeArray = (shape, dtype) => {
  if (dtype === "float64")
    throw new TypeError("the WebAssembly backend has no float64; it is the reference's");
  return new WasmArray(wasm, shape, dtype);
};

/** float32 on WebAssembly with SIMD and threads. int32 and uint8 arrays live in the same memory. */
export const wasm: Backend = {
  name: "wasm",
  ...arrays(make),
  ...elementwise(make),
  ...reduction(make),
  ...products(make),
  ...convolution(make),
  ...pooling(make),
  ...softmaxFamily(make),
  ...normalization(make),
  ...embedding(make),
  ...recurrence(make),
  ...optimizers,
};
