import { describe, expect, test } from "vitest";
import * as nn from "../../src/nn/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import { jupyterDisplay } from "../../src/util/host.ts";

const network = (): nn.Sequential =>
  new nn.Sequential(
    new nn.Conv2d(1, 8, 5),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Sequential(new nn.Linear(1152, 128), new nn.Linear(128, 10)),
  );

describe("summary", () => {
  test("a row a layer: path, class, output shape, parameters; the total below", () => {
    expect(network().summary([28, 28, 1]).toString()).toBe(
      [
        "layer  kind       output          parameters",
        "0      Conv2d     [N, 24, 24, 8]         208",
        "1      ReLU       [N, 24, 24, 8]           0",
        "2      MaxPool2d  [N, 12, 12, 8]           0",
        "3      Flatten    [N, 1152]                0",
        "4.0    Linear     [N, 128]           147,584",
        "4.1    Linear     [N, 10]              1,290",
        "149,082 parameters, 596.3 kB",
      ].join("\n"),
    );
  });

  test("without a shape it is known what is learned, and nothing is run", () => {
    class Unused extends nn.Module {
      layer = new nn.Linear(2, 3);
      scale = tensor([1, 2], { requiresGrad: true });
      forward(): Tensor {
        throw new Error("not to be called");
      }
    }
    const { rows, parameters, bytes } = new Unused().summary();
    expect(rows).toEqual([
      { path: "", kind: "Unused", output: undefined, parameters: 2 },
      { path: "layer", kind: "Linear", output: undefined, parameters: 9 },
    ]);
    expect([parameters, bytes]).toEqual([11, 44]);
    expect(new Unused().summary().toString()).toBe(
      "layer    kind    parameters\n(model)  Unused           2\nlayer    Linear           9\n11 parameters, 44 bytes",
    );
  });

  test("a batch as a tensor serves for models of indices, and states beside the output are passed over", () => {
    class Characters extends nn.Module {
      embedding = new nn.Embedding(10, 4);
      recurrent = new nn.LSTM(4, 6);
      forward(ids: Tensor): Tensor {
        return this.recurrent.forward(this.embedding.forward(ids)).output;
      }
    }
    const { rows } = new Characters().summary(Tensor.zeros([3, 7], { dtype: "int32" }));
    expect(rows.map(({ kind, output }) => [kind, output])).toEqual([
      ["Embedding", "[N, 7, 4]"],
      ["LSTM", "[N, 7, 6]"],
    ]);
  });

  test("shared layers count once", () => {
    const shared = new nn.Linear(2, 2);
    expect(new nn.Sequential(shared, shared).summary([2]).parameters).toBe(6);
    const tied = Object.assign(new nn.Linear(2, 2), { weight: shared.weight });
    const { rows, parameters } = new nn.Sequential(shared, tied).summary([2]);
    expect([rows.map((row) => row.parameters), parameters]).toEqual([[6, 2], 8]);
  });

  test("it leaves modes, memory and the model as they were", () => {
    const model = network();
    model.layers[1].eval();
    const before = Tensor.memory().tensors;
    model.summary([28, 28, 1]);
    expect(Tensor.memory().tensors).toBe(before);
    expect(model.layers.map(({ training }) => training)).toEqual([true, false, true, true, true]);
    expect(model.layers.some((layer) => Object.hasOwn(layer, "forward"))).toBe(false);
  });

  test("in a notebook it is a table, whose text nobody interprets", () => {
    class Odd extends nn.Linear {}
    Object.defineProperty(Odd, "name", { value: "<b>&" });
    const bundle = new Odd(1, 1).summary([1])[jupyterDisplay]();
    expect(bundle["text/html"]).toContain('<td style="text-align: left">&lt;b&gt;&amp;</td>');
    expect(bundle["text/html"]).toContain('<th style="text-align: right">parameters</th>');
    expect(bundle["text/html"]).toContain("<p>2 parameters, 8 bytes</p>");
    expect(bundle["text/plain"]).toContain("(model)");
  });

  test("a module itself shows as its summary", () => {
    const model = network();
    expect(model[jupyterDisplay]()).toEqual(model.summary()[jupyterDisplay]());
  });

  test("a shape that does not fit is the layer's own error", () => {
    expect(() => network().summary([28, 28, 3])).toThrow(/Conv2d|conv/i);
    const model = network();
    expect(() => model.summary([28, 28, 3])).toThrow();
    expect(model.summary([28, 28, 1]).rows).toHaveLength(6);
  });
});
