/** Every kind of figure in one notebook: drawn in both themes, saved with its picture, shown again, exported. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { command, type Lab, notebookOf, outputs, root, screenshots, startLab } from "./lab.ts";

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
const fresh = new nn.Sequential(new nn.Flatten(), new nn.Linear(64, 32), new nn.ReLU(), new nn.Linear(32, 10));
const search = await train.learningRateFinder(fresh, { data: new data.DataLoader(training, { batchSize: 32, shuffle: true }),
  loss: losses.crossEntropy, optimizer: new optim.SGD(fresh.parameters(), { learningRate: 0.1 }) });
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
let page: Page;
beforeAll(async () => {
  lab = await startLab();
  const cells = [preparation, ...Object.values(kinds), "plot.runsTable(runs.slice(0, 5))"];
  writeFileSync(join(lab.notebooks, "kinds.ipynb"), notebookOf(...cells));
  page = await lab.open("kinds.ipynb");
});
afterAll(() => lab.close());

interface Saved {
  metadata: Record<string, unknown>;
  cells: { outputs: { output_type: string; data: Record<string, string>; metadata: object }[] }[];
}
const saved = (): Saved => JSON.parse(readFileSync(join(lab.notebooks, "kinds.ipynb"), "utf8")) as Saved;

/** The n-th cell in sight, JupyterLab taking those out of the page that are not, and its figure drawn. */
async function figureOf(cell: number): Promise<void> {
  await page.evaluate(`(async () => {
    const { content } = jupyterapp.shell.currentWidget;
    await content.scrollToCell(content.widgets[${cell}]);
    content.widgets[${cell}].node.scrollIntoView();
  })()`);
  await page.waitForFunction(
    `jupyterapp.shell.currentWidget.content.widgets[${cell}].node.querySelector(".js-plotly-plot .main-svg")`,
  );
}

async function photograph(theme: string): Promise<void> {
  for (const [index, name] of names.entries()) {
    await figureOf(index + 1);
    const figure = await page.evaluateHandle<Element>(
      `jupyterapp.shell.currentWidget.content.widgets[${index + 1}].node.querySelector(".js-plotly-plot")`,
    );
    await figure.asElement()?.screenshot({ path: join(screenshots, `${theme}-${name}.png`) });
  }
}

async function execute(name: string, args: object): Promise<void> {
  await page.evaluate(`(async () => {
    await jupyterapp.commands.execute(${JSON.stringify(name)}, ${JSON.stringify(args)});
  })()`);
}

/** Closes the notebook in sight and opens this one in its place. */
async function openInstead(path: string): Promise<void> {
  await command(page, "application:close");
  await execute("docmanager:open", { path });
  await page.waitForFunction(`jupyterapp.shell.currentWidget?.context?.path === ${JSON.stringify(path)}`);
  await page.evaluate(`(async () => { await jupyterapp.shell.currentWidget.revealed; })()`);
}

test("every kind is drawn, and saved with a picture beside it", async () => {
  await command(page, "notebook:run-all-cells");
  const shown = await outputs(page);
  expect(shown.flat().filter(({ output_type }) => output_type === "error")).toEqual([]);
  await photograph("light");

  // The pictures are made when the notebook has been saved, and saved with it the second time.
  await page.evaluate(`window.savedTwice = new Promise((resolve) => {
    let times = 0;
    jupyterapp.shell.currentWidget.context.saveState.connect((_, state) => {
      if (state.startsWith("completed") && ++times === 2) resolve();
    });
  }); null`);
  await command(page, "docmanager:save");
  await page.evaluate("window.savedTwice");
  for (const [index, name] of names.entries()) {
    const [output] = saved().cells[index + 1]?.outputs ?? [];
    const png = Buffer.from(output?.data["image/png"] ?? "", "base64");
    writeFileSync(join(screenshots, `saved-${name}.png`), png);
    expect([name, png.toString("latin1", 1, 4), png.length < 500_000]).toEqual([name, "PNG", true]);
    expect(output?.metadata).toMatchObject({ "image/png": { width: 800 } });
  }
});

test("closed and opened again the notebook shows every figure, in the dark theme too", async () => {
  await execute("apputils:change-theme", { theme: "JupyterLab Dark" });
  await openInstead("kinds.ipynb");
  await photograph("dark");
});

test("a notebook that is not trusted shows every figure", async () => {
  const changed = saved();
  // What was written by another hand has no signature of this JupyterLab's.
  changed.metadata["by"] = "another hand";
  const html = {
    output_type: "display_data",
    data: { "text/html": "<b>not to be trusted</b>" },
    metadata: {},
  };
  changed.cells[0]?.outputs.push(html);
  writeFileSync(join(lab.notebooks, "untrusted.ipynb"), JSON.stringify(changed));
  await openInstead("untrusted.ipynb");
  const trusted = await page.evaluate("jupyterapp.shell.currentWidget.content.widgets[0].model.trusted");
  expect(trusted).toBe(false);
  for (const index of names.keys()) await figureOf(index + 1);
});

test("nbconvert shows every figure as a picture, whether saved in JupyterLab or by gradbook run", () => {
  const runner = notebookOf(`plot.schedules({ cosine: optim.schedules.cosine(900) }, { steps: 1000 })`);
  writeFileSync(join(lab.notebooks, "runner.ipynb"), runner);
  const options = { cwd: lab.notebooks, stdio: "pipe" } as const;
  execFileSync(process.execPath, [join(root, "dist", "kernel", "cli.js"), "run", "runner.ipynb"], options);
  const jupyter = join(root, ".venv", "bin", "jupyter");
  execFileSync(jupyter, ["nbconvert", "--to", "html", "kinds.ipynb", "runner.ipynb"], options);
  const pictures = (name: string): number =>
    readFileSync(join(lab.notebooks, name), "utf8").match(/<img[^>]*src="data:image\/png;base64,/g)?.length ??
    0;
  expect(pictures("kinds.html")).toBe(names.length);
  expect(pictures("runner.html")).toBe(1);
});
