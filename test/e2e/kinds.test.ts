/** Every kind of figure in one notebook, drawn in both themes of JupyterLab. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { command, type Lab, notebookOf, outputs, screenshots, startLab } from "./lab.ts";

const preparation = `random.seed(1);
const digits = await data.load("digits");
const [training, heldOut] = data.split(digits, [0.8, 0.2], { seed: 7 });
const model = new nn.Sequential(new nn.Conv2d(1, 6, 3), new nn.ReLU(), new nn.Flatten(), new nn.Linear(216, 10));
const history = await train.fit(model, {
  data: new data.DataLoader(training, { batchSize: 32, shuffle: true }), validation: heldOut,
  loss: losses.crossEntropy, optimizer: new optim.Adam(model.parameters(), { learningRate: 0.005 }), epochs: 3,
  progress: false,
  callbacks: [train.gradientNorms(), train.weightHistograms(), train.updateRatios(),
    train.activations(heldOut.batch([0, 1, 2, 3, 4, 5, 6, 7]).inputs)],
});
const points = data.spirals({ classes: 3, seed: 1 });
const flat = new nn.Sequential(new nn.Linear(2, 16), new nn.Tanh(), new nn.Linear(16, 3));
const flatHistory = await train.fit(flat, { data: new data.DataLoader(points, { batchSize: 32, shuffle: true }),
  loss: losses.crossEntropy, optimizer: new optim.Adam(flat.parameters(), { learningRate: 0.02 }), epochs: 30,
  progress: false });
const rnn = new nn.RNN(4, 8);
const sequence = Tensor.randn([4, 20, 4]);
const search = await train.learningRateFinder(model, { data: new data.DataLoader(training), loss: losses.crossEntropy,
  optimizer: new optim.SGD(model.parameters(), { learningRate: 0.1 }) });
const runs = Array.from({ length: 40 }, (_, run) => ({ name: "run " + run, optimizer: ["SGD", "Adam"][run % 2],
  learningRate: 0.0001 * (run + 1) * (run + 1), layers: 1 + run % 3, loss: 1 / (run + 1) }));`;

const kinds: Record<string, string> = {
  lossCurves: `plot.lossCurves(history)`,
  seedBands: `plot.lossCurves({ SGD: [history, flatHistory], Adam: flatHistory }, { scale: "log" })`,
  metricCurves: `plot.metricCurves(history)`,
  weightHistograms: `plot.weightHistograms(history)`,
  activations: `plot.activations(history)`,
  deadUnits: `plot.deadUnits(history)`,
  gradientNorms: `plot.gradientNorms(history, { smoothing: 0.9 })`,
  updateRatios: `plot.updateRatios(history)`,
  optimizerPaths: `plot.optimizerPaths((x, y) => x.mul(x).mul(0.05).add(y.mul(y)), {
    optimizers: { SGD: (w) => new optim.SGD(w, { learningRate: 0.9 }), Adam: (w) => new optim.Adam(w, { learningRate: 0.3 }) },
    start: [-9, 2], x: [-10, 10], y: [-3, 3] })`,
  decisionBoundary: `plot.decisionBoundary(flat, points)`,
  confusionMatrix: `plot.confusionMatrix(train.confusionMatrix(train.predict(model, heldOut), heldOut.classes!))`,
  images: `plot.images(digits, { count: 16 })`,
  augmented: `plot.images(digits, { augment: augment.rotate({ degrees: [-20, 20] }), seed: 1 })`,
  worstPredictions: `plot.worstPredictions(model, heldOut)`,
  featureMaps: `plot.featureMaps(model, digits.batch([3]).inputs)`,
  filters: `plot.filters(new nn.Conv2d(1, 8, 3))`,
  learningRateFinder: `plot.learningRateFinder(search)`,
  schedules: `plot.schedules({ cosine: optim.schedules.cosine(900), step: optim.schedules.step(300) }, { steps: 1000 })`,
  timeStepGradients: `plot.timeStepGradients(train.timeStepGradientNorms(
    () => rnn.forward(sequence).output.slice(19, 20, 1).pow(2).mean(), rnn))`,
  runCurves: `plot.runCurves([{ name: "one", steps: [1, 2, 3], values: [3, 2, 1] }], { metric: "loss" })`,
  parallelCoordinates: `plot.parallelCoordinates(runs)`,
};
const names = Object.keys(kinds);

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  const cells = [preparation, ...Object.values(kinds), "plot.runsTable(runs.slice(0, 5))"];
  writeFileSync(join(lab.notebooks, "kinds.ipynb"), notebookOf(...cells));
});
afterAll(() => lab.close());

/** The n-th cell in sight, JupyterLab taking those out of the page that are not, and its figure drawn. */
async function figureOf(page: Page, cell: number): Promise<void> {
  await page.evaluate(`(async () => {
    const { content } = jupyterapp.shell.currentWidget;
    await content.scrollToCell(content.widgets[${cell}]);
    content.widgets[${cell}].node.scrollIntoView();
  })()`);
  await page.waitForFunction(
    `jupyterapp.shell.currentWidget.content.widgets[${cell}].node.querySelector(".js-plotly-plot .main-svg")`,
  );
}

async function photograph(page: Page, theme: string): Promise<void> {
  for (const [index, name] of names.entries()) {
    await figureOf(page, index + 1);
    const figure = await page.evaluateHandle<Element>(
      `jupyterapp.shell.currentWidget.content.widgets[${index + 1}].node.querySelector(".js-plotly-plot")`,
    );
    await figure.asElement()?.screenshot({ path: join(screenshots, `${theme}-${name}.png`) });
  }
}

test("every kind is drawn in both themes", async () => {
  const page = await lab.open("kinds.ipynb");
  await command(page, "notebook:run-all-cells");
  const shown = await outputs(page);
  expect(shown.flat().filter(({ output_type }) => output_type === "error")).toEqual([]);
  await photograph(page, "light");
  await page.evaluate(`jupyterapp.commands.execute("apputils:change-theme", { theme: "JupyterLab Dark" })`);
  await photograph(page, "dark");
  await page.evaluate(`jupyterapp.commands.execute("apputils:change-theme", { theme: "JupyterLab Light" })`);

  await page.close();
});
