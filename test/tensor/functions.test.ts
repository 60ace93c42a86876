import { expect, test } from "vitest";
import { linear, softmaxCrossEntropy } from "../../src/tensor/functions.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";

test("linear names the shapes that do not fit", () => {
  const x = Tensor.ones([2, 3]);
  const weight = Tensor.ones([3, 4]);
  expect(() => linear(Tensor.ones([3, 2]), weight)).toThrow(
    "linear: input [3, 2] does not fit weights [3, 4] (last axis 2 against 3)",
  );
  expect(() => linear(tensor(1), weight)).toThrow("(last axis missing against 3)");
  expect(() => linear(x, Tensor.ones([3]))).toThrow("linear: weights must be [in, out], got [3]");
  expect(() => linear(x, weight, Tensor.ones([1]))).toThrow(
    "linear: bias [1] does not fit weights [3, 4]; it must be [4]",
  );
});

test("linear takes vectors, leading axes, and no features at all", () => {
  const weight = tensor([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
  expect(linear(tensor([1, 1]), weight, tensor([1, 0, 0])).toArray()).toEqual([6, 7, 9]);
  expect(linear(tensor([[[1, 0]], [[0, 1]]]), weight).toArray()).toEqual([[[1, 2, 3]], [[4, 5, 6]]]);
  expect(linear(Tensor.ones([2, 1, 0]), Tensor.ones([0, 2]), tensor([1, 2])).toArray()).toEqual([
    [[1, 2]],
    [[1, 2]],
  ]);
});

test("linear over integers is float32, and memory comes back", () => {
  const x = tensor(Int32Array.of(1, 2, 3, 4)).reshape([2, 1, 2]);
  const weight = tensor(Int32Array.of(1, 1)).reshape([2, 1]);
  const before = Tensor.memory().tensors;
  {
    using y = linear(x, weight);
    expect(y.dtype).toBe("float32");
    expect(y.toArray()).toEqual([[[3]], [[7]]]);
  }
  expect(Tensor.memory().tensors).toBe(before);
});

test("softmaxCrossEntropy of one class is 0, with gradient 0", () => {
  const logits = tensor([[1], [-2]], { requiresGrad: true });
  const losses = softmaxCrossEntropy(logits, tensor(Int32Array.of(0, 0)));
  expect(losses.toArray()).toEqual([0, 0]);
  losses.sum().backward();
  expect(logits.grad!.toArray()).toEqual([[0], [0]]);
});
