import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { binaryCrossEntropy } from "../../src/losses/index.ts";
import { Linear, Sequential, Sigmoid } from "../../src/nn/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import golden from "../reference/losses.json" with { type: "json" };
import { expectGradient, leaf } from "../support/gradient.ts";
import { expectGolden, type GoldenLoss } from "./golden.ts";

type Weighted = GoldenLoss & { positiveWeight: number | number[] | null };

/** Binary cross-entropy under a golden case's weights. */
const weighted = (logits: Tensor, labels: Tensor, { reduction, positiveWeight }: Weighted): Tensor =>
  binaryCrossEntropy(logits, labels, { reduction, ...(positiveWeight !== null && { positiveWeight }) });

describe("with PyTorch's pos_weight, soft labels and logits of ±1000", () => {
  expectGolden(golden.binaryCrossEntropy as Weighted[], weighted);

  test("gradients of logits and labels match central differences", () => {
    for (const positiveWeight of [1, [0.3, 2, 5]])
      expectGradient(
        (z, y) => binaryCrossEntropy(z, y, { positiveWeight }),
        [leaf([2, 3], -6, 6), leaf([2, 3], 0.1, 0.9, 2)],
      );
  });
});

test("two classes: labels as list, Int32Array, int32 or float tensor, for logits [N] and [N, 1]", () => {
  const labels = [1, 0, 1];
  const expected = binaryCrossEntropy(tensor([2, -1, 0]), tensor([1, 0, 1])).item();
  for (const logits of [tensor([2, -1, 0]), tensor([[2], [-1], [0]])])
    for (const given of [labels, Int32Array.from(labels), tensor(labels, { dtype: "int32" }), tensor(labels)])
      expect(binaryCrossEntropy(logits, given).item()).toBe(expected);
});

test("a logit of 0 costs ln 2 and pulls halfway; sure and right costs next to nothing, to the last digit", () => {
  const zero = tensor([0, 0], { requiresGrad: true });
  const loss = binaryCrossEntropy(zero, [0, 1], { reduction: "none" });
  for (const value of loss.data) expect(value).toBeCloseTo(Math.LN2, 7);
  loss.sum().backward();
  expect(zero.grad!.toArray()).toEqual([0.5, -0.5]);
  const sure = binaryCrossEntropy(tensor([20, -20]), [1, 0], { reduction: "none" });
  for (const value of sure.data) expect(value / Math.log1p(Math.exp(-20))).toBeCloseTo(1, 6);
  expect(binaryCrossEntropy(tensor([-1e30]), [1]).item()).toBe(Math.fround(1e30));
});

describe("errors and warnings", () => {
  let warn: ReturnType<typeof vi.spyOn>;
  beforeEach(() => void (warn = vi.spyOn(console, "warn").mockImplementation(() => {})));
  afterEach(() => warn.mockRestore());

  test.each([
    [
      () => binaryCrossEntropy(Tensor.zeros([3, 2]), [0, 1, 0]),
      "binaryCrossEntropy: labels [3] do not fit logits [3, 2]; give each logit a label",
    ],
    [
      () => binaryCrossEntropy(Tensor.zeros([2]), [0, 2]),
      "binaryCrossEntropy: the label 2 at index 1 lies outside [0, 1]; more than two classes are for crossEntropy",
    ],
    [
      () => binaryCrossEntropy(Tensor.zeros([2]), tensor([-1, 1])),
      "binaryCrossEntropy: the label -1 at index 0 lies outside [0, 1]; write −1 and 1 as 0 and 1",
    ],
    [
      () => binaryCrossEntropy(Tensor.zeros([0, 1]), []),
      "binaryCrossEntropy: the batch is empty, prediction [0, 1]",
    ],
    [
      () => binaryCrossEntropy(Tensor.zeros([2, 3]), Tensor.zeros([2, 3]), { positiveWeight: [1, 2] }),
      "binaryCrossEntropy's positiveWeight: cannot broadcast [2, 3] with [2] (axis 1: 3 against 2)",
    ],
    [
      () =>
        binaryCrossEntropy(Tensor.zeros([1, 3]), Tensor.zeros([1, 3]), {
          positiveWeight: Tensor.ones([2, 3]),
        }),
      "binaryCrossEntropy: positiveWeight [2, 3] does not fit logits [1, 3]; give a number, or one for each class",
    ],
    [
      () => binaryCrossEntropy(Tensor.zeros([2]), [0, 1], { positiveWeight: -1 }),
      "binaryCrossEntropy: a positiveWeight must be >= 0",
    ],
  ])("%#", (call, message) => expect(call).toThrow(message));

  test("probabilities in the place of logits are told, once", () => {
    const probabilities = Tensor.randn([64]).sigmoid();
    const labels = Tensor.zeros([64]);
    binaryCrossEntropy(Tensor.randn([64]), labels);
    binaryCrossEntropy(tensor([0.5, 0.1]), [0, 1]);
    expect(warn).not.toHaveBeenCalled();
    // A discriminator at a loss: logits of a layer without a sigmoid, which lie in [0, 1] by chance.
    const layer = new Linear(1, 1, { init: (shape) => Tensor.full(shape, 0.3) });
    for (const shape of [[64, 1], [64]])
      binaryCrossEntropy(layer.forward(Tensor.ones([64, 1])).reshape(shape), labels);
    expect(warn).not.toHaveBeenCalled();
    binaryCrossEntropy(new Sequential(layer, new Sigmoid()).forward(Tensor.ones([64, 1])), labels);
    expect(warn).toHaveBeenCalledTimes(1);
    for (let step = 0; step < 3; step++) binaryCrossEntropy(probabilities, labels);
    expect(warn.mock.calls).toEqual([
      [
        "binaryCrossEntropy: all logits lie in [0, 1] and look like probabilities; it takes logits, so leave out " +
          "the sigmoid at the end of the model",
      ],
    ]);
  });
});
