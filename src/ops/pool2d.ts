import type { PoolKind } from "../backend/backend.ts";
import type { Window } from "../backend/window.ts";
import type { Op } from "./op.ts";

export interface Pooling {
  readonly kind: PoolKind;
  readonly window: Window;
}

/**
 * y = the greatest, the sum or the average of each window. So dx is dy at the first element that reaches the
 * greatest, dy at every element of the sum, and dy over the window's size at every element of the average, added
 * up over the windows that hold the element.
 */
export const pool2d: Op<Pooling> = {
  name: "pool2d",
  forward: ([x], { kind, window }) => x.backend.pool2d(kind, x, window),
  backward: (gradient, [x], y, { kind, window }) => [
    () => gradient.backend.pool2dGradient(kind, gradient, x, y, window),
  ],
};
