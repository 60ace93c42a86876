/** A file of its own: each warning is given once a process, so nothing else may have used it up. */
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { binaryCrossEntropy, crossEntropy } from "../../src/losses/index.ts";
import { Linear, Sequential, Softmax } from "../../src/nn/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";

const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
beforeEach(() => warn.mockClear());
afterAll(() => warn.mockRestore());

test("what is in order is not warned of, however near it comes", () => {
  const logits = tensor([[2, -1, 0.5], [0.3, 0.1, -4]]); // prettier-ignore
  crossEntropy(logits, [0, 1]);
  crossEntropy(logits, tensor([[0.2, 0.3, 0.5], [0, 1, 0]])); // prettier-ignore
  // Each adds up to 1, but a softmax gives nothing below 0 or above 1.
  crossEntropy(tensor([[1.5, -0.5], [-1, 2]]), [0, 1]); // prettier-ignore
  // In [0, 1], but without adding up to 1.
  crossEntropy(tensor([[0.5, 0.25], [0.25, 0.25]]), [0, 1]); // prettier-ignore
  // The first alone could come from a softmax.
  crossEntropy(tensor([[0.5, 0.5], [0.5, 0.75]]), [0, 1]); // prettier-ignore
  // One class leaves nothing to choose.
  crossEntropy(Tensor.ones([4, 1]), [0, 0, 0, 0]);
  binaryCrossEntropy(Tensor.full([31], 0.5), new Array<number>(31).fill(1));
  const almost = Tensor.full([40], 0.5).add(tensor([1, ...new Array<number>(39).fill(0)]));
  binaryCrossEntropy(almost, new Array<number>(40).fill(1));
  // One example that adds up to 1, and examples of which only the first does.
  binaryCrossEntropy(tensor([[0.25, 0.75]]), tensor([[0, 1]]));
  binaryCrossEntropy(tensor([[0.25, 0.75], [0.25, 0.5]]), tensor([[0, 1], [1, 1]])); // prettier-ignore
  // One label an example, which is sure.
  binaryCrossEntropy(Tensor.ones([5, 1]), [1, 1, 1, 1, 1]);
  expect(warn).not.toHaveBeenCalled();
});

test("a softmax where several labels each ask for a sigmoid is told, with why", () => {
  const model = new Sequential(new Linear(4, 3), new Softmax());
  const labels = tensor([[1, 0, 1], [0, 1, 1]]); // prettier-ignore
  for (let step = 0; step < 3; step++) binaryCrossEntropy(model.forward(Tensor.randn([2, 4])), labels);
  expect(warn.mock.calls).toEqual([
    [
      "binaryCrossEntropy: the logits of each example lie in [0, 1] and add up to 1, as a softmax leaves them, under " +
        "which the labels of an example compete. It takes logits and applies a sigmoid to each, so leave out the " +
        "softmax at the end of the model",
    ],
  ]);
});

test("a softmax that is sure of everything is told like any other", () => {
  crossEntropy(tensor([[1, 0], [0, 1]]), [0, 1]); // prettier-ignore
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0][0]).toContain(
    "crossEntropy: the logits of each example lie in [0, 1] and add up to 1",
  );
});

test("a sigmoid that is sure of everything too", () => {
  binaryCrossEntropy(tensor(Array.from({ length: 32 }, (_, i) => i % 2)), new Array<number>(32).fill(1));
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0][0]).toContain("binaryCrossEntropy: all logits lie in [0, 1]");
});

test("labels that add up to less than 1 are told", () => {
  crossEntropy(tensor([[2, -1, 0.5]]), tensor([[0, 0.25, 0]]));
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0][0]).toContain("add up to 0.25, not 1");
});
