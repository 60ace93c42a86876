import { DataLoader, TensorDataset } from "../../src/data/index.ts";
import { meanSquaredError } from "../../src/losses/index.ts";
import { Linear } from "../../src/nn/index.ts";
import { SGD } from "../../src/optim/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import type { FitOptions } from "../../src/train/index.ts";

const point = (y: number): TensorDataset =>
  new TensorDataset({ data: Float32Array.of(1), shape: [1, 1] }, { data: Float32Array.of(y), shape: [1, 1] });

/** The one weight of `drift` after each epoch: it makes an eighth of its way to 3 each time, without a rounding. */
export const driftWeights = [0.375, 0.703125, 0.990234375, 1.241455078125, 1.461273193359375];

/**
 * One weight w, from 0, taught (w − 3)² one step an epoch, and held against (w − 1)²: the validation loss falls
 * until w has passed 1, after the third epoch, and rises from then on.
 */
export function drift(): { model: Linear; options: Omit<FitOptions, "epochs"> & { optimizer: SGD } } {
  const model = new Linear(1, 1, { bias: false, init: (shape) => Tensor.zeros(shape) });
  return {
    model,
    options: {
      data: new DataLoader(point(3)),
      validation: point(1),
      loss: meanSquaredError,
      optimizer: new SGD(model.parameters(), { learningRate: 1 / 16 }),
      progress: false,
    },
  };
}
