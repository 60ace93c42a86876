import type { RawArray } from "../backend/backend.ts";
import type { Op } from "./op.ts";
import { filled } from "./scalar.ts";
import type { Lengths } from "./sequence.ts";

/** The last step of each sequence, [B, T, H] → [B, H], or that at its own length; the gradient of all others is 0. */
export const lastStep: Op<Lengths> = {
  name: "lastStep",
  forward([x], lengths) {
    const [batch, , size] = x.shape;
    const last = x.backend.empty([batch, size], x.dtype);
    const [from, to] = [x.data, last.data];
    for (let row = 0; row < batch; row++) {
      const start = lastOf(x, row, lengths);
      to.set(from.subarray(start, start + size), row * size);
    }
    return last;
  },
  backward: (gradient, [x], _last, lengths) => [
    () => {
      const [batch, size] = gradient.shape;
      const whole = filled(gradient, x.shape, 0);
      const [from, to] = [gradient.data, whole.data];
      for (let row = 0; row < batch; row++)
        to.set(from.subarray(row * size, (row + 1) * size), lastOf(x, row, lengths));
      return whole;
    },
  ],
};

/** Where the row's last step begins. */
const lastOf = ({ shape: [, times, size] }: RawArray, row: number, lengths: Lengths): number =>
  (row * times + (lengths?.[row] ?? times) - 1) * size;
