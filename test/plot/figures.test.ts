/** The figures of models, surfaces, images and tables: the data in them, and what they say to input that does not fit. */
import { inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import * as augment from "../../src/data/augment/index.ts";
import * as data from "../../src/data/index.ts";
import * as nn from "../../src/nn/index.ts";
import * as optim from "../../src/optim/index.ts";
import { colorsOf, shades, signed } from "../../src/plot/palette.ts";
import * as plot from "../../src/plot/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import * as train from "../../src/train/index.ts";
import { jupyterDisplay } from "../../src/util/host.ts";

interface Trace {
  type: string;
  name: string;
  mode: string;
  x: number[];
  y: (number | null)[];
  z: number[][];
  text: string[];
  customdata: number[][];
  line: { color: string };
  marker: { color: string; cmin: number; cmax: number };
}
const tracesOf = (figure: plot.Figure): Trace[] => figure.data as unknown as Trace[];
const layoutOf = (figure: plot.Figure): any => figure.layout;

/** The pixels of a figure's pictures, decoded here and not by the code under test. */
function pixelsOf(
  figure: plot.Figure,
): { width: number; height: number; at(x: number, y: number): number[] }[] {
  return layoutOf(figure).images.map(({ source }: { source: string }) => {
    const file = Buffer.from(source.split(",")[1], "base64");
    const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
    const rows = inflateSync(file.subarray(41, 41 + file.readUInt32BE(33)));
    // Every row is filtered by the row above.
    for (let y = 1; y < height; y++)
      for (let x = 1; x <= 4 * width; x++)
        rows[y * (4 * width + 1) + x] += rows[(y - 1) * (4 * width + 1) + x];
    const at = (x: number, y: number): number[] => {
      const start = y * (4 * width + 1) + 1 + 4 * x;
      return [...rows.subarray(start, start + 3)];
    };
    return { width, height, at };
  });
}

describe("optimizerPaths", () => {
  const bowl = (x: Tensor, y: Tensor): Tensor => x.mul(x).add(y.mul(y).mul(2));
  const options = {
    optimizers: { SGD: (w: Tensor[]) => new optim.SGD(w, { learningRate: 0.1 }) },
    start: [1, 1] as const,
    steps: 2,
    x: [-2, 2] as const,
    y: [-1, 1] as const,
  };
  test("walks as the method does, from the start, on the surface's own contours", () => {
    const [contour, path, start] = tracesOf(plot.optimizerPaths(bowl, options));
    expect(path).toMatchObject({ name: "SGD", x: [1, 0.8, 0.64], y: [1, 0.6, 0.36] });
    expect(path.customdata[2][1]).toBeCloseTo(0.64 * 0.64 + 2 * 0.36 * 0.36, 4);
    expect([start.x, start.y]).toEqual([[1], [1]]);
    expect([contour.x[0], contour.x.at(-1), contour.y[0], contour.y.at(-1)]).toEqual([-2, 2, -1, 1]);
    expect(contour.customdata[0][0]).toBeCloseTo(4 + 2, 4);
    expect(contour.customdata[30][60]).toBeCloseTo(4, 3);
    expect(contour.z[0][0]).toBeCloseTo(Math.log(7), 3);
  });
  test("a path that leaves the numbers ends there", () => {
    const wild = { SGD: (w: Tensor[]) => new optim.SGD(w, { learningRate: 1e20 }) };
    const [, path] = tracesOf(plot.optimizerPaths(bowl, { ...options, optimizers: wild, steps: 50 }));
    expect(path.x.length).toBeLessThan(5);
    expect(path.x.every(Number.isFinite)).toBe(true);
  });
  test("says what is wrong with surface, range, steps and optimizers", () => {
    expect(() => plot.optimizerPaths((x) => x.sum(), options)).toThrow(
      "plot.optimizerPaths: the surface must give one number a point, got [] for points [3721]; leave out sum() and mean()",
    );
    expect(() => plot.optimizerPaths(bowl, { ...options, x: [2, -2] })).toThrow(
      "plot.optimizerPaths: x must be [low, high] with low < high, got [2, -2]",
    );
    expect(() => plot.optimizerPaths(bowl, { ...options, steps: 0 })).toThrow(
      "steps must be an integer >= 1, got 0",
    );
    expect(() => plot.optimizerPaths(bowl, { ...options, optimizers: {} })).toThrow("no optimizers");
  });
});

describe("decisionBoundary", () => {
  class Diagonal extends nn.Module {
    forward(input: Tensor): Tensor {
      return input.matmul(
        tensor([
          [10, 0],
          [0, 10],
        ]),
      );
    }
  }
  const corners = new data.TensorDataset(
    tensor([
      [0, 1],
      [1, 0],
      [0.2, 0.9],
    ]),
    [1, 0, 1],
  );
  test("each place is in the colours of the class that the model gives it, the examples by their own class", () => {
    const [areas, zero, one] = tracesOf(
      plot.decisionBoundary(new Diagonal(), corners, { x: [0, 1], y: [0, 1] }),
    );
    // Below the diagonal class 0 lies in [0, 1), above it class 1 in [1, 2).
    expect(areas.z[0][80]).toBeCloseTo(0.999, 3);
    expect(areas.z[80][0]).toBeCloseTo(1.999, 3);
    expect(areas.z[40][40] % 1).toBeCloseTo(0, 6);
    expect([zero.x, zero.y]).toEqual([[1], [0]]);
    expect([one.x, one.y]).toEqual([
      [0, 0.2],
      [1, 0.9],
    ]);
    expect(zero.marker.color).not.toBe(one.marker.color);
  });
  test("one logit divides two classes at 0", () => {
    class First extends nn.Module {
      forward(input: Tensor): Tensor {
        return input.slice(0, 1, 1).sub(0.5).mul(100);
      }
    }
    const [areas] = tracesOf(plot.decisionBoundary(new First(), corners, { x: [0, 1], y: [0, 1] }));
    expect(areas.z[0][0]).toBeLessThan(1);
    expect(areas.z[0][80]).toBeGreaterThan(1.9);
  });
  test("inputs that are no points of a plane are refused with their shape", () => {
    const wide = new data.TensorDataset(Tensor.zeros([2, 3]), [0, 1]);
    expect(() => plot.decisionBoundary(new Diagonal(), wide)).toThrow(
      "an input must be two numbers, a point of the plane, got [3]",
    );
    const targets = new data.TensorDataset(Tensor.zeros([2, 2]), Tensor.zeros([2, 1]));
    expect(() => plot.decisionBoundary(new Diagonal(), targets)).toThrow("the examples have no classes");
  });
});

test("confusionMatrix colours by the fraction of the row and writes the counts", () => {
  const matrix = new train.ConfusionMatrix(
    [
      [8, 2, 0],
      [0, 1, 0],
      [0, 0, 0],
    ],
    ["a", "b", "c"],
  );
  const [cells] = tracesOf(plot.confusionMatrix(matrix));
  expect(cells.z).toEqual([
    [80, 20, 0],
    [0, 100, 0],
    [0, 0, 0],
  ]);
  expect(cells.text).toEqual([
    ["8", "2", ""],
    ["", "1", ""],
    ["", "", ""],
  ]);
  expect(layoutOf(plot.confusionMatrix(matrix)).yaxis).toMatchObject({
    autorange: "reversed",
    title: { text: "actual class" },
  });
  expect(() => plot.confusionMatrix([[1]] as never)).toThrow(
    "plot.confusionMatrix: give train.confusionMatrix(train.predict(model, heldOut), heldOut.classes), got an Array",
  );
});

describe("images", () => {
  const two = Tensor.from(Float32Array.of(0, 0.5, 1, 0, 1, 1, 0, 0), [2, 2, 2, 1]);
  test("pixels are whole squares of their own grey", () => {
    const [first, second] = pixelsOf(plot.images(two));
    expect(first.width).toBeGreaterThanOrEqual(112);
    const right = first.width - 1;
    expect(
      [first.at(0, 0), first.at(right, 0), first.at(0, right), first.at(right, right)].map(([red]) => red),
    ).toEqual([0, 128, 255, 0]);
    expect(first.at(right / 2 + 1, 0)[0]).toBe(128);
    expect(second.at(0, 0)).toEqual([255, 255, 255]);
  });
  test("bytes, three channels, and floats beyond [0, 1] each on their scale", () => {
    const bytes = { data: Uint8Array.of(255, 0, 51), shape: [1, 1, 1, 3] };
    expect(pixelsOf(plot.images(bytes))[0].at(0, 0)).toEqual([255, 0, 51]);
    const signedImage = { data: Float32Array.of(-1, 1), shape: [1, 1, 2] };
    const [picture] = pixelsOf(plot.images(signedImage));
    expect([picture.at(0, 0)[0], picture.at(picture.width - 1, 0)[0]]).toEqual([0, 255]);
    const [ranged] = pixelsOf(plot.images(signedImage, { range: [-1, 3] }));
    expect(ranged.at(ranged.width - 1, 0)[0]).toBe(128);
  });
  test("a data set's images stand under their classes, at most as many as asked", async () => {
    const digits = await data.load("digits");
    const figure = plot.images(digits, { count: 10 });
    expect(layoutOf(figure).images).toHaveLength(10);
    expect(tracesOf(figure)[1].text).toEqual([..."0123456789"]);
    expect(JSON.stringify(figure[jupyterDisplay]()).length).toBeLessThan(20_000);
  });
  test("before and after: each image, then three versions, and the same for the same seed", () => {
    const flip = augment.flip({ probability: 1 });
    const pixels = pixelsOf(plot.images(two, { augment: flip }));
    expect(pixels).toHaveLength(8);
    const right = pixels[0].width - 1;
    expect(pixels[1].at(0, 0)).toEqual(pixels[0].at(right, 0));
    expect(pixels[3].at(0, right)).toEqual(pixels[0].at(right, right));
    const noise = augment.noise({ standardDeviation: 0.2 });
    const sources = (seed: number): string =>
      JSON.stringify(layoutOf(plot.images(two, { augment: noise, seed })).images);
    expect(sources(1)).toBe(sources(1));
    expect(sources(1)).not.toBe(sources(2));
  });
  test("what are no images is refused, with the way from PyTorch's order", () => {
    expect(() => plot.images(Tensor.zeros([2, 3, 8, 8]))).toThrow(
      "plot.images: images are [N, H, W], or [N, H, W, C] of 1 or 3 channels, got [2, 3, 8, 8]; images in PyTorch's order come over with .permute([0, 2, 3, 1])",
    );
    expect(() => plot.images(5 as never)).toThrow("or a data set of them, got a number");
    expect(() => plot.images(two, { count: 0 })).toThrow("count must be an integer >= 1, got 0");
  });
});

describe("worstPredictions", () => {
  class Brightness extends nn.Module {
    forward(input: Tensor): Tensor {
      const mean = input.mean([1, 2, 3]).reshape([input.size(0), 1]);
      return Tensor.concat([mean.mul(-4).add(2), mean.mul(4).sub(2)], 1);
    }
  }
  test("the greatest loss first: what it was taken for, and what it is", () => {
    const inputs = Tensor.from(Float32Array.of(0, 1, 0.9, 0.1), [4, 1, 1, 1]);
    const dataset = new data.TensorDataset(inputs, [0, 0, 0, 1], { classNames: ["dark", "light"] });
    const figure = plot.worstPredictions(new Brightness(), dataset, { count: 3 });
    expect(tracesOf(figure)[1].text).toEqual(["light (is dark)", "dark (is light)", "light (is dark)"]);
    // Softplus of the distance between the logits: 4 · 1 for the first.
    expect(tracesOf(figure)[0].text[0]).toMatch(
      /^example 1: taken for light at 98\.2 %, is dark; loss 4\.018$/,
    );
    expect(pixelsOf(figure)[0].at(0, 0)).toEqual([255, 255, 255]);
    expect(layoutOf(figure).title.text).toBe("Worst predictions: 3 of 4 wrong");
  });
});

describe("featureMaps and filters", () => {
  const layer = new nn.Conv2d(1, 2, 1, { bias: false });
  layer.weight.raw.data.set([1, -1]);
  const model = new nn.Sequential(layer, new nn.ReLU(), new nn.Flatten());
  const image = Tensor.from(Float32Array.of(0, 1, 0.5, 0), [1, 2, 2, 1]);
  test("a channel a tile beside the input, blue below 0 and orange above, on one scale", () => {
    const figure = plot.featureMaps(model, image);
    const [input, positive, negative] = pixelsOf(figure);
    const right = positive.width - 1;
    expect(input.at(right, 0)).toEqual([255, 255, 255]);
    expect(positive.at(right, 0)).toEqual([0xa6, 0x3c, 0x00]);
    expect(negative.at(right, 0)).toEqual([0x0b, 0x4f, 0x8a]);
    expect(positive.at(0, 0)).toEqual([0xf7, 0xf7, 0xf7]);
    expect(tracesOf(figure)[0].marker).toMatchObject({ cmin: -1, cmax: 1 });
    expect(tracesOf(figure)[1].text).toEqual(["input", "channel 0", "channel 1"]);
  });
  test("behind a ReLU black is 0", () => {
    const [, positive, negative] = pixelsOf(plot.featureMaps(model, image, { layer: "1" }));
    expect(positive.at(positive.width - 1, 0)).toEqual([255, 255, 255]);
    expect(negative.at(0, 0)).toEqual([0, 0, 0]);
  });
  test("filters show the weights", () => {
    const [one, other] = pixelsOf(plot.filters(layer));
    expect([one.at(0, 0), other.at(0, 0)]).toEqual([
      [0xa6, 0x3c, 0x00],
      [0x0b, 0x4f, 0x8a],
    ]);
    const colored = new nn.Conv2d(3, 4, 3);
    expect(layoutOf(plot.filters(colored)).images).toHaveLength(4);
    expect(layoutOf(plot.filters(new nn.Conv2d(2, 3, 3))).images).toHaveLength(6);
  });
  test("errors: several images, an unknown layer, a layer that gives no images, a layer of another kind", () => {
    expect(() => plot.featureMaps(model, Tensor.zeros([2, 2, 2, 1]))).toThrow(
      "give one image, [1, H, W, C] or [H, W, C], got [2, 2, 2, 1]",
    );
    expect(() => plot.featureMaps(model, image, { layer: "7" })).toThrow('the model has no layer "7"');
    expect(() => plot.featureMaps(model, image, { layer: "2" })).toThrow(
      'layer "2" answers [1, 8], not images',
    );
    expect(() => plot.filters(new nn.ReLU() as never)).toThrow(
      "plot.filters: give an nn.Conv2d, such as model.layers[0], got a ReLU",
    );
  });
});

describe("learningRateFinder, schedules and timeStepGradients", () => {
  test("the suggestion is marked on the smoothed loss", () => {
    const search = new train.LearningRateSearch([0.001, 0.01, 0.1, 1], [2, 1.9, 1, 3], [2, 1.8, 1, 3]);
    const [, smoothed, mark] = tracesOf(plot.learningRateFinder(search));
    expect(smoothed).toMatchObject({ x: [0.001, 0.01, 0.1, 1], y: [2, 1.8, 1, 3] });
    expect(mark).toMatchObject({ x: [0.01], y: [1.8] });
    expect(() => plot.learningRateFinder(Promise.resolve(search) as never)).toThrow(
      "got a Promise; await it",
    );
  });
  test("the picture holds the smoothed loss all the way down, from wherever it was highest", () => {
    const smoothed = [1, 9, 8, 0.5, 100];
    const search = new train.LearningRateSearch([0.001, 0.01, 0.1, 1, 10], smoothed, smoothed);
    const [bottom, top] = plot.learningRateFinder(search).layout.yaxis!.range as number[];
    expect(bottom).toBeLessThan(0.5);
    expect(top).toBeGreaterThan(9);
    expect(top).toBeLessThan(20);
  });
  test("schedules multiply the learning rate, from step 0", () => {
    const [trace] = tracesOf(
      plot.schedules({ step: optim.schedules.step(2, 0.5) }, { steps: 4, learningRate: 0.1 }),
    );
    expect(trace).toMatchObject({ name: "step", x: [0, 1, 2, 3], y: [0.1, 0.1, 0.05, 0.05] });
    expect(() => plot.schedules({ step: 3 as never }, { steps: 4 })).toThrow(
      '"step" must be a function of the step',
    );
    expect(() => plot.schedules(() => 1, { steps: 1.5 })).toThrow("steps must be an integer >= 1, got 1.5");
  });
  test("time steps count from 1, and norms of 0 are left out", () => {
    const [lstm, model] = tracesOf(plot.timeStepGradients({ lstm: [0, 0.1, 0.2], "": [1] }));
    expect(lstm).toMatchObject({ x: [2, 3], y: [0.1, 0.2] });
    expect(model.name).toBe("model");
    expect(() => plot.timeStepGradients([0.1] as never)).toThrow("give the norms by layer");
  });
});

describe("runs", () => {
  const rows = [
    { name: "one", optimizer: "SGD", learningRate: 0.001, batchSize: 32, loss: 1 },
    { name: "two", optimizer: "Adam", learningRate: 0.1, batchSize: 32, loss: 3 },
    { name: "three", optimizer: "SGD", learningRate: 10, batchSize: 32, loss: NaN },
  ];
  test("parallelCoordinates: a line a run, its places between the ends of each axis, those without a result left out", () => {
    const figure = plot.parallelCoordinates(rows, { columns: ["optimizer", "learningRate", "loss"] });
    const lines = tracesOf(figure).filter(({ mode }) => mode === "lines");
    // Names in alphabetical order from the bottom; the learning rates span more than 100 and less than all three rows'.
    expect(lines.map(({ y }) => y)).toEqual([
      [1, 0, 0, null],
      [0, 1, 1, null],
    ]);
    expect(layoutOf(figure).title.text).toBe("2 runs (1 without loss)");
    expect(lines[0].line.color).toBe(shades(9)[0]);
    expect(lines[1].line.color).toBe(shades(9)[8]);
  });
  test("a wide axis of positive numbers is logarithmic", () => {
    const wide = [1e-4, 1e-2, 1].map((learningRate, at) => ({ learningRate, loss: at }));
    const lines = tracesOf(plot.parallelCoordinates(wide)).filter(({ mode }) => mode === "lines");
    expect(lines.map(({ y }) => y[0])).toEqual([0, 0.5, 1]);
  });
  test("500 runs are drawn by few traces", () => {
    const many = Array.from({ length: 500 }, (_, at) => ({ a: at % 7, b: at % 11, loss: at }));
    const figure = plot.parallelCoordinates(many);
    expect(figure.data.length).toBeLessThanOrEqual(11);
    expect(JSON.stringify(figure[jupyterDisplay]()).length).toBeLessThan(300_000);
  });
  test("parallelCoordinates: the ends of an axis and round numbers between them, none so near that they touch", () => {
    const many = Array.from({ length: 11 }, (_, index) => ({
      layers: 1 + (index % 3),
      loss: 0.11 + 0.1 * index,
    }));
    const labels = plot.parallelCoordinates(many).layout.annotations!.filter(({ x }) => x === 1);
    expect(labels.map(({ text }) => text)).toEqual(["0.11", "0.2", "0.4", "0.6", "0.8", "1", "1.11"]);
    expect(labels.map(({ y }) => y).at(-1)).toBe(1);
  });
  test("parallelCoordinates: unknown columns, too few of them, no rows", () => {
    expect(() => plot.parallelCoordinates(rows, { color: "los" })).toThrow(
      'there is no column "los"; did you mean "loss"?',
    );
    expect(() => plot.parallelCoordinates([{ a: 1 }, { a: 2 }])).toThrow(
      "needs two columns or more in which rows differ, got a of a",
    );
    expect(() => plot.parallelCoordinates([])).toThrow("the table has no row");
    expect(() => plot.parallelCoordinates(3 as never)).toThrow(
      "give a table, such as track.runs() or race.table(), or a list of rows, got a number",
    );
  });
  test("runsTable: what differs in columns, what does not below, each run with the colour of its curve", () => {
    const table = plot.runsTable(rows);
    expect(table.columns).toEqual(["name", "optimizer", "learningRate", "loss"]);
    expect(table.cells[1]).toEqual(["two", "Adam", "0.1", "3"]);
    expect(table.toString()).toContain("The same in all: batchSize 32.");
    const [color] = colorsOf(["one"]);
    expect(table[jupyterDisplay]()["text/html"]).toContain(`<span style="color: ${color}">●</span> one`);
  });
  test("runsTable shows what cells hold and never runs it", () => {
    const html = String(
      plot.runsTable([{ name: "<script>alert(1)</script>", loss: 1 }])[jupyterDisplay]()["text/html"],
    );
    expect(html).not.toContain("<script>");
  });
  test("runCurves: a curve a run, runs of one name told apart by their id", () => {
    const curves = [
      { id: "01AAAA", name: "base", steps: Float64Array.of(1, 2), values: Float64Array.of(3, 1) },
      { id: "01BBBB", name: "base", steps: Float64Array.of(1), values: Float64Array.of(2) },
    ];
    const traces = tracesOf(plot.runCurves(curves, { metric: "loss" }));
    expect(traces.map(({ name, x, y }) => ({ name, x, y }))).toEqual([
      { name: "base AAAA", x: [1, 2], y: [3, 1] },
      { name: "base BBBB", x: [1], y: [2] },
    ]);
    expect(() => plot.runCurves({} as never)).toThrow("give a list of { name, steps, values }");
  });
  test("runCurves: many runs without a legend, all together in 100,000 points, no peak lost", () => {
    const steps = Float64Array.from({ length: 1000 }, (_, step) => step);
    const values = Float64Array.from(steps, (step) => (step === 777 ? 9 : step / 1000));
    const curves = Array.from({ length: 400 }, (_, place) => ({ name: `run ${place}`, steps, values }));
    const figure = plot.runCurves(curves, { metric: "loss" });
    expect([figure.layout.showlegend, figure.layout.hovermode]).toEqual([false, "closest"]);
    expect(figure.toString()).toBe("loss of 400 runs");
    for (const { x, y } of tracesOf(figure)) {
      expect(x.length).toBeLessThanOrEqual(250);
      expect(y).toContain(9);
    }
    expect(plot.runCurves(curves.slice(0, 30)).layout.showlegend).toBe(true);
  });
});

describe("colours", () => {
  test("a name keeps its colour in every figure, whoever else is in it", () => {
    const [mine] = colorsOf(["my run of this test"]);
    const [another] = colorsOf(["another run of this test"]);
    expect(another).not.toBe(mine);
    const three = colorsOf(["another run of this test", "a third", "my run of this test"]);
    expect([three[0], three[2]]).toEqual([another, mine]);
    expect(new Set(three).size).toBe(3);
    expect(colorsOf(["a third", "SGD"])[1]).toBe(colorsOf(["SGD", "Adam"])[0]);
  });
  /** Machado, Oliveira & Fernandes 2009, severity 1. */
  const visions = {
    normal: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    protanopia: [
      [0.152286, 1.052583, -0.204868],
      [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ],
    deuteranopia: [
      [0.367322, 0.860646, -0.227968],
      [0.280085, 0.672501, 0.047413],
      [-0.01182, 0.04294, 0.968881],
    ],
    tritanopia: [
      [1.255528, -0.076749, -0.178779],
      [-0.078411, 0.930809, 0.147602],
      [0.004733, 0.691367, 0.3039],
    ],
  };
  const linear = (color: string): number[] =>
    [1, 3, 5].map((at) => {
      const value = parseInt(color.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
  const apply = (matrix: number[][], rgb: number[]): number[] =>
    matrix.map((row) =>
      Math.min(
        1,
        Math.max(
          0,
          row.reduce((sum, weight, at) => sum + weight * rgb[at], 0),
        ),
      ),
    );
  /** CIE L*a*b* under D65. */
  const lab = ([r, g, b]: number[]): number[] => {
    const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
    const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
    const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
    const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  };
  const eight = colorsOf(["SGD", "Adam", "Momentum", "Nesterov", "RMSProp", "AdaGrad", "AdamW", "AdaDelta"]);
  test.each(Object.entries(visions))("eight that stay apart with %s", (_name, matrix) => {
    const seen = eight.map((color) => lab(apply(matrix, linear(color))));
    for (let one = 0; one < seen.length; one++)
      for (let other = 0; other < one; other++)
        expect(Math.hypot(...seen[one].map((value, at) => value - seen[other][at]))).toBeGreaterThan(9);
  });
  test("each stands out from a white page and from a dark one", () => {
    const luminance = ([r, g, b]: number[]): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
    for (const color of [...eight, ...shades(5)])
      for (const page of ["#ffffff", "#111111"]) {
        const [low, high] = [luminance(linear(color)), luminance(linear(page))].toSorted((a, b) => a - b);
        expect((high + 0.05) / (low + 0.05)).toBeGreaterThan(2);
      }
    expect(signed[2][1]).toBe("#F7F7F7");
  });
});

test("no figure sets a colour of page or text: those are the theme's", async () => {
  const digits = await data.load("digits");
  const figures = [
    plot.images(digits),
    plot.schedules(() => 1, { steps: 2 }),
    plot.lossCurves(new train.History()),
  ];
  for (const { layout } of figures) {
    expect(layout).not.toHaveProperty("paper_bgcolor");
    expect(layout).not.toHaveProperty("plot_bgcolor");
    expect(layout).not.toHaveProperty("font");
  }
});
