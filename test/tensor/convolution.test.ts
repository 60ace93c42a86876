import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  averagePool2d,
  conv2d,
  convTranspose2d,
  maxPool2d,
  sumPool2d,
} from "../../src/tensor/convolution.ts";
import { linear } from "../../src/tensor/functions.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import { ShapeError } from "../../src/util/errors.ts";

const ones = (...shape: number[]): Tensor => Tensor.ones(shape);

describe("errors name the axis and say what to try", () => {
  const weight = ones(8, 3, 3, 1);
  const cases: [string, () => Tensor, string][] = [
    [
      "one image without batch and channels",
      () => conv2d(ones(28, 28), weight),
      "conv2d: images must be [batch, height, width, channels], got [28, 28]; add the missing axes with .reshape([1, 28, 28, 1])",
    ],
    [
      "no channel axis",
      () => conv2d(ones(5, 28, 28), weight),
      "conv2d: images must be [batch, height, width, channels], got [5, 28, 28]; add the missing channel axis with .reshape([5, 28, 28, 1])",
    ],
    [
      "no batch axis",
      () => conv2d(ones(32, 32, 3), ones(8, 3, 3, 3)),
      "got [32, 32, 3]; add the missing batch axis with .reshape([1, 32, 32, 3])",
    ],
    ["too many axes", () => conv2d(ones(1, 1, 4, 4, 1), weight), "got [1, 1, 4, 4, 1]"],
    [
      "channels first, as in PyTorch",
      () => conv2d(ones(5, 3, 32, 32), ones(8, 3, 3, 3)),
      "conv2d: images [5, 3, 32, 32] do not fit weights [8, 3, 3, 3] (axis 3, the channels: 32 against 3); with the channels first, .permute([0, 2, 3, 1]) puts them last",
    ],
    [
      "other channels",
      () => convTranspose2d(ones(5, 8, 8, 2), ones(8, 3, 3, 3)),
      "convTranspose2d: images [5, 8, 8, 2] do not fit weights [8, 3, 3, 3] (axis 3, the channels: 2 against 3)",
    ],
    [
      "a window larger than the image",
      () => conv2d(ones(5, 8, 2, 1), weight),
      "conv2d: a window of 3 by 3 does not fit images [5, 8, 2, 1] (axis 2: 3 against 2); use a smaller window, more padding, or larger images",
    ],
    [
      "a window larger than the image with its padding",
      () => conv2d(ones(5, 1, 8, 1), ones(1, 5, 3, 1), null, { padding: 1 }),
      "(axis 1: 5 against 1 + 2·1)",
    ],
    [
      "weights of another rank",
      () => conv2d(ones(1, 8, 8, 1), ones(3, 3)),
      "conv2d: weights must be [out, kernel height, kernel width, in], got [3, 3]",
    ],
    [
      "a bias that does not fit",
      () => conv2d(ones(1, 8, 8, 1), weight, ones(3)),
      "conv2d: bias [3] does not fit weights [8, 3, 3, 1]; it must be [8]",
    ],
    [
      "more padding than a transposed convolution makes",
      () => convTranspose2d(ones(1, 1, 1, 1), ones(1, 2, 2, 1), null, { padding: 1 }),
      "convTranspose2d: images [1, 1, 1, 1] give results of 0 by 0; use less padding or larger images",
    ],
    [
      "pooling without batch",
      () => maxPool2d(ones(4, 4), 2),
      "maxPool2d: images must be [batch, height, width",
    ],
    [
      "pooling a small image",
      () => sumPool2d(ones(1, 2, 8, 1), 3),
      "sumPool2d: a window of 3 by 3 does not fit images [1, 2, 8, 1] (axis 1: 3 against 2)",
    ],
  ];
  test.each(cases)("%s", (_title, work, message) => {
    expect(work).toThrow(ShapeError);
    expect(work).toThrow(message);
  });

  test("options that cannot be", () => {
    const x = ones(1, 8, 8, 1);
    expect(() => convTranspose2d(x, weight, null, { stride: 2, outputPadding: 2 })).toThrow(
      new RangeError("convTranspose2d: outputPadding must be below the stride, got 2 with stride 2"),
    );
    expect(() => conv2d(x, weight, null, { stride: [1] as never })).toThrow(
      "conv2d: stride must be an integer >= 1, or two as [height, width], got [1]",
    );
    expect(() => averagePool2d(x, 2, { padding: 2 })).toThrow(
      "averagePool2d: padding must be at most half of the window",
    );
  });

  test("no memory is held by a call that was refused", () => {
    const x = ones(5, 28, 28);
    const before = Tensor.memory().tensors;
    expect(() => conv2d(x, weight)).toThrow();
    expect(Tensor.memory().tensors).toBe(before);
  });
});

const geometry = fc.record({
  height: fc.integer({ min: 1, max: 9 }),
  width: fc.integer({ min: 1, max: 9 }),
  kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  padding: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
  inputs: fc.integer({ min: 1, max: 5 }),
  outputs: fc.integer({ min: 1, max: 5 }),
});

/** The places that a window takes, counted one by one. */
function counted(size: number, kernel: number, stride: number, padding: number): number {
  let places = 0;
  for (let at = -padding; at + kernel <= size + padding; at += stride) places++;
  return places;
}

describe("shape laws", () => {
  test("a convolution has as many places as its window takes, and its transposed one goes back", () => {
    fc.assert(
      fc.property(geometry, ({ height, width, kernel, stride, padding, inputs, outputs }) => {
        const places = [height, width].map((size, axis) =>
          counted(size, kernel[axis], stride[axis], padding[axis]),
        );
        fc.pre(places[0] > 0 && places[1] > 0);
        const options = { stride, padding };
        const y = conv2d(ones(2, height, width, inputs), ones(outputs, ...kernel, inputs), null, options);
        expect(y.shape).toEqual([2, ...places, outputs]);
        const outputPadding = [height, width].map(
          (size, axis) => (size + 2 * padding[axis] - kernel[axis]) % stride[axis],
        ) as [number, number];
        const weight = ones(inputs, ...kernel, outputs);
        const back = convTranspose2d(y, weight, null, { ...options, outputPadding });
        expect(back.shape).toEqual([2, height, width, inputs]);
      }),
      { numRuns: 200 },
    );
  });

  test("pooling has as many places as its window takes, and keeps the channels", () => {
    fc.assert(
      fc.property(geometry, ({ height, width, kernel, stride, padding, inputs }) => {
        fc.pre(padding.every((amount, axis) => 2 * amount <= kernel[axis]));
        const places = [height, width].map((size, axis) =>
          counted(size, kernel[axis], stride[axis], padding[axis]),
        );
        fc.pre(places[0] > 0 && places[1] > 0);
        for (const pool of [maxPool2d, averagePool2d, sumPool2d])
          expect(pool(ones(2, height, width, inputs), kernel, { stride, padding }).shape).toEqual([
            2,
            ...places,
            inputs,
          ]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("laws of values", () => {
  test("a window of 1 by 1 is a linear layer over the channels, bit for bit", () => {
    const [x, weight, bias] = [Tensor.randn([2, 3, 4, 5]), Tensor.randn([7, 1, 1, 5]), Tensor.randn([7])];
    const expected = linear(x, weight.reshape([7, 5]).transpose(), bias);
    expect(conv2d(x, weight, bias).data).toEqual(expected.data);
  });

  test("the window is not flipped, and moves along height, then width", () => {
    const x = Tensor.arange(0, 12).reshape([1, 3, 4, 1]);
    const weight = tensor([1, 10, 100, 1000]).reshape([1, 2, 2, 1]);
    const y = conv2d(x, weight, null, { stride: [1, 2] });
    expect([...y.data]).toEqual([5410, 7632, 9854, 12076]);
  });

  test("integers become float32", () => {
    const x = tensor(Uint8Array.of(1, 2, 3, 4)).reshape([1, 2, 2, 1]);
    expect(conv2d(x, ones(1, 2, 2, 1)).toArray()).toEqual([[[[10]]]]);
    expect(averagePool2d(x, 2).dtype).toBe("float32");
    expect(maxPool2d(x, 2).item()).toBe(4);
  });

  test("an average counts places outside the image as zeros", () => {
    expect(averagePool2d(ones(1, 2, 2, 1), 2, { stride: 2, padding: 1 }).data).toEqual(
      Float32Array.of(0.25, 0.25, 0.25, 0.25),
    );
  });

  test("the activation of conv2d is relu, bit for bit, gradients too", () => {
    const [x, weight, bias] = [
      Tensor.randn([2, 5, 5, 3], { requiresGrad: true }),
      Tensor.randn([4, 3, 3, 3], { requiresGrad: true }),
      Tensor.randn([4], { requiresGrad: true }),
    ];
    // Not y itself, which is 0 where the gradient must be cut off.
    const upstream = Tensor.randn([2, 5, 5, 4]);
    const run = (work: () => Tensor): unknown[] => {
      const y = work();
      y.mul(upstream).sum().backward();
      const values = [y.data, ...[x, weight, bias].map(({ grad }) => grad!.data)];
      for (const leaf of [x, weight, bias]) leaf.grad = null;
      return values;
    };
    const together = run(() => conv2d(x, weight, bias, { padding: 1 }, "relu"));
    expect(together).toEqual(run(() => conv2d(x, weight, bias, { padding: 1 }).relu()));
  });
});
