import type { RawArray, View } from "../backend/backend.ts";
import type { Op } from "./op.ts";
import { filled } from "./scalar.ts";

/** The last step of each sequence, [B, T, H] → [B, H]; the gradient of all others is 0. */
export const lastStep: Op = {
  name: "lastStep",
  forward: ([x]) => x.backend.gather(x, lastRows(x)),
  backward: (gradient, [x]) => [
    () => {
      const whole = filled(gradient, x.shape, 0);
      gradient.backend.write(gradient, lastRows(x), whole);
      return whole;
    },
  ],
};

function lastRows({ shape: [batch, times, size] }: RawArray): View {
  return { shape: [batch, size], strides: [times * size, 1], offset: (times - 1) * size };
}
