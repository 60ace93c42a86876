import { describe, expect, test } from "vitest";
import type { Op } from "../../src/ops/index.ts";
import { apply, Tensor, tensor } from "../../src/tensor/tensor.ts";

const weights = (): Tensor => tensor([1, 2], { requiresGrad: true });

describe("backward", () => {
  test("a leaf that is itself the loss receives 1", () => {
    const x = tensor(3, { requiresGrad: true });
    x.backward();
    expect(x.grad!.item()).toBe(1);
  });

  test("an operation waits for the gradients of all that used its result, whichever is found first", () => {
    const x = tensor(2, { requiresGrad: true });
    const losses = [(h: Tensor) => h.mul(3).add(h), (h: Tensor) => h.add(h.mul(3))];
    for (const loss of losses) {
      loss(x.mul(x)).backward();
      expect(x.grad!.item()).toBe(16);
      x.grad = null;
    }
  });

  test("the same tensor as both operands collects both gradients", () => {
    const x = weights();
    x.div(x).add(x.sub(x)).add(x.maximum(x)).sum().backward();
    expect(x.grad!.toArray()).toEqual([1, 1]);
  });

  test("a float32 leaf has its gradient in float32, beside its own gradients, even where float64 joined", () => {
    const [x, wide] = [weights(), tensor(Float64Array.of(1, 2))];
    x.mul(wide).sum().backward();
    expect(x.grad!.raw.backend).toBe(x.raw.backend);
    x.mul(3).sum().backward();
    expect(x.grad!.toArray()).toEqual([4, 5]);
    x.grad = null;
    x.to("float64").mul(wide).sum().add(x.mul(3).sum()).backward();
    expect(x.grad!.toArray()).toEqual([4, 5]);
  });

  test("two leaves of one sum each collect, whichever has a gradient already", () => {
    for (const first of [0, 1, 2]) {
      const leaves = [weights(), weights()];
      if (first < 2) leaves[first].sum().backward();
      for (let pass = 0; pass < 3; pass++) leaves[0].add(leaves[1]).sum().backward();
      const collected = leaves.map((leaf) => leaf.grad!.toArray());
      expect(collected).toEqual([0, 1].map((place) => (place === first ? [4, 4] : [3, 3])));
      leaves[0].grad = null;
      expect(leaves[1].grad!.toArray()).toEqual(collected[1]);
    }
  });

  test("empty leaves receive empty gradients", () => {
    const x = Tensor.zeros([0, 3], { requiresGrad: true });
    x.softmax()
      .mul(2)
      .add(Tensor.ones([3]))
      .sum()
      .backward();
    expect(x.grad!.shape).toEqual([0, 3]);
  });
});

describe("recording", () => {
  test("an inner noGrad leaves the outer one in force", () => {
    const x = weights();
    Tensor.noGrad(() => {
      Tensor.noGrad(() => {});
      expect(x.mul(2).requiresGrad).toBe(false);
    });
    expect(x.mul(2).requiresGrad).toBe(true);
  });

  test("noGrad that throws leaves recording on", () => {
    expect(() =>
      Tensor.noGrad(() => {
        throw new Error("mine");
      }),
    ).toThrow("mine");
    expect(weights().mul(2).requiresGrad).toBe(true);
  });

  test("integers carry no gradient", () => {
    expect(weights().to("int32").requiresGrad).toBe(false);
  });
});

describe("what a scope must not free", () => {
  test("leaves that require gradients, made inside", () => {
    let made: Tensor | undefined;
    Tensor.scope(() => {
      made = weights();
    });
    expect(made!.toArray()).toEqual([1, 2]);
  });

  test("gradients, summed over two calls of backward inside", () => {
    const x = weights();
    Tensor.scope(() => {
      x.mul(2).sum().backward();
      x.mul(3).sum().backward();
    });
    expect(x.grad!.toArray()).toEqual([5, 5]);
  });

  test("a gradient that the work assigned", () => {
    const x = weights();
    Tensor.scope(() => {
      x.grad = tensor([7, 8]);
    });
    expect(x.grad!.toArray()).toEqual([7, 8]);
  });

  test("results in lists and plain objects, at any depth", () => {
    const { list } = Tensor.scope(() => ({ list: [[tensor([1])], tensor([2])] as const }));
    expect([list[0][0].item(), list[1].item()]).toEqual([1, 2]);
  });

  test("what an inner scope returned, until the outer one ends", () => {
    const before = Tensor.memory().tensors;
    const sum = Tensor.scope(() => {
      const inner = Tensor.scope(() => tensor([1]).add(1));
      Tensor.scope(() => {});
      return inner.add(1);
    });
    expect(sum.item()).toBe(3);
    expect(Tensor.memory().tensors).toBe(before + 1);
  });
});

test("the end of a scope frees float64 too", () => {
  let lost: Tensor | undefined;
  Tensor.scope(() => {
    lost = tensor(Float64Array.of(1));
  });
  lost!.dispose();
  expect(() => lost!.item()).toThrow("was freed by the end of its Tensor.scope");
});

describe("gradients as values", () => {
  test("assigning the gradient that is there keeps it", () => {
    const x = weights();
    x.sum().backward();
    // oxlint-disable-next-line no-self-assign
    x.grad = x.grad;
    expect(x.grad!.toArray()).toEqual([1, 1]);
  });

  test("one of another shape is refused with both shapes", () => {
    expect(() => (weights().grad = tensor([1]))).toThrow("grad: [1] is not the shape [2] of the tensor");
  });
});

describe("memory comes back when results are disposed of", () => {
  const [matrix, cube] = [Tensor.ones([2, 2]), Tensor.ones([2, 2, 2])];
  const integers = tensor(Int32Array.of(1, 2, 3, 4)).reshape([2, 2]);
  const wide = tensor(Float64Array.of(1, 2, 3, 4)).reshape([2, 2]);
  const works: Record<string, () => Tensor> = {
    "a number as operand": () => matrix.add(1),
    "integers as operands": () => integers.mul(integers),
    "integers and float64": () => integers.matmul(wide),
    "integers to argmax": () => integers.argmax(0),
    mean: () => matrix.mean(0),
    clamp: () => matrix.clamp(0, 1),
    "matmul with leading axes": () => cube.matmul(matrix),
    "matmul of integers with leading axes": () => integers.reshape([1, 2, 2]).matmul(integers),
    "softmax over the first axis": () => integers.softmax(0),
  };
  test.each(Object.entries(works))("%s", (_name, work) => {
    using rehearsal = work();
    expect(rehearsal.numel).toBeGreaterThan(0);
    const before = Tensor.memory().tensors;
    for (let i = 0; i < 5; i++) work().dispose();
    expect(Tensor.memory().tensors - before).toBe(0);
  });

  test("and of an operation that refused its operands", () => {
    const other = Tensor.zeros([3]);
    const before = Tensor.memory().tensors;
    expect(() => integers.add(other)).toThrow("cannot broadcast");
    expect(() => integers.add("1" as never)).toThrow("expected a Tensor");
    expect(Tensor.memory().tensors).toBe(before);
  });

  test("a leaf takes its gradient with it; gradients that were added up are freed", () => {
    const before = Tensor.memory().tensors;
    const x = weights();
    for (let i = 0; i < 3; i++) {
      using loss = x.sum();
      loss.backward();
    }
    expect(Tensor.memory().tensors).toBe(before + 2);
    x.dispose();
    expect(Tensor.memory().tensors).toBe(before);
  });

  test("twice over is once", () => {
    const x = tensor([1, 2]);
    using view = x.reshape([2, 1]);
    const before = Tensor.memory().tensors;
    x.dispose();
    x.dispose();
    expect(Tensor.memory().tensors).toBe(before);
    expect(view.toArray()).toEqual([[1], [2]]);
    expect(() => x.reshape([1, 2])).toThrow("was freed by dispose()");
  });
});

test("the first who freed a tensor is the one that is named, float64 too", () => {
  for (const x of [tensor([1]), tensor(Float64Array.of(1))]) {
    Tensor.scope(() => x.dispose());
    x.dispose();
    expect(() => x.item()).toThrow("was freed by dispose()");
  }
});

describe("what an operation saves for its gradient", () => {
  /** y = x², which saves 2x. */
  const square: Op = {
    name: "square",
    forward: ([x], _options, saved) => {
      saved?.push(x.backend.binary("add", x, x));
      return x.backend.binary("mul", x, x);
    },
    backward: (gradient, _inputs, _output, _options, [doubled]) => [
      () => gradient.backend.binary("mul", gradient, doubled),
    ],
  };

  test("reaches it, and is freed when back-propagation has passed", () => {
    const x = tensor(3, { requiresGrad: true });
    const before = Tensor.memory().tensors;
    const y = apply(square, [x]);
    expect(Tensor.memory().tensors).toBe(before + 2);
    y.backward();
    expect(x.grad!.item()).toBe(6);
    expect(Tensor.memory().tensors).toBe(before + 2); // y and the gradient
  });

  test("is not asked for where nothing is recorded", () => {
    const before = Tensor.memory().tensors;
    Tensor.noGrad(() => apply(square, [weights()])).dispose();
    expect(Tensor.memory().tensors).toBe(before + 1); // the weights
  });
});

test("a back-propagation that breaks off can be made again", () => {
  const x = tensor(2, { requiresGrad: true });
  let broken = true;
  const fragile: Op = {
    name: "fragile",
    forward: ([a]) => a.backend.unary("neg", a),
    backward: (gradient) => [
      () => {
        if (broken) throw new Error("broken off");
        return gradient.backend.unary("neg", gradient);
      },
    ],
  };
  const y = apply(fragile, [x.mul(3)]).mul(1);
  expect(() => y.backward()).toThrow("broken off");
  broken = false;
  y.backward();
  expect(x.grad!.item()).toBe(-3);
});
