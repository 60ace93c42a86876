import { describe, expect, test } from "vitest";
import * as nn from "../../src/nn/index.ts";
import * as random from "../../src/random/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";

const ones = Tensor.ones([100, 100]);

describe("Dropout", () => {
  test("drops about that share, scales the others, and passes the gradient where it passed the value", () => {
    const x = Tensor.ones([100, 100], { requiresGrad: true });
    const y = new nn.Dropout(0.2, { generator: random.generator(1) }).forward(x);
    const kept = y.data.filter((value) => value !== 0);
    expect(kept.every((value) => value === 1.25)).toBe(true);
    // Three standard deviations of 10,000 draws are 120.
    expect(Math.abs(kept.length - 8000)).toBeLessThan(120);
    y.sum().backward();
    expect(x.grad!.data).toEqual(y.data);
  });

  test("a new mask every forward, the same ones after the same seed", () => {
    const layer = new nn.Dropout();
    const run = (): unknown[] => {
      random.seed(5);
      return [layer.forward(ones).data, layer.forward(ones).data];
    };
    const [first, second] = run();
    expect(first).not.toEqual(second);
    expect(run()).toEqual([first, second]);
  });

  test("does nothing in use, at 0, and drops all at 1, whatever the type", () => {
    expect(new nn.Dropout(0.9).eval().forward(ones)).toBe(ones);
    expect(new nn.Dropout(0).forward(ones)).toBe(ones);
    expect(new nn.Dropout(1).forward(tensor([1, -2, 3])).data.every((value) => value === 0)).toBe(true);
    const y = new nn.Dropout(0.5).forward(Tensor.ones([50], { dtype: "float64" }));
    expect(y.dtype).toBe("float64");
    expect(new Set(y.data)).toEqual(new Set([0, 2]));
    expect(new nn.Dropout(0.5).forward(Tensor.zeros([0, 3])).shape).toEqual([0, 3]);
  });

  test.each([-0.1, 1.1, NaN])("%d is no probability", (drop) => {
    expect(() => new nn.Dropout(drop)).toThrow(`Dropout: drop is a probability in [0, 1], got ${drop}`);
  });
});

test("Sigmoid, LeakyReLU and Softmax are their methods", () => {
  const x = tensor([[-2, 0, 3]]);
  expect(new nn.Sigmoid().forward(x).data).toEqual(x.sigmoid().data);
  expect([...new nn.LeakyReLU(0.5).forward(x).data]).toEqual([-1, 0, 3]);
  expect(new nn.LeakyReLU().slope).toBe(0.01);
  expect(new nn.Softmax().forward(x).data).toEqual(x.softmax().data);
  expect([...new nn.Softmax(0).forward(x).data]).toEqual([1, 1, 1]);
});
