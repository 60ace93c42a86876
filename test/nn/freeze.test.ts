import { describe, expect, test, vi } from "vitest";
import { crossEntropy, meanSquaredError } from "../../src/losses/index.ts";
import * as nn from "../../src/nn/index.ts";
import * as optim from "../../src/optim/index.ts";
import * as random from "../../src/random/index.ts";
import { l1 } from "../../src/regularizers/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import { gradientCheck } from "../../src/train/index.ts";

/** A body that is to stay, under a head that learns. */
function network(): { body: nn.Sequential; model: nn.Sequential } {
  random.seed(1);
  const body = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4), new nn.Tanh());
  return { body, model: new nn.Sequential(body, new nn.Linear(4, 2)) };
}
const inputs = (): Tensor => Tensor.randn([8, 3], { generator: random.generator(2) });
const labels = [0, 1, 0, 1, 1, 0, 1, 0];

describe("a frozen part", () => {
  const optimizers: Record<string, (parameters: Tensor[]) => optim.Optimizer> = {
    SGD: (parameters) => new optim.SGD(parameters, { learningRate: 0.1, weightDecay: 0.1 }),
    Nesterov: (parameters) => new optim.Nesterov(parameters, { learningRate: 0.1 }),
    Adam: (parameters) => new optim.Adam(parameters, { learningRate: 0.1 }),
    AdamW: (parameters) => new optim.AdamW(parameters, { learningRate: 0.1, weightDecay: 0.1 }),
  };
  test.each(Object.entries(optimizers))(
    "stays as it is under %s, penalties, decay and momentum, and the rest learns as without it",
    (_name, make) => {
      const steps = (frozen: boolean): { body: nn.Sequential; model: nn.Sequential; first: nn.StateDict } => {
        const { body, model } = network();
        const optimizer = make(frozen ? model.parameters() : model.layers[1].parameters());
        // So that there is a momentum to be carried on by.
        if (frozen) {
          const before = model.stateDict();
          const memory = optimizer.stateDict();
          optimizer.minimize(() => crossEntropy(model.forward(inputs()), labels));
          model.loadStateDict(before);
          optimizer.loadStateDict({
            ...memory,
            arrays: pickBody(optimizer.stateDict().arrays, memory.arrays),
          });
          body.freeze();
        }
        const first = body.stateDict();
        const penalty = l1(0.01);
        for (let step = 0; step < 3; step++)
          optimizer.minimize(() => {
            const loss = crossEntropy(model.forward(inputs()), labels);
            return loss.add(penalty(frozen ? model.parameters() : model.layers[1].parameters()));
          });
        return { body, model, first };
      };
      const { body, model, first } = steps(true);
      for (const [name, parameter] of body.namedParameters())
        expect([name, [...parameter.data]]).toEqual([name, [...(first[name].data as Float32Array)]]);
      expect(model.layers[1].stateDict()).toEqual(steps(false).model.layers[1].stateDict());
    },
  );
  /** The arrays of the first four parameters, the body's, from one state, the others from another. */
  const pickBody = (body: nn.StateDict, others: nn.StateDict): nn.StateDict =>
    Object.fromEntries(
      Object.keys(body).map((name) => [name, (Number(name.split(".")[1]) < 4 ? body : others)[name]]),
    );

  test("gets no gradient, is not asked for one, and hands on those of its inputs", () => {
    const layer = new nn.Linear(2, 2);
    const x = tensor([[1, 2]], { requiresGrad: true });
    layer.forward(x).sum().backward();
    const expected = x.grad!.toArray();
    expect(layer.weight.grad).not.toBeNull();
    x.grad = null;
    expect(layer.freeze()).toBe(layer);
    expect(layer.weight.grad).toBeNull();
    const { backend } = layer.weight.raw;
    const products = vi.spyOn(backend, "matmul");
    layer.forward(x).sum().backward();
    expect([x.grad!.toArray(), layer.weight.grad, layer.bias!.grad]).toEqual([expected, null, null]);
    expect(products).toHaveBeenCalledTimes(1);
    products.mockRestore();
    expect(layer.forward(x.detach()).requiresGrad).toBe(false);
    expect(() => layer.forward(x.detach()).sum().backward()).toThrow(
      "backward: nothing here requires a gradient; make the leaves with { requiresGrad: true }, or unfreeze() the model",
    );
    layer.unfreeze().forward(x.detach()).sum().backward();
    expect(layer.weight.grad!.toArray()).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test("still counts: names, states, optimizers and summary have it", () => {
    const { body, model } = network();
    const [names, state] = [model.namedParameters().map(([name]) => name), model.stateDict()];
    body.freeze();
    expect(model.namedParameters().map(([name]) => name)).toEqual(names);
    expect(model.stateDict()).toEqual(state);
    model.loadStateDict(state);
    expect(model.summary().toString()).toContain("34 parameters (24 frozen), 8 numbers in buffers");
    expect(new optim.SGD(model.parameters()).parameters).toHaveLength(6);
  });

  test("is left out of a gradient check, which sees the rest", () => {
    const { body, model } = network();
    body.freeze();
    const check = gradientCheck(() => crossEntropy(model.forward(inputs()), labels), model);
    expect([check.passed, check.parameters.map(({ name }) => name)]).toEqual([true, ["1.weight", "1.bias"]]);
    expect(body.parameters().some(({ requiresGrad }) => requiresGrad)).toBe(false);
  });
});

describe("requiresGrad", () => {
  test("can be set on leaves alone, and on floats", () => {
    const w = tensor([1, 2]);
    w.requiresGrad = true;
    meanSquaredError(w, tensor([0, 0])).backward();
    expect([w.grad!.toArray(), w.isParameter]).toEqual([[1, 2], true]);
    expect(() => {
      w.mul(2).requiresGrad = false;
    }).toThrow(
      "requiresGrad: this is the result of mul; only leaves can be frozen, and detach() cuts a result off",
    );
    expect(() => {
      tensor([1], { dtype: "int32" }).requiresGrad = true;
    }).toThrow(new TypeError("requiresGrad: only float32 and float64 can require a gradient, got int32"));
  });

  test("keeps what it is set on out of the scope around", () => {
    const kept: Tensor[] = [];
    Tensor.scope(() => {
      kept.push(tensor([3]));
      kept[0].requiresGrad = true;
    });
    expect(kept[0].item()).toBe(3);
  });
});
