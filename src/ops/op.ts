import type { RawArray } from "../backend/backend.ts";

/**
 * A differentiable operation over raw arrays. An operation without a gradient does not compile: `backward` is part
 * of the type.
 */
export interface Op<Options = void> {
  readonly name: string;
  /** The result. All inputs lie on one backend, and their shapes have been checked. */
  forward(inputs: readonly RawArray[], options: Options): RawArray;
  /**
   * Given the gradient of the output, one function per input that makes the gradient of that input, in its shape;
   * only those that somebody needs are called. `undefined` where there is none, as for labels.
   */
  backward(
    gradient: RawArray,
    inputs: readonly RawArray[],
    output: RawArray,
    options: Options,
  ): readonly ((() => RawArray) | undefined)[];
}
