import type { RawArray } from "../backend/backend.ts";

/**
 * A differentiable operation over raw arrays. An operation without a gradient does not compile: `backward` is part
 * of the type.
 */
export interface Op<Options = void> {
  readonly name: string;
  /** `backward` overwrites what `forward` saved, so that it can run only once. */
  readonly overwritesSaved?: true;
  /**
   * The result. All inputs lie on one backend, and their shapes have been checked. What `backward` will need beside
   * inputs and output goes into `saved`, which the tape then owns; it is missing where nothing is recorded.
   */
  forward(inputs: readonly RawArray[], options: Options, saved?: RawArray[]): RawArray;
  /**
   * Given the gradient of the output, one function per input that makes the gradient of that input, in its shape;
   * only those that somebody needs are called. `undefined` where there is none, as for labels.
   */
  backward(
    gradient: RawArray,
    inputs: readonly RawArray[],
    output: RawArray,
    options: Options,
    saved: readonly RawArray[],
  ): readonly ((() => RawArray) | undefined)[];
}
