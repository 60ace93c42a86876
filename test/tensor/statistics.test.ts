import { expect, test } from "vitest";
import { describeNumbers } from "../../src/tensor/statistics.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import { jupyterDisplay } from "../../src/util/host.ts";

test.each([
  [[1, 2, 3, 4, 5], "mean 3 · standard deviation 1.5811 · from 1 to 5"],
  [[-0.5, 0.25], "mean -0.1250 · standard deviation 0.5303 · from -0.5000 to 0.2500"],
  [[7], "mean 7 · from 7 to 7"],
  [
    [1, NaN, 3, Infinity, -Infinity, NaN],
    "mean 2 · standard deviation 1.4142 · from 1 to 3 · 2 NaN · 2 infinite",
  ],
  [[NaN], "1 NaN"],
  [[], ""],
])("%j: %s", (values, text) => {
  expect(describeNumbers(values)).toBe(text);
});

test("a small spread about a large mean keeps its digits", () => {
  expect(describeNumbers([1e9 + 1, 1e9 + 2, 1e9 + 3])).toContain("standard deviation 1 ·");
});

test("a tensor of more than four numbers shows its statistics between heading and preview", () => {
  expect(Tensor.arange(5)[jupyterDisplay]()).toEqual({
    "text/plain": "Tensor [5] float32\nmean 2 · standard deviation 1.5811 · from 0 to 4\n[0, 1, 2, 3, 4]",
  });
  expect(tensor([1, 2, 3, 4])[jupyterDisplay]()).toEqual({
    "text/plain": "Tensor [4] float32\n[1, 2, 3, 4]",
  });
  expect(Tensor.zeros([0, 9])[jupyterDisplay]()).toEqual({ "text/plain": "Tensor [0, 9] float32" });
});

test("the statistics are those of the tensor's own reductions", () => {
  const x = Tensor.randn([1000], { dtype: "float64" });
  const [mean, deviation] = [x.mean(), x.standardDeviation()].map((each) => each.item().toFixed(4));
  expect(describeNumbers(x.data)).toContain(`mean ${mean} · standard deviation ${deviation} · `);
});
