import type { ArrayBackend, MakeArray } from "../backend.ts";
import { offsets } from "../view.ts";
import { ReferenceArray } from "./referenceArray.ts";

export const arrays = (empty: MakeArray): ArrayBackend => ({
  empty,

  from(data, shape, dtype) {
    const array = empty(shape, dtype);
    array.data.set(data);
    return array;
  },

  fill(x, value) {
    x.data.fill(value);
  },

  reshape: (x, shape) => new ReferenceArray(x.backend, shape, x.dtype, x.data),

  gather(x, view) {
    const out = empty(view.shape, x.dtype);
    let index = 0;
    for (const offset of offsets(view)) out.data[index++] = x.data[offset];
    return out;
  },

  scatter(x, view, shape) {
    const out = empty(shape, x.dtype);
    let index = 0;
    for (const offset of offsets(view)) out.data[offset] = x.data[index++];
    return out;
  },
});
