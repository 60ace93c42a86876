/** Figures of what callbacks recorded, over trainings that are real but small. */
import { beforeAll, describe, expect, test } from "vitest";
import * as data from "../../src/data/index.ts";
import * as losses from "../../src/losses/index.ts";
import * as nn from "../../src/nn/index.ts";
import * as optim from "../../src/optim/index.ts";
import * as plot from "../../src/plot/index.ts";
import * as random from "../../src/random/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import * as train from "../../src/train/index.ts";

interface Trace {
  name: string;
  x: number[];
  y: number[];
  text: string[];
  xaxis?: string;
  line: { color: string; dash?: string };
}
const tracesOf = (figure: plot.Figure): Trace[] => figure.data as unknown as Trace[];
const layoutOf = (figure: plot.Figure): any => figure.layout;

let model: nn.Sequential;
let history: train.History;
let weightsBefore: number[];
let weightsAfter: number[];

beforeAll(async () => {
  random.seed(3);
  const points = data.blobs({ count: 60, classes: 3, noise: 0.3, seed: 1 });
  model = new nn.Sequential(new nn.Linear(2, 6), new nn.ReLU(), new nn.Linear(6, 3));
  // Its third unit can never answer: its bias is far below what two inputs reach.
  (model.parameters()[1] as Tensor).raw.data[2] = -1000;
  weightsBefore = [...model.parameters()[0].data];
  history = await train.fit(model, {
    data: new data.DataLoader(points, { batchSize: 30, shuffle: true, seed: 1 }),
    validation: points,
    loss: losses.crossEntropy,
    optimizer: new optim.SGD(model.parameters(), { learningRate: 0.1 }),
    epochs: 3,
    progress: false,
    metrics: { half: () => 0.5 },
    callbacks: [
      train.gradientNorms(),
      train.weightHistograms({ bins: 8 }),
      train.updateRatios({ every: 1 }),
      train.activations(points.batch([0, 1, 2, 3]).inputs, { bins: 8 }),
      {
        onStep: (so) => {
          if (so.stepLosses.length === 1) weightsAfter = [...model.parameters()[0].data];
        },
      },
    ],
  });
});

describe("weightHistograms", () => {
  test("a panel a weight, a ridge an epoch, each as high as its counts", () => {
    const figure = plot.weightHistograms(history);
    expect(layoutOf(figure).annotations.map(({ text }: { text: string }) => text)).toEqual([
      "0.weight",
      "2.weight",
    ]);
    const traces = tracesOf(figure);
    expect(traces.map(({ name }) => name)).toEqual([3, 2, 1, 0, 3, 2, 1, 0].map((epoch) => `epoch ${epoch}`));
    expect(traces.slice(0, 4).every(({ xaxis }) => xaxis === "x")).toBe(true);
    expect(traces.slice(4).every(({ xaxis }) => xaxis === "x2")).toBe(true);
    const { low, high, counts } = history.weightHistograms[3].histograms["0.weight"];
    const [last] = traces;
    const peak = Math.max(...counts);
    expect(last.y).toHaveLength(counts.length + 2);
    counts.forEach((count, bin) => expect(last.y[bin + 1]).toBeCloseTo(3 + (1.6 * count) / peak, 3));
    expect(last.x[1]).toBeCloseTo(low + (high - low) / 16, 3);
    expect(layoutOf(figure).yaxis.ticktext).toEqual(["0", "1", "2", "3"]);
  });
  test("biases when asked for, and a name it does not know with the nearest one", () => {
    const figure = plot.weightHistograms(history, { parameters: ["0.bias"] });
    expect(layoutOf(figure).annotations[0].text).toBe("0.bias");
    expect(() => plot.weightHistograms(history, { parameters: ["0.weigth"] })).toThrow(
      'plot.weightHistograms: nothing was recorded of "0.weigth"; did you mean "0.weight"? Known: 0.weight, 0.bias, 2.weight, 2.bias',
    );
  });
  test("twelve ridges at most, the first and the last epoch among them", () => {
    const long = new train.History();
    for (let epoch = 0; epoch <= 100; epoch++)
      long.weightHistograms.push({
        epoch,
        steps: epoch,
        histograms: { w: { low: 0, high: 1, counts: [1, 2] } },
      });
    const names = tracesOf(plot.weightHistograms(long)).map(({ name }) => name);
    expect(names).toHaveLength(12);
    expect([names.at(-1), names[0]]).toEqual(["epoch 0", "epoch 100"]);
  });
  test("a history without them says which callback to add; one that still runs is empty, so that it can be live", () => {
    const ended = new train.History();
    ended.end("finished");
    expect(() => plot.weightHistograms(ended)).toThrow(
      "plot.weightHistograms: the history holds none; train with train.fit(model, { …, callbacks: [train.weightHistograms()] })",
    );
    expect(tracesOf(plot.weightHistograms({ training: new train.History() } as never))).toEqual([]);
  });
});

describe("activations and dead units", () => {
  test("a panel a layer, in the model's order", () => {
    const figure = plot.activations(history);
    const titles = layoutOf(figure).annotations.map(({ text }: { text: string }) => text);
    expect(titles).toEqual(["0 Linear", "1 ReLU", "2 Linear"]);
    expect(tracesOf(figure)).toHaveLength(12);
  });
  test("the histogram counts every output, and units that answer 0 to all are dead", () => {
    const { histograms, dead } = history.activations[0];
    expect(histograms["1 ReLU"].counts.reduce((sum, count) => sum + count)).toBe(4 * 6);
    expect(dead["1 ReLU"]).toBeGreaterThanOrEqual(1 / 6);
    expect(dead["2 Linear"]).toBe(0);
    const [relu, ...others] = tracesOf(plot.deadUnits(history));
    expect(others).toEqual([]);
    expect(relu.x).toEqual([0, 1, 2, 3]);
    relu.y.forEach((percent, at) =>
      expect(percent).toBeCloseTo(100 * history.activations[at].dead["1 ReLU"], 4),
    );
  });
});

describe("gradientNorms and updateRatios", () => {
  test("a curve a weight and one of all, over the steps, on a logarithmic axis", () => {
    const figure = plot.gradientNorms(history);
    const traces = tracesOf(figure);
    expect(traces.map(({ name }) => name)).toEqual(["0.weight", "2.weight", "all"]);
    expect(traces[2].x).toEqual([1, 2, 3, 4, 5, 6]);
    traces[0].y.forEach((norm, at) =>
      expect(norm).toBeCloseTo(history.gradientNorms[at].norms["0.weight"], 5),
    );
    traces[2].y.forEach((norm, at) => expect(norm).toBeCloseTo(history.gradientNorms[at].total, 5));
    expect(layoutOf(figure).yaxis.type).toBe("log");
  });
  test("of several trainings the total of each, in the colour that its loss has", () => {
    const race = { SGD: history, Adam: history };
    const [norms, curves] = [plot.gradientNorms(race), plot.lossCurves(race)].map(tracesOf);
    expect(norms.map(({ name }) => name)).toEqual(["SGD", "Adam"]);
    expect(norms.map(({ line }) => line.color)).toEqual(curves.map(({ line }) => line.color));
    expect(norms[0].y[0]).toBeCloseTo(history.gradientNorms[0].total, 5);
  });
  test("the ratio is the length of the step's change over that of the weights before it", () => {
    let [change, length] = [0, 0];
    weightsBefore.forEach((weight, at) => {
      change += (weightsAfter[at] - weight) * (weightsAfter[at] - weight);
      length += weight * weight;
    });
    expect(history.updateRatios.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(history.updateRatios[0].ratios["0.weight"]).toBeCloseTo(Math.sqrt(change / length), 12);
    // A bias of zeros has no ratio before it has moved.
    expect(Object.keys(history.updateRatios[0].ratios)).not.toContain("2.bias");
    expect(Object.keys(history.updateRatios[1].ratios)).toContain("2.bias");
    const [first] = tracesOf(plot.updateRatios(history));
    expect(first.y[0]).toBeCloseTo(Math.sqrt(change / length), 6);
  });
  test("updateRatios records each so many steps", async () => {
    const points = data.blobs({ count: 40, classes: 2, seed: 1 });
    const small = new nn.Sequential(new nn.Linear(2, 2));
    const so = await train.fit(small, {
      data: new data.DataLoader(points, { batchSize: 10 }),
      loss: losses.crossEntropy,
      optimizer: new optim.SGD(small.parameters(), { learningRate: 0.1 }),
      epochs: 2,
      progress: false,
      callbacks: [train.updateRatios({ every: 3 })],
    });
    expect(so.updateRatios.map(({ step }) => step)).toEqual([3, 6]);
    expect(() => train.updateRatios({ every: 0 })).toThrow("every");
  });
});

describe("metricCurves", () => {
  test("accuracy in percent, training solid and validation dotted", () => {
    const [training, validation] = tracesOf(plot.metricCurves(history));
    expect(training.x).toEqual([1, 2, 3]);
    training.y.forEach((value, at) => expect(value).toBeCloseTo(100 * history.epochs[at].accuracy!, 4));
    validation.y.forEach((value, at) =>
      expect(value).toBeCloseTo(100 * history.epochs[at].validationAccuracy!, 4),
    );
    expect([validation.name, validation.line.dash]).toEqual(["validation", "dot"]);
  });
  test("a metric of one's own by its name, and the names there are for one that is not", () => {
    expect(tracesOf(plot.metricCurves(history, { metric: "half" }))[0].y).toEqual([0.5, 0.5, 0.5]);
    expect(() => plot.metricCurves(history, { metric: "recall" })).toThrow(
      'plot.metricCurves: no epoch has "recall"; they have loss, accuracy, learningRate, half',
    );
  });
});

describe("lossCurves of several seeds", () => {
  const made = (...values: number[]): train.History => {
    const one = new train.History();
    for (const value of values) one.recordStep(value, 0);
    return one;
  };
  test("are their mean, with a band from the least to the greatest, as far as all have come", () => {
    const figure = plot.lossCurves({ SGD: [made(4, 2, 1), made(2, 4)], Adam: made(1) }, { smoothing: 0 });
    const [band, mean, adam] = tracesOf(figure);
    expect(mean).toMatchObject({ name: "SGD (mean of 2)", x: [1, 2], y: [3, 3] });
    expect(band).toMatchObject({ x: [1, 2, 2, 1], y: [4, 4, 2, 2], fill: "toself", showlegend: false });
    expect(adam).toMatchObject({ name: "Adam", y: [1] });
  });
  test("what is no history is named", () => {
    expect(() => plot.lossCurves({ SGD: [made(1)], Adam: 3 } as never)).toThrow(
      'plot.lossCurves: give a history, as train.fit returns it, or several by name, { SGD: history }; got an object whose "Adam" is no history',
    );
    expect(() => plot.lossCurves(undefined as never)).toThrow("got undefined");
    expect(() => plot.gradientNorms({ histories: { SGD: made(1) } } as never)).toThrow(
      "of a race give race.histories",
    );
  });
});

test("the callback activations refuses what is no tensor", () => {
  expect(() => train.activations([1, 2] as never)).toThrow(
    "activations: the first argument is a tensor of examples",
  );
});
