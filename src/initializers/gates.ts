import { formatShape, type Shape } from "../util/shape.ts";
import type { Fans } from "./initializer.ts";

/**
 * The hidden size that the bias `[gates · hidden]` of a recurrent layer belongs to.
 * @throws RangeError unless it is the bias of `gates` gates, each with fanOut columns
 */
export function hiddenSizeOf(name: string, gates: number, shape: Shape, fans: Fans | undefined): number {
  const size = fans?.fanOut ?? shape[0] / gates;
  if (shape.length !== 1 || shape[0] !== gates * size || !Number.isInteger(size))
    throw new RangeError(
      `${name}: makes the bias [${gates} · hidden] of a recurrent layer with ${gates} gates, got ${formatShape(shape)}` +
        (fans ? ` with ${fans.fanOut} hidden units` : ""),
    );
  return size;
}
