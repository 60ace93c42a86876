import { describe, expect, test } from "vitest";
import * as nn from "../../src/nn/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";

class Net extends nn.Module {
  hidden = new nn.Linear(4, 3);
  outputs = [new nn.Linear(3, 2, { bias: false }), new nn.Linear(3, 1)];
  scale = tensor([2], { requiresGrad: true });
  fixed = tensor([5]);
  computed = this.scale.mul(2);
  label = "not a parameter";

  forward(x: Tensor): Tensor {
    return this.outputs[0].forward(this.hidden.forward(x).relu()).mul(this.scale);
  }
}

const names = (module: nn.Module): string[] => module.namedParameters().map(([name]) => name);

describe("Module", () => {
  test("parameters are found in properties, arrays and modules within, named by their path", () => {
    expect(names(new Net())).toEqual([
      "hidden.weight",
      "hidden.bias",
      "outputs.0.weight",
      "outputs.1.weight",
      "outputs.1.bias",
      "scale",
    ]);
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(3, 1));
    expect(names(model)).toEqual(["0.weight", "0.bias", "2.weight", "2.bias"]);
    expect(model.parameters().every((parameter) => parameter.requiresGrad)).toBe(true);
  });

  test("a parameter shared by two parts counts once, under its first name", () => {
    class Tied extends nn.Module {
      first = new nn.Linear(2, 2);
      second = this.first;
      forward(x: Tensor): Tensor {
        return this.second.forward(this.first.forward(x));
      }
    }
    expect(names(new Tied())).toEqual(["first.weight", "first.bias"]);
  });

  test("train and eval reach every module within, and return the module", () => {
    const net = new Net();
    expect(net.training).toBe(true);
    expect(net.eval()).toBe(net);
    expect([net, net.hidden, ...net.outputs].map(({ training }) => training)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(net.train().outputs[1].training).toBe(true);
  });

  test("a loaded state gives the same outputs, and is a copy", () => {
    const [source, target] = [new Net(), new Net()];
    const x = Tensor.randn([5, 4]);
    const state = source.stateDict();
    expect(target.forward(x).toArray()).not.toEqual(source.forward(x).toArray());
    target.loadStateDict(state);
    expect(target.forward(x).toArray()).toEqual(source.forward(x).toArray());
    state["hidden.bias"].data.fill(9);
    expect([...source.hidden.bias!.data]).toEqual([0, 0, 0]);
  });

  test("a state that does not fit changes nothing and says what is wrong", () => {
    const net = new Net();
    const before = net.stateDict();
    const changed = (change: (state: nn.StateDict) => void): nn.StateDict => {
      const state = new Net().stateDict();
      change(state);
      return state;
    };
    expect(() => net.loadStateDict(changed((state) => delete state.scale))).toThrow(
      new RangeError('loadStateDict: "scale" is missing from the state'),
    );
    const misspelt = changed((state) => {
      state["hidden.wieght"] = state["hidden.weight"];
      delete state["hidden.weight"];
    });
    expect(() => net.loadStateDict(misspelt)).toThrow(
      'loadStateDict: unexpected "hidden.wieght" (did you mean "hidden.weight"?); "hidden.weight" is missing from the state',
    );
    expect(() =>
      net.loadStateDict(changed((state) => (state.scale = { ...state.scale, shape: [2] }))),
    ).toThrow('loadStateDict: "scale" is [1], the saved one [2]');
    const short = changed((state) => {
      state["hidden.weight"] = { ...state["hidden.weight"], data: new Float32Array(5) };
    });
    expect(() => net.loadStateDict(short)).toThrow(
      /^loadStateDict: "hidden.weight" is (.*), the saved one \1 of 5 numbers$/,
    );
    expect(net.stateDict()).toEqual(before);
  });
});
