import { describe, expect, test } from "vitest";
import { Origin } from "../../src/tensor/autograd.ts";
import { observeForward } from "../../src/nn/observe.ts";
import * as nn from "../../src/nn/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import { expectSameBits } from "../support/bits.ts";

/** The names of the operations behind a tensor, last first, along first inputs. */
function operations(y: Tensor): string[] {
  const names: string[] = [];
  for (let origin: Origin | undefined = y.origin; origin; origin = origin.inputs![0].origin)
    names.push(origin.op.name);
  return names;
}

const pairs: Record<string, [() => nn.Module, () => nn.Module, readonly number[], string[]]> = {
  "Linear, ReLU": [() => new nn.Linear(6, 5), () => new nn.ReLU(), [7, 6], ["linear"]],
  "Linear, Tanh": [() => new nn.Linear(6, 5), () => new nn.Tanh(), [7, 6], ["linear"]],
  "Linear, Sigmoid": [() => new nn.Linear(6, 5), () => new nn.Sigmoid(), [7, 6], ["linear"]],
  "Linear without bias, ReLU": [
    () => new nn.Linear(6, 5, { bias: false }),
    () => new nn.ReLU(),
    [7, 6],
    ["linear"],
  ],
  "Conv2d, ReLU": [() => new nn.Conv2d(2, 3, 3), () => new nn.ReLU(), [2, 6, 6, 2], ["conv2d"]],
  "Conv2d, Tanh": [() => new nn.Conv2d(2, 3, 3), () => new nn.Tanh(), [2, 6, 6, 2], ["tanh", "conv2d"]],
};

describe("Sequential takes a layer and the activation behind it in one step", () => {
  test.each(Object.entries(pairs))(
    "%s: the same bits forward and backward",
    (_name, [layer, activation, shape, expected]) => {
      const model = new nn.Sequential(layer(), activation());
      const x = Tensor.randn(shape, { requiresGrad: true });
      const run = (forward: (input: Tensor) => Tensor): [Tensor, ...Tensor[]] => {
        const leaves = [x, ...model.parameters()];
        for (const one of leaves) one.grad = null;
        const y = forward(x);
        // Not y itself, which is 0 where relu must cut the gradient off.
        y.mul(Tensor.arange(1, y.numel + 1).reshape(y.shape))
          .sum()
          .backward();
        return [y.detach(), ...leaves.map((one) => one.grad!.detach())];
      };
      expect(operations(model.forward(x))).toEqual(expected);
      const [first, second] = model.layers;
      const together = run((input) => model.forward(input));
      const apart = run((input) => second.forward(first.forward(input)) as Tensor);
      for (const [i, one] of together.entries()) expectSameBits(one.raw, apart[i].raw);
    },
  );

  test("layers in a row, and an activation at the start or twice, keep their places", () => {
    const model = new nn.Sequential(
      new nn.Tanh(),
      new nn.Linear(4, 3),
      new nn.ReLU(),
      new nn.Tanh(),
      new nn.Linear(3, 2),
    );
    const x = Tensor.randn([5, 4]);
    expect(operations(model.forward(x))).toEqual(["linear", "tanh", "linear"]);
    expect(model.namedParameters().map(([name]) => name)).toEqual([
      "1.weight",
      "1.bias",
      "4.weight",
      "4.bias",
    ]);
    const [a, b, c, d, e] = model.layers;
    const apart = e.forward(d.forward(c.forward(b.forward(a.forward(x)))));
    expectSameBits(model.forward(x).raw, apart.raw);
  });

  test("a forward that somebody overrode is called", () => {
    class Doubled extends nn.Linear {
      override forward(input: Tensor): Tensor {
        return super.forward(input).mul(2);
      }
    }
    class Shifted extends nn.ReLU {
      override forward(input: Tensor): Tensor {
        return super.forward(input).add(1);
      }
    }
    const watched = new nn.Linear(4, 3);
    let calls = 0;
    watched.forward = (input) => {
      calls++;
      return nn.Linear.prototype.forward.call(watched, input);
    };
    const x = Tensor.randn([5, 4]);
    const names = (...layers: nn.Module[]): string[] =>
      operations(new nn.Sequential(...layers).forward(x) as Tensor);
    expect(names(new Doubled(4, 3), new nn.ReLU())).toEqual(["relu", "mul", "linear"]);
    expect(names(new nn.Linear(4, 3), new Shifted())).toEqual(["add", "relu", "linear"]);
    expect(names(watched, new nn.ReLU())).toEqual(["relu", "linear"]);
    expect(calls).toBe(1);
  });

  test("whoever watches a model sees every layer", () => {
    const model = new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU());
    const seen: string[] = [];
    observeForward(
      model,
      (path) => seen.push(path),
      () => model.forward(Tensor.randn([5, 4])),
    );
    expect(seen).toEqual(["0", "1", ""]);
  });
});
