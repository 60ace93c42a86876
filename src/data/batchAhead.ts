import { Tensor } from "../tensor/tensor.ts";
import type { Images, Recipe, Transform } from "./augment/images.ts";
import { augmentAhead } from "./augmentAhead.ts";
import type { Batch } from "./dataset.ts";

/** A batch that was begun before its turn, and may turn out not to be wanted. */
export interface BatchAhead {
  /** The batch, or the error that making it meets. */
  finish(): Batch;
  cancel(): void;
}

/**
 * Begin to augment the inputs of a batch in another thread. Until it is finished it holds plain numbers and no tensor,
 * since a scope around the step at hand must not free what belongs to a later one.
 */
export function batchAhead(
  batch: Batch,
  augment: Transform,
  recipe: Recipe,
  seed: number,
  ahead: number,
): BatchAhead {
  const { inputs, ...others } = batch;
  const images = new Numbers(inputs) as Images;
  const parts = Object.entries(others).map(([name, part]) => [name, takenOut(part)] as const);
  const augmenting = augmentAhead(augment, recipe, images, seed, ahead);
  return {
    finish() {
      const { data, shape } = augmenting.finish();
      const rest = Object.fromEntries(parts.map(([name, part]) => [name, putBack(part)]));
      return { ...(rest as unknown as Batch), inputs: Tensor.from(data, shape) };
    },
    cancel: () => augmenting.cancel(),
  };
}

/** The numbers of a tensor, which is freed. */
class Numbers {
  readonly data: Tensor["data"];
  readonly shape: Tensor["shape"];

  constructor(tensor: Tensor) {
    this.data = tensor.data;
    this.shape = tensor.shape;
    tensor.dispose();
  }
}

const takenOut = (part: unknown): unknown => (part instanceof Tensor ? new Numbers(part) : part);
const putBack = (part: unknown): unknown =>
  part instanceof Numbers ? Tensor.from(part.data, part.shape) : part;
