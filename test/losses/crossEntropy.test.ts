import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { crossEntropy } from "../../src/losses/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";

type Reduction = "mean" | "sum" | "none";

interface Golden {
  logits: number[][];
  indices: number[];
  ignoring: number[];
  probabilities: number[][];
  cases: {
    kind: "indices" | "ignoring" | "probabilities";
    reduction: Reduction;
    loss: number[];
    gradient: number[][];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL("../reference/crossEntropy.json", import.meta.url), "utf8"),
) as Golden;

const expectAllClose = (found: ArrayLike<number>, expected: readonly number[], tolerance: number): void => {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, index) =>
    expect(Math.abs(found[index] - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value))),
  );
};

describe.each(golden.cases)("$kind, $reduction", ({ kind, reduction, loss, gradient }) => {
  test.each([
    ["float64", 1e-13],
    ["float32", 1e-6],
  ] as const)(
    "%s: loss and gradient equal PyTorch's within %d, logits of ±1000 included",
    (dtype, tolerance) => {
      const logits = tensor(golden.logits, { dtype, requiresGrad: true });
      const labels = kind === "probabilities" ? tensor(golden.probabilities, { dtype }) : golden[kind];
      const result = crossEntropy(logits, labels, { reduction });
      expect(result.shape).toEqual(reduction === "none" ? [5] : []);
      expectAllClose(result.data, loss, tolerance);
      result.sum().backward();
      expectAllClose(logits.grad!.data, gradient.flat(), tolerance);
    },
  );

  test("gradient matches central differences", () => {
    const chosen = golden[kind].slice(0, 4);
    const target = kind === "probabilities" ? tensor(chosen, { dtype: "float64" }) : (chosen as number[]);
    const values = golden.logits.slice(0, 4).flat();
    const upstream = tensor(reduction === "none" ? [0.3, -1.2, 0.7, 2] : 1.7, { dtype: "float64" });
    const objective = (at: number[], requiresGrad = false): [Tensor, Tensor] => {
      const logits = Tensor.from(Float64Array.from(at), [4, 4], { dtype: "float64", requiresGrad });
      return [crossEntropy(logits, target, { reduction }).mul(upstream).sum(), logits];
    };
    const [value, logits] = objective(values, true);
    value.backward();
    const h = 1e-6;
    values.forEach((_, index) => {
      const shifted = (by: number): number =>
        objective(values.map((each, place) => (place === index ? each + by : each)))[0].item();
      expect(logits.grad!.data[index]).toBeCloseTo((shifted(h) - shifted(-h)) / (2 * h), 7);
    });
  });
});

test("number array, Int32Array, int32 tensor and one-hot give the same loss", () => {
  const logits = tensor([
    [2, 0, -1],
    [0, 3, 1],
  ]);
  const expected = crossEntropy(logits, [0, 2]).item();
  expect(crossEntropy(logits, Int32Array.of(0, 2)).item()).toBe(expected);
  expect(crossEntropy(logits, tensor([0, 2], { dtype: "int32" })).item()).toBe(expected);
  const oneHot = tensor([
    [1, 0, 0],
    [0, 0, 1],
  ]);
  expect(crossEntropy(logits, oneHot).item()).toBeCloseTo(expected, 6);
});

test("equal logits cost log C, sure and right ones nothing, sure and wrong ones their distance", () => {
  expect(crossEntropy(Tensor.zeros([3, 10]), [0, 5, 9]).item()).toBeCloseTo(Math.log(10), 6);
  expect(crossEntropy(tensor([[1e4, -1e4]]), [0]).item()).toBe(0);
  expect(crossEntropy(tensor([[1e4, -1e4]]), [1]).item()).toBe(2e4);
});

test("sequences [batch, time, C]: each step is an example, for indices and probabilities", () => {
  const logits = Tensor.randn([2, 3, 4], { requiresGrad: true });
  const indices = tensor(
    [
      [0, 3, 1],
      [2, 2, 0],
    ],
    { dtype: "int32" },
  );
  const [flat, rows] = [logits.detach().reshape([6, 4]), indices.reshape([6])];
  for (const reduction of ["mean", "sum"] as const)
    expect(crossEntropy(logits, indices, { reduction }).item()).toBe(
      crossEntropy(flat, rows, { reduction }).item(),
    );
  const each = crossEntropy(logits, indices, { reduction: "none" });
  expect(each.shape).toEqual([2, 3]);
  expect(each.data).toEqual(crossEntropy(flat, rows, { reduction: "none" }).data);
  expect(crossEntropy(logits, indices.oneHot(4)).item()).toBeCloseTo(crossEntropy(flat, rows).item(), 6);
  crossEntropy(logits, indices).backward();
  expect(logits.grad!.shape).toEqual([2, 3, 4]);
  expect(() => crossEntropy(logits, [0, 3, 1, 2, 2, 0])).toThrow(
    "crossEntropy: labels [6] do not fit logits [2, 3, 4]; give a tensor of class indices [2, 3], or one [2, 3, 4]",
  );
  expect(() => crossEntropy(Tensor.zeros([0, 3, 4]), Tensor.zeros([0, 3], { dtype: "int32" }))).toThrow(
    "crossEntropy: the batch is empty, prediction [0, 3, 4]",
  );
});

describe("ignored labels", () => {
  const logits = tensor([
    [2, 0, 0],
    [0, 3, 0],
    [0, 0, 1],
  ]);

  test("another index may be the ignored one, and class weights go beside it", () => {
    const others = crossEntropy(logits.slice(0, 2), [0, 2]).item();
    expect(crossEntropy(logits, [0, 2, -1], { ignoreIndex: -1 }).item()).toBeCloseTo(others, 6);
    const classWeights = [0.2, 3, 1];
    expect(crossEntropy(logits, [0, 2, 1], { ignoreIndex: 1, classWeights }).item()).toBeCloseTo(
      crossEntropy(logits.slice(0, 2), [0, 2], { classWeights }).item(),
      6,
    );
    expect(() => crossEntropy(logits, [0, 2, -100], { ignoreIndex: -1 })).toThrow("label -100 at index 2");
  });

  test("labels that are given stay as they are", () => {
    const labels = tensor([0, -100, 1], { dtype: "int32" });
    crossEntropy(logits, labels);
    expect([...labels.data]).toEqual([0, -100, 1]);
  });

  test("where nothing counts there is no mean; the sum is 0", () => {
    const nothing = [-100, -100, -100];
    expect(() => crossEntropy(logits, nothing)).toThrow("every label of this batch is ignored");
    expect(crossEntropy(logits, nothing, { reduction: "sum" }).item()).toBe(0);
    expect([...crossEntropy(logits, nothing, { reduction: "none" }).data]).toEqual([0, 0, 0]);
  });
});

describe("errors say what does not fit", () => {
  const logits = Tensor.zeros([2, 3]);
  test.each([
    [() => crossEntropy(Tensor.zeros([3]), [0]), "crossEntropy: logits must be [N, C], got [3]"],
    [
      () => crossEntropy(logits, [0]),
      "crossEntropy: labels [1] do not fit logits [2, 3]; give 2 class indices or a tensor [2, 3]",
    ],
    [
      () => crossEntropy(logits, Tensor.zeros([2, 4])),
      "crossEntropy: labels [2, 4] do not fit logits [2, 3]; give 2 class indices or a tensor [2, 3]",
    ],
    [
      () => crossEntropy(logits, [0, 3]),
      "crossEntropy: label 3 at index 1 is not a class of logits [2, 3]; labels are integers from 0 to 2",
    ],
    [
      () => crossEntropy(logits, [0.5, 1]),
      "crossEntropy: label 0.5 at index 0 is not a class of logits [2, 3]; labels are integers from 0 to 2",
    ],
    [
      () => crossEntropy(logits, tensor([0, -1], { dtype: "int32" })),
      "crossEntropy: label -1 at index 1 is not a class of logits [2, 3]; labels are integers from 0 to 2",
    ],
    [
      () => crossEntropy(logits, tensor([0, 1])),
      'crossEntropy: a tensor of class indices must be int32, got float32; make it with tensor(labels, { dtype: "int32" }), or give a plain array',
    ],
    [
      () => crossEntropy(logits, [0, 1], { reduction: "average" as never }),
      'crossEntropy: reduction must be "mean", "sum" or "none", got "average"',
    ],
  ])("%#", (call, message) => {
    expect(call).toThrow(message);
  });
});
