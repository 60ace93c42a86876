import type { ArrayBackend, MakeArray } from "../backend.ts";
import { offsets, pickedPlaces } from "../view.ts";
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

  write(x, view, into) {
    let index = 0;
    for (const offset of offsets(view)) into.data[offset] = x.data[index++];
  },

  pick(x, indices, axis) {
    const out = empty(indices.shape, x.dtype);
    const places = pickedPlaces(indices, axis, x.shape);
    for (let i = 0; i < out.size; i++) out.data[i] = x.data[places[i]];
    return out;
  },

  addPicked(x, indices, axis, shape) {
    const out = empty(shape, x.dtype);
    const places = pickedPlaces(indices, axis, shape);
    for (let i = 0; i < x.size; i++) out.data[places[i]] += x.data[i];
    return out;
  },
});
