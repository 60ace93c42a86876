import { describe, expect, test } from "vitest";
import { broadcastShapes, normalizeAxis } from "../../src/util/shape.ts";

describe("broadcastShapes", () => {
  test.each([
    [[2, 3], [3], [2, 3]],
    [
      [2, 1],
      [1, 3],
      [2, 3],
    ],
    [[], [4], [4]],
    [
      [0, 3],
      [1, 1],
      [0, 3],
    ],
    [
      [5, 1, 4],
      [3, 1],
      [5, 3, 4],
    ],
  ])("%j with %j gives %j", (left, right, result) => {
    expect(broadcastShapes("add", left, right)).toEqual(result);
    expect(broadcastShapes("add", right, left)).toEqual(result);
  });

  test("the error names the operation, both shapes and the axis", () => {
    expect(() => broadcastShapes("mul", [2, 3], [4, 3])).toThrow(
      "mul: cannot broadcast [2, 3] with [4, 3] (axis 0: 2 against 4)",
    );
  });
});

describe("normalizeAxis", () => {
  test("negative axes count from the end", () => expect(normalizeAxis("sum", -1, 3)).toBe(2));

  test("the error says which axes there are", () => {
    expect(() => normalizeAxis("sum", 2, 2)).toThrow("sum: no axis 2 in 2 dimensions; use -2 to 1");
    expect(() => normalizeAxis("sum", 0, 0)).toThrow("sum: a scalar has no axis 0");
  });
});
