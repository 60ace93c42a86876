import { describe, expect, test } from "vitest";
import type { Op } from "../../src/ops/index.ts";
import { apply, Tensor, tensor } from "../../src/tensor/tensor.ts";
import { generator } from "../../src/random/index.ts";

describe("making and reading", () => {
  test("nested numbers give shape and values back", () => {
    const x = tensor([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
    expect(x.shape).toEqual([2, 3]);
    expect(x.dtype).toBe("float32");
    expect(x.numel).toBe(6);
    expect(x.size(-1)).toBe(3);
    expect(x.toArray()).toEqual([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
    expect(tensor(3).item()).toBe(3);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor([true, false]).toArray()).toEqual([1, 0]);
  });

  test("typed arrays keep their type, and `dtype` decides otherwise", () => {
    expect(tensor(Int32Array.of(1, 2)).dtype).toBe("int32");
    expect(tensor(Uint8Array.of(255)).dtype).toBe("uint8");
    expect(tensor(Float64Array.of(0.1)).item()).toBe(0.1);
    expect(tensor([1.7], { dtype: "int32" }).item()).toBe(1);
  });

  test.each([
    [[[1, 2], [3]], "tensor: lists of one level must have one length, got 2 and 1 (level 1 of [2, 2])"],
    [[[1], 2], "tensor: a number stands where level 1 of [2, 1] needs a list"],
    [["a"], "tensor: expected numbers, got string"],
  ])("%j is refused", (nested, message) => {
    expect(() => tensor(nested as never)).toThrow(message);
  });

  test("factories", () => {
    expect(Tensor.zeros([2]).toArray()).toEqual([0, 0]);
    expect(Tensor.ones([1, 2]).toArray()).toEqual([[1, 1]]);
    expect(Tensor.eye(2).toArray()).toEqual([[1, 0], [0, 1]]); // prettier-ignore
    expect(Tensor.arange(4).toArray()).toEqual([0, 1, 2, 3]);
    expect(Tensor.arange(1, 0, -0.5).toArray()).toEqual([1, 0.5]);
    expect(Tensor.linspace(0, 1, 3).toArray()).toEqual([0, 0.5, 1]);
    expect(
      Tensor.uniform([100], 2, 3, { generator: generator(1) })
        .min()
        .item(),
    ).toBeGreaterThanOrEqual(2);
    expect(() => Tensor.from([1, 2], [3])).toThrow("Tensor.from: 2 values do not fill [3]");
    expect(() => Tensor.zeros([-1])).toThrow("Tensor.zeros: sizes must be integers >= 0, got [-1]");
    expect(() => Tensor.zeros([1], { dtype: "int32", requiresGrad: true })).toThrow(
      "only float32 and float64",
    );
  });

  test("`data` is a copy", () => {
    const x = tensor([1, 2]);
    x.data[0] = 9;
    expect(x.toArray()).toEqual([1, 2]);
  });

  test("a tensor prints its shape, type and numbers; the middle of a big one is left out", () => {
    expect(String(tensor([[1, 2.5], [-3, 0]]))).toBe("Tensor [2, 2] float32\n[[ 1.0000,  2.5000],\n [-3.0000,       0]]"); // prettier-ignore
    expect(String(tensor([1, 2], { dtype: "int32" }))).toBe("Tensor [2] int32\n[1, 2]");
    expect(String(tensor(2))).toBe("Tensor float32 2");
    expect(String(Tensor.arange(1000))).toBe("Tensor [1000] float32\n[  0,   1,   2, …, 997, 998, 999]");
    expect(String(Tensor.zeros([0, 3]))).toBe("Tensor [0, 3] float32");
  });
});

describe("arithmetic", () => {
  test("integers become float32, float32 meets float64 in float64", () => {
    expect(tensor(Int32Array.of(1, 2)).div(2).toArray()).toEqual([0.5, 1]);
    const mixed = tensor([1]).add(tensor(Float64Array.of(0.1)));
    expect(mixed.dtype).toBe("float64");
    expect(mixed.item()).toBe(1.1);
  });

  test("gradients pass from float64 back to float32", () => {
    const x = tensor([2], { requiresGrad: true });
    x.to("float64").mul(3).sum().backward();
    expect(x.grad!.dtype).toBe("float32");
    expect(x.grad!.toArray()).toEqual([3]);
  });

  test("matmul errors name both shapes", () => {
    const a = Tensor.zeros([2, 3]);
    expect(() => a.matmul(Tensor.zeros([4, 5]))).toThrow(
      "matmul: inner sizes differ, [2, 3] @ [4, 5] (3 against 4)",
    );
    expect(() => a.add(Tensor.zeros([2]))).toThrow(
      "add: cannot broadcast [2, 3] with [2] (axis 1: 3 against 2)",
    );
    expect(() => a.add("1" as never)).toThrow("add: expected a Tensor or a number, got string");
    expect(() => a.reshape([4, -1])).toThrow("reshape: 6 elements of [2, 3] do not fill [4, -1]");
    expect(() => a.clamp(2, 1)).toThrow("clamp: low must be <= high, got 2 and 1");
    expect(() => a.permute([0, 0])).toThrow("permute: [0, 0] must name each axis of [2, 3] once");
    expect(() => Tensor.zeros([0]).max()).toThrow("max: [0] has no elements");
    expect(() => Tensor.zeros([0]).min()).toThrow("min: [0] has no elements");
    expect(() => Tensor.zeros([0]).argmax()).toThrow("argmax: [0] has no elements");
    expect(() => Tensor.zeros([2, 0]).max(1)).toThrow("max: [2, 0] has no elements along axis 1");
    expect(() => Tensor.zeros([2, 0]).argmin(-1)).toThrow("argmin: [2, 0] has no elements along axis 1");
    expect(() => a.reshape([-2, -3])).toThrow("reshape: 6 elements of [2, 3] do not fill [-2, -3]");
    expect(() => a.reshape([1.5, 4])).toThrow("do not fill [1.5, 4]");
    expect(() => a.permute([0])).toThrow("permute: [0] must name each axis of [2, 3] once");
    expect(() => tensor([1]).transpose()).toThrow("transpose: needs two dimensions or more, got [1]");
    expect(() => a.slice(0.5)).toThrow("slice: start and end must be integers, got 0.5");
    expect(() => a.slice(0, NaN)).toThrow("slice: start and end must be integers, got 0 and NaN");
    expect(() => a.sum(0.5)).toThrow("sum: no axis 0.5 in 2 dimensions; use -2 to 1");
    expect(() => a.sum(-3)).toThrow("sum: no axis -3");
    expect(() => a.item()).toThrow("item: needs one element, got [2, 3]; use toArray()");
  });

  test("argmax gives int32 places", () => {
    const x = tensor([[1, 9, 3], [7, 2, 7]]); // prettier-ignore
    expect(x.argmax(1).toArray()).toEqual([1, 0]);
    expect(x.argmax(0, true).toArray()).toEqual([[1, 0, 1]]);
    expect(x.argmax().item()).toBe(1);
  });
});

describe("slice", () => {
  const x = Tensor.arange(4);
  test.each([
    [1, 3, [1, 2]],
    [-2, undefined, [2, 3]],
    [-9, 2, [0, 1]],
    [2, 9, [2, 3]],
    [3, 1, []],
    [9, 12, []],
    [0, -9, []],
  ])("%s to %s of four", (start, end, values) => {
    expect(x.slice(start, end).toArray()).toEqual(values);
  });
});

describe("every rank and type", () => {
  test("integers and bytes move, and add up as float32", () => {
    for (const dtype of ["int32", "uint8"] as const) {
      const x = tensor([[250, 6, 1], [3, 4, 2]], { dtype }); // prettier-ignore
      const moved = x.transpose().slice(1).reshape([4]);
      expect(moved.dtype).toBe(dtype);
      expect(moved.toArray()).toEqual([6, 4, 1, 2]);
      expect(x.permute([1, 0]).slice(0, 1).sum().item()).toBe(253);
      expect(x.sum(0).dtype).toBe("float32");
    }
  });

  test("scalars", () => {
    const x = tensor(3);
    expect(x.permute([]).reshape([1, 1]).sum().add(x).mul(x).reshape([]).item()).toBe(18);
    expect([x.max().item(), x.argmax().item(), x.mean().item()]).toEqual([3, 0, 3]);
    expect(() => x.softmax()).toThrow("softmax: a scalar has no axis -1");
  });

  test("keepDims keeps the rank, also over all elements", () => {
    const x = Tensor.ones([2, 3]);
    expect(x.sum(undefined, true).toArray()).toEqual([[6]]);
    expect(x.mean(-1, true).toArray()).toEqual([[1], [1]]);
  });

  test("axes of size 0 and 1", () => {
    expect(Tensor.zeros([2, 0]).softmax().shape).toEqual([2, 0]);
    expect(Tensor.zeros([0, 3]).logSoftmax(0).shape).toEqual([0, 3]);
    expect(
      tensor([[5, -5]])
        .softmax(0)
        .toArray(),
    ).toEqual([[1, 1]]);
    expect(
      tensor([[5], [-5]])
        .logSoftmax()
        .toArray(),
    ).toEqual([[0], [0]]);
    expect(Tensor.zeros([2, 0]).sum(1).toArray()).toEqual([0, 0]);
    expect(Tensor.zeros([2, 0, 3]).matmul(Tensor.zeros([3, 4])).shape).toEqual([2, 0, 4]);
    expect(
      Tensor.zeros([1, 2, 0])
        .matmul(Tensor.zeros([0, 1]))
        .toArray(),
    ).toEqual([[[0], [0]]]);
  });

  test("float64 taken to float32 computes with other float32 as float32", () => {
    const x = tensor(Float64Array.of(0.1))
      .to("float32")
      .add(tensor([1]));
    expect(x.dtype).toBe("float32");
    expect(x.item()).toBe(Math.fround(Math.fround(0.1) + 1));
  });
});

describe("backward: errors", () => {
  test("a second backward over one graph is named", () => {
    const loss = tensor([1], { requiresGrad: true }).mul(2).sum();
    loss.backward();
    expect(() => loss.backward()).toThrow("the graph of this scalar was already used (at sum)");
  });

  test("a vector, and a graph without leaves that need gradients", () => {
    expect(() => tensor([1, 2], { requiresGrad: true }).mul(1).backward()).toThrow("needs a scalar, got [2]");
    expect(() => tensor([1]).sum().backward()).toThrow("nothing here requires a gradient");
  });
});

describe("memory", () => {
  test("what a graph held is free again one backward later", () => {
    const w = tensor([1, 2, 3], { requiresGrad: true });
    const step = (): void => {
      w.mul(2).tanh().add(1).sum().backward();
      w.grad = null;
    };
    step();
    step();
    const { tensors } = Tensor.memory();
    // The losses themselves stay readable; everything else comes back.
    for (let i = 0; i < 10; i++) step();
    expect(Tensor.memory().tensors - tensors).toBeLessThanOrEqual(10);
  });

  test("intermediate results are readable until the next backward, then freed by name", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const hidden = w.mul(2);
    hidden.sum().backward();
    expect(hidden.toArray()).toEqual([2, 4]);
    const kept = hidden.detach();
    w.mul(3).sum().backward();
    expect(() => hidden.toArray()).toThrow("Tensor [2] was freed by a later backward()");
    expect(kept.toArray()).toEqual([2, 4]);
  });

  test("scope frees all but what it returns, parameters and gradients", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    tensor(1, { requiresGrad: true }).neg().backward(); // frees what the tests above left
    const before = Tensor.memory().tensors;
    let lost: Tensor | undefined;
    const { loss } = Tensor.scope(() => {
      lost = w.mul(2);
      const result = { loss: lost.sum() };
      result.loss.backward();
      return result;
    });
    expect(loss.item()).toBe(6);
    expect(w.grad!.toArray()).toEqual([2, 2]);
    expect(() => lost!.toArray()).toThrow("was freed by the end of its Tensor.scope");
    expect(Tensor.memory().tensors).toBe(before + 2);
  });

  test("an inner scope's result belongs to the outer scope", () => {
    const before = Tensor.memory().tensors;
    Tensor.scope(() => {
      Tensor.scope(() => tensor([1]).add(1)).add(1);
    });
    expect(Tensor.memory().tensors).toBe(before);
  });

  test("scope and noGrad refuse async work, and free what a throwing scope made", () => {
    expect(() => Tensor.scope(async () => {})).toThrow("Tensor.scope: the function must not be async");
    expect(() => Tensor.noGrad(async () => {})).toThrow("Tensor.noGrad: the function must not be async");
    const before = Tensor.memory().tensors;
    expect(() =>
      Tensor.scope(() => {
        tensor([1]);
        throw new Error("mine");
      }),
    ).toThrow("mine");
    expect(Tensor.memory().tensors).toBe(before);
  });

  test("dispose and `using` free at once; a reshape keeps the memory it shares", () => {
    const before = Tensor.memory().tensors;
    {
      using x = tensor([1, 2]);
      const y = x.reshape([2, 1]);
      x.dispose();
      expect(y.toArray()).toEqual([[1], [2]]);
      expect(String(x)).toBe("Tensor [2] float32 (freed)");
      y.dispose();
    }
    expect(Tensor.memory().tensors).toBe(before);
  });

  test("an operation beyond 4 GiB is refused by its name, forward and backward", () => {
    const [column, row] = [Tensor.ones([60_000, 1]), Tensor.ones([1, 60_000])];
    expect(() => column.add(row)).toThrow(/^add: out of memory: 14400000000 bytes/);
    const greedy: Op = {
      name: "greedy",
      forward: ([x]) => x.backend.unary("neg", x),
      backward: (_gradient, [x]) => [() => x.backend.empty([70_000, 70_000], "float32")],
    };
    const y = apply(greedy, [tensor(1, { requiresGrad: true })]);
    expect(() => y.backward()).toThrow(/^the gradient of greedy: out of memory: 19600000000 bytes/);
  });

  test("a tensor beyond 4 GiB is refused with its size", () => {
    expect(() => Tensor.zeros([70_000, 70_000])).toThrow(
      /^Tensor\.zeros: out of memory: 19600000000 bytes more than the \d+ in use pass the 4 GiB/,
    );
  });
});
