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
import { ReferenceArray } from "./referenceArray.ts";
import { softmaxFamily } from "./softmax.ts";

const make: MakeArray = (shape, dtype) => new ReferenceArray(reference, shape, dtype);

/**
 * Plain TypeScript, one element at a time: slow, and obvious enough to be believed. It is the oracle of the
 * WebAssembly backend at float32, and the float64 of gradient checks.
 */
export const reference: Backend = {
  name: "reference",
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
