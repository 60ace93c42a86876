import type { Tensor } from "../tensor/tensor.ts";
import { checkNonNegative } from "./options.ts";

/** `"inside"` the root: √(v + ε), the course's; `"outside"`: √v + ε. */
export type EpsilonPlacement = "inside" | "outside";

export interface EpsilonOptions {
  /** ε, which bounds the step where gradients vanish. */
  readonly epsilon?: number;
  /** `"inside"` the root: √(v + ε), the course's (default); `"outside"`: √v + ε, most papers' and PyTorch's. */
  readonly epsilonPlacement?: EpsilonPlacement;
}

/** @throws RangeError if ε < 0 or its place is unknown */
export function checkEpsilon(method: string, epsilon: number, placement: EpsilonPlacement): void {
  checkNonNegative(method, "epsilon", epsilon);
  if (placement !== "inside" && placement !== "outside") {
    throw new RangeError(
      `${method}: epsilonPlacement must be "inside" or "outside", got "${String(placement)}"`,
    );
  }
}

/** √(v + ε) or √v + ε. */
export function root(v: Tensor, epsilon: number, placement: EpsilonPlacement): Tensor {
  return placement === "inside" ? v.add(epsilon).sqrt() : v.sqrt().add(epsilon);
}
