import { expect, test } from "vitest";
import { type NestedNumbers } from "../../src/tensor/nested.ts";
import { type Tensor, tensor } from "../../src/tensor/tensor.ts";

/** What test/reference/losses.py wrote about one call. */
export interface GoldenLoss {
  readonly prediction: NestedNumbers;
  readonly target: NestedNumbers;
  readonly reduction: "mean" | "sum" | "none";
  readonly value: NestedNumbers;
  readonly upstream: NestedNumbers;
  readonly gradient: NestedNumbers;
}

/** Value and gradient of a loss, in both widths, against what PyTorch computed. */
export function expectGolden<C extends GoldenLoss>(
  cases: readonly C[],
  loss: (prediction: Tensor, target: Tensor, golden: C) => Tensor,
  tolerance32 = 1e-6,
): void {
  test.each([
    ["float64", 1e-13],
    ["float32", tolerance32],
  ] as const)("%s: value and gradient equal PyTorch's", (dtype, tolerance) => {
    for (const golden of cases) {
      const prediction = tensor(golden.prediction, { dtype, requiresGrad: true });
      const value = loss(prediction, tensor(golden.target, { dtype }), golden);
      expectClose(value, golden.value, tolerance);
      value.mul(tensor(golden.upstream, { dtype })).sum().backward();
      expectClose(prediction.grad!, golden.gradient, tolerance);
    }
  });
}

function expectClose(actual: Tensor, expected: NestedNumbers, tolerance: number): void {
  const wanted = tensor(expected, { dtype: "float64" });
  expect(actual.shape).toEqual(wanted.shape);
  for (const [index, value] of wanted.data.entries())
    expect(Math.abs(actual.data[index] - value)).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(value)),
    );
}
