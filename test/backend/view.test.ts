import { expect, test } from "vitest";
import { broadcastStrides, leadingOffsets, offsets } from "../../src/backend/view.ts";

test("offsets go through a view row by row", () => {
  expect([...offsets({ shape: [2, 3], strides: [1, 4], offset: 5 })]).toEqual([5, 9, 13, 6, 10, 14]);
  expect([...offsets({ shape: [], strides: [], offset: 3 })]).toEqual([3]);
});

test.each([[[0]], [[0, 3]], [[3, 0]], [[2, 0, 2]]])("a view of %j has no places", (shape) => {
  const view = { shape, strides: shape.map(() => 1), offset: 0 };
  expect([...offsets(view)]).toEqual([]);
  expect([...leadingOffsets(view)]).toEqual([]);
});

test("matrices begin where the leading axes say", () => {
  expect([...leadingOffsets({ shape: [2, 2, 9, 9], strides: [7, 3, 1, 1], offset: 1 })]).toEqual([
    1, 4, 8, 11,
  ]);
  expect([...leadingOffsets({ shape: [9], strides: [1], offset: 4 })]).toEqual([4]);
  expect([...leadingOffsets({ shape: [0, 2, 2], strides: [4, 2, 1], offset: 0 })]).toEqual([]);
});

test("an axis that is repeated has stride 0", () => {
  expect(broadcastStrides([2, 1, 3], [5, 2, 4, 3])).toEqual([0, 3, 0, 1]);
  expect(broadcastStrides([], [2])).toEqual([0]);
});
