import { describe, expect, test } from "vitest";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";

const x = tensor([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
const int32 = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "int32" });

describe("moving elements", () => {
  test("concat, stack, pad, flip, slice with a step, gather, expand", () => {
    expect(Tensor.concat([x, x.slice(0, 1)]).toArray()).toEqual([[1, 2, 3], [4, 5, 6], [1, 2, 3]]); // prettier-ignore
    expect(Tensor.concat([x, x.slice(2, 3, 1)], -1).toArray()).toEqual([[1, 2, 3, 3], [4, 5, 6, 6]]); // prettier-ignore
    expect(Tensor.stack([tensor([1, 2]), tensor([3, 4])], -1).toArray()).toEqual([[1, 3], [2, 4]]); // prettier-ignore
    expect(
      tensor([1, 2])
        .pad([[1, 2]], 9)
        .toArray(),
    ).toEqual([9, 1, 2, 9, 9]);
    expect(x.flip(-1).toArray()).toEqual([[3, 2, 1], [6, 5, 4]]); // prettier-ignore
    expect(x.slice(0, undefined, 1, 2).toArray()).toEqual([[1, 3], [4, 6]]); // prettier-ignore
    expect(x.gather(1, int32([[2], [0]])).toArray()).toEqual([[3], [4]]);
    expect(tensor([1, 2]).expand([2, -1]).toArray()).toEqual([[1, 2], [1, 2]]); // prettier-ignore
  });

  test.each(["uint8", "int32"] as const)("%s keeps its type", (dtype) => {
    const bytes = tensor([[250, 6, 1], [3, 4, 2]], { dtype }); // prettier-ignore
    const results: [Tensor, unknown][] = [
      [Tensor.concat([bytes, bytes], 1), [[250, 6, 1, 250, 6, 1], [3, 4, 2, 3, 4, 2]]],
      [Tensor.stack([bytes.slice(0, 1), bytes.slice(1)], 2), [[[250, 3], [6, 4], [1, 2]]]],
      [bytes.pad([[0, 1], [1, 0]], 7), [[7, 250, 6, 1], [7, 3, 4, 2], [7, 7, 7, 7]]],
      [bytes.flip([0, 1]), [[2, 4, 3], [1, 6, 250]]],
      [bytes.slice(0, 3, 1, 2), [[250, 1], [3, 2]]],
      [bytes.gather(0, int32([[1, 0, 1]])), [[3, 6, 2]]],
      [bytes.expand([1, 2, 3]), [[[250, 6, 1], [3, 4, 2]]]],
      [bytes.where(bytes.greater(3), 0), [[250, 6, 0], [0, 4, 0]]],
    ]; // prettier-ignore
    for (const [moved, expected] of results) {
      expect(moved.dtype).toBe(dtype);
      expect(moved.toArray()).toEqual(expected);
    }
  });

  test("mixed types meet where their arithmetic would", () => {
    const mixed = Tensor.concat([int32([1]), tensor([0.5]), tensor(Float64Array.of(0.1))]);
    expect(mixed.dtype).toBe("float64");
    expect(mixed.toArray()).toEqual([1, 0.5, 0.1]);
    expect(Tensor.concat([int32([1]), tensor([0.5])]).dtype).toBe("float32");
  });

  test("gather of float64, and of an element picked twice", () => {
    const y = tensor(Float64Array.of(0.1, 0.2), { requiresGrad: true });
    const picked = y.gather(0, int32([1, 1, 0]));
    expect(picked.toArray()).toEqual([0.2, 0.2, 0.1]);
    picked
      .mul(tensor([1, 10, 100]))
      .sum()
      .backward();
    expect(y.grad!.toArray()).toEqual([100, 11]);
  });

  test("oneHot", () => {
    expect(int32([2, 0]).oneHot(3).toArray()).toEqual([[0, 0, 1], [1, 0, 0]]); // prettier-ignore
    expect(tensor(Uint8Array.of(1)).oneHot(2).toArray()).toEqual([[0, 1]]);
    expect(int32([]).oneHot(2).shape).toEqual([0, 2]);
    expect(int32([[0, 1]]).oneHot(2).shape).toEqual([1, 2, 2]);
  });

  test("large views move in the same order as small ones", () => {
    const images = tensor(Uint8Array.from({ length: 5 * 7 * 6 * 3 }, (_, i) => i % 251)).reshape([
      5, 7, 6, 3,
    ]);
    const cut = images.slice(1, 4).slice(2, 6, 1).slice(0, 6, 2, 3).permute([3, 0, 2, 1]);
    const expected = [0, 1, 2].flatMap((c) =>
      [1, 2, 3].flatMap((n) =>
        [0, 3].flatMap((w) => [2, 3, 4, 5].map((h) => (((n * 7 + h) * 6 + w) * 3 + c) % 251)),
      ),
    );
    expect(cut.shape).toEqual([3, 3, 2, 4]);
    expect([...cut.data]).toEqual(expected);
  });
});

test.each<[string, () => Tensor]>([
  ["slice: step must be an integer >= 1, got -1; flip() reverses an axis", () => x.slice(0, 2, 0, -1)],
  ["expand: [2, 3] does not repeat to [2, 6]; only axes of size 1 can be repeated", () => x.expand([2, 6])],
  ["expand: [2, 3] does not repeat to [3]", () => x.expand([3])],
  ["expand: sizes must be integers >= 0, got [-1, 2, 3]", () => x.expand([-1, 2, 3])],
  ["flip: [0, -2] names an axis of [2, 3] twice", () => x.flip([0, -2])],
  ["sum: [1, 1] names an axis of [2, 3] twice", () => x.sum([1, 1])],
  ["pad: needs [before, after] for each axis of [2, 3], got 1 pair; give [0, 0]", () => x.pad([[1, 1]])],
  ["pad: axis 1 needs [before, after], integers >= 0, got [-1, 0]", () => x.pad([[0, 0], [-1, 0]])], // prettier-ignore
  ["Tensor.concat: needs at least one tensor", () => Tensor.concat([])],
  ["Tensor.concat: tensor 1 is [3, 3], tensor 0 [2, 3]; all sizes but that of axis 1 must agree", () => Tensor.concat([x, Tensor.zeros([3, 3])], 1)],
  ["Tensor.concat: tensor 1 is [3], tensor 0 [2, 3]", () => Tensor.concat([x, tensor([1, 2, 3])])],
  ["Tensor.stack: tensor 1 is [3, 2], tensor 0 [2, 3]; all must agree", () => Tensor.stack([x, x.transpose()])],
  ["gather: indices must be int32, got float32; use tensor(indices, { dtype: \"int32\" })", () => x.gather(0, x)],
  ["gather: index 3 (element 1) is not in axis 1 of [2, 3]; indices go from 0 to 2", () => x.gather(1, int32([[0, 3]]))],
  ["gather: index -1 (element 0)", () => x.gather(1, int32([[-1]]))],
  ["gather: indices [3, 1] do not fit [2, 3]; they need as many axes, none longer but axis 1", () => x.gather(1, int32([[0], [0], [0]]))],
  ["gather: indices [1] do not fit [2, 3]", () => x.gather(1, int32([0]))],
  ["oneHot: indices must be int32, got float32", () => x.oneHot(3)],
  ["oneHot: index 2 (element 0) is not in 2 classes", () => int32([2]).oneHot(2)],
  ["oneHot: classes must be an integer >= 1, got 0", () => int32([0]).oneHot(0)],
  ["where: cannot broadcast [2, 3] with [2]", () => x.where(x, tensor([1, 2]))],
  ["where: expected a Tensor as condition", () => Tensor.where(true as never, x, 0)],
  ["pow: expected a Tensor or a number, got string", () => x.pow("2" as never)],
])("%s", (message, work) => expect(work).toThrow(message)); // prettier-ignore
