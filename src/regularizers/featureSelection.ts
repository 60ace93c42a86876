import type { Tensor } from "../tensor/tensor.ts";
import { formatShape } from "../util/shape.ts";

/** What a weight matrix reads of its inputs. */
export interface FeatureSelection {
  /** Inputs with a weight other than 0, by index. */
  readonly selected: number[];
  /** Inputs all of whose weights are exactly 0: the layer ignores them. */
  readonly dropped: number[];
  /** Weights that are exactly 0, and the part they are of all. */
  readonly zeros: number;
  readonly fraction: number;
}

/**
 * Which inputs a layer still uses after L1: a feature is dropped when every weight from it is exactly 0.
 *
 * @param weight `[in, out]`, as `Linear` has it
 * @throws RangeError if it does not have two axes
 * @example
 * const { selected, fraction } = regularizers.featureSelection(layer.weight);
 */
export function featureSelection(weight: Tensor): FeatureSelection {
  if (weight.shape.length !== 2)
    throw new RangeError(`featureSelection: expected a weight [in, out], got ${formatShape(weight.shape)}`);
  const [inputs, outputs] = weight.shape;
  const { data } = weight.raw;
  const [selected, dropped]: [number[], number[]] = [[], []];
  let zeros = 0;
  for (let input = 0; input < inputs; input++) {
    let used = 0;
    for (let output = 0; output < outputs; output++) if (data[input * outputs + output] !== 0) used++;
    zeros += outputs - used;
    (used > 0 ? selected : dropped).push(input);
  }
  return { selected, dropped, zeros, fraction: weight.numel === 0 ? 0 : zeros / weight.numel };
}
