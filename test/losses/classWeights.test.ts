import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { crossEntropy } from "../../src/losses/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import golden from "../reference/losses.json" with { type: "json" };
import { expectGradient, leaf } from "../support/gradient.ts";
import { expectGolden, type GoldenLoss } from "./golden.ts";

type Weighted = GoldenLoss & { kind: string; classWeights: number[] };

describe.each(["indices", "probabilities"])("crossEntropy with PyTorch's class weights, %s", (kind) => {
  const cases = (golden.weightedCrossEntropy as Weighted[]).filter((one) => one.kind === kind);
  expectGolden(cases, (logits, target, { reduction, classWeights }) =>
    crossEntropy(logits, kind === "indices" ? target.to("int32") : target, { reduction, classWeights }),
  );
});

test("gradient matches central differences, for indices and probabilities", () => {
  const classWeights = tensor([0.2, 3, 1]);
  const soft = tensor([
    [0.2, 0.5, 0.3],
    [1, 0, 0],
  ]);
  for (const labels of [[2, 1], soft])
    expectGradient((z) => crossEntropy(z, labels, { classWeights }), [leaf([2, 3], -4, 4)]);
});

test("weights of 1 change nothing; a class of weight 0 does not count", () => {
  const logits = tensor([
    [1, 2, -1],
    [0, 3, 1],
  ]);
  expect(crossEntropy(logits, [0, 2], { classWeights: [1, 1, 1] }).item()).toBeCloseTo(
    crossEntropy(logits, [0, 2]).item(),
    6,
  );
  expect(crossEntropy(logits, [0, 2], { classWeights: [0, 1, 5] }).item()).toBeCloseTo(
    crossEntropy(logits.slice(1), [2]).item(),
    6,
  );
});

describe("errors and warnings", () => {
  let warn: ReturnType<typeof vi.spyOn>;
  beforeEach(() => void (warn = vi.spyOn(console, "warn").mockImplementation(() => {})));
  afterEach(() => warn.mockRestore());
  const logits = Tensor.zeros([2, 3]);

  test.each([
    [
      () => crossEntropy(logits, [0, 1], { classWeights: [1, 2] }),
      "crossEntropy: classWeights [2] do not fit logits [2, 3]; give 3, one for each class",
    ],
    [
      () => crossEntropy(logits, [0, 1], { classWeights: [1, -2, 1] }),
      "crossEntropy: class weights must be >= 0, got -2 for class 1",
    ],
    [
      () => crossEntropy(logits, [0, 1], { classWeights: [0, 0, 1] }),
      "crossEntropy: every label of this batch is ignored or of a class with weight 0, so there is nothing to learn from",
    ],
    [
      () =>
        crossEntropy(
          logits,
          tensor([
            [1, 0, 0],
            [0, -0.5, 1.5],
          ]),
        ),
      "crossEntropy: one-hot labels and probabilities lie in [0, 1], got -0.5 for example 1",
    ],
    [() => crossEntropy(Tensor.zeros([0, 3]), []), "crossEntropy: the batch is empty, prediction [0, 3]"],
  ])("%#", (call, message) => expect(call).toThrow(message));

  test("softmaxed logits are told, once; ordinary ones are not", () => {
    crossEntropy(Tensor.randn([8, 3]), [0, 1, 2, 0, 1, 2, 0, 1]);
    crossEntropy(logits, [0, 1]);
    expect(warn).not.toHaveBeenCalled();
    const probabilities = Tensor.randn([2, 3]).softmax();
    for (let step = 0; step < 3; step++) crossEntropy(probabilities, [0, 1]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0][0]).toContain("leave out the softmax at the end of the model");
  });

  test("several labels an example are sent to binaryCrossEntropy", () => {
    crossEntropy(
      logits,
      tensor([
        [0.2, 0.3, 0.5],
        [0, 1, 0],
      ]),
    );
    expect(warn).not.toHaveBeenCalled();
    crossEntropy(
      logits,
      tensor([
        [1, 0, 1],
        [0, 1, 0],
      ]),
    );
    expect(warn.mock.calls).toEqual([
      [
        "crossEntropy: the labels of an example add up to 2, not 1. Where an example may have several labels or none, " +
          "each class is a question of its own: use binaryCrossEntropy, and a sigmoid in place of the softmax",
      ],
    ]);
  });
});
