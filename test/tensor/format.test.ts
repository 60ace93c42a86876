import { expect, test } from "vitest";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";

const body = (x: Tensor): string => String(x).split("\n").slice(1).join("\n");

test("very large and very small numbers are written with an exponent, the others with four places", () => {
  expect(body(tensor([99_999.5, 100_000.5, 0.00011, 0.00005]))).toBe(
    "[99999.5000,   1.000e+5,     0.0001,   5.000e-5]",
  );
});

test("whole numbers have no places, ∞, NaN and −0 among them", () => {
  expect(body(tensor([1, Infinity, NaN, -0]))).toBe("[       1, Infinity,      NaN,       -0]");
});

test("each level of brackets stands one column further in", () => {
  expect(
    body(
      tensor([
        [[1], [2]],
        [[3], [4]],
      ]),
    ),
  ).toBe("[[[1],\n  [2]],\n [[3],\n  [4]]]");
});

test("only axes longer than what is shown of them lose their middle, and only in big tensors", () => {
  expect(body(Tensor.arange(200))).not.toContain("…");
  expect(body(Tensor.zeros([201]))).toBe("[0, 0, 0, …, 0, 0, 0]");
  expect(body(Tensor.zeros([40, 7])).split("\n")).toEqual([
    "[[0, 0, 0, 0, 0, 0, 0],",
    ...Array(2).fill(" [0, 0, 0, 0, 0, 0, 0],"),
    " …,",
    ...Array(2).fill(" [0, 0, 0, 0, 0, 0, 0],"),
    " [0, 0, 0, 0, 0, 0, 0]]",
  ]);
});

test("what is shown does not grow with an axis, and short axes may be many", () => {
  expect(body(Tensor.zeros([50_000_000], { dtype: "uint8" }))).toBe("[0, 0, 0, …, 0, 0, 0]");
  expect(body(Tensor.zeros([6, 6, 6, 6, 6, 6, 6]))).toMatch(/^\[{7}0/);
});
