/**
 * `npm run bench:live -- [--seconds 10]`: how far a live figure lags behind its training in JupyterLab in Chromium, and
 * whether the page stays alive meanwhile.
 *
 * The lag is the age of what the page shows: at each of its frames, the time since the kernel made the figure that is
 * drawn. Both read one clock. It holds the way through kernel, server and page, and the pauses in which nothing is drawn.
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { command, type Lab, notebookOf, outputs, root, startLab } from "../e2e/lab.ts";
import { table } from "./table.ts";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "10" } } });
const seconds = Number(values.seconds);

/** Every figure tells when it was made, and how many were before it. */
const dated = `let made = 0;
const dated = (histories: Record<string, train.History>) => {
  const figure = plot.lossCurves(histories);
  const steps = Object.values(histories)[0].stepLosses.length;
  Object.assign((figure.layout as { meta: object }).meta, { madeAt: Date.now(), made: made++, steps });
  return figure;
};
random.seed(1);`;

/** Five trainings of 50,000 steps, their figure made anew 60 times a second. */
const updates = `${dated}
const names = ["SGD", "Momentum", "Nesterov", "RMSProp", "Adam"];
const histories = Object.fromEntries(names.map((name) => [name, new train.History()]));
const noise = Tensor.randn([1000]).toArray() as number[];
const step = () => names.forEach((name, index) => {
  const done = histories[name].stepLosses.length;
  histories[name].recordStep(Math.exp(-done / (4000 * (index + 1))) + 0.02 * noise[(done * (index + 7)) % 1000] + 0.1, 0);
});
for (let done = 0; done < 50_000; done++) step();
const shown = display(dated(histories));
for (let next = performance.now(); ; next = Math.max(next + 1000 / 60, performance.now() - 100)) {
  step();
  shown.update(dated(histories));
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
}`;

/** A training with its curves, line and table; so many steps a second, or as many as it can. */
const training = (pace: number): string => `${dated}
const digits = await data.load("digits");
const model = new nn.Sequential(new nn.Flatten(), new nn.Linear(64, 10));
let next = performance.now();
await train.fit(model, {
  data: new data.DataLoader(digits, { batchSize: 8, shuffle: true }), validation: digits,
  loss: losses.crossEntropy, optimizer: new optim.SGD(model.parameters(), { learningRate: 0.01 }), epochs: 1_000_000,
  live: dated,
  callbacks: [{
    async onStep() {
      next = Math.max(next + ${1000 / pace}, performance.now() - 100);
      const early = next - performance.now();
      if (early > 5) await new Promise((resolve) => setTimeout(resolve, early));
    },
  }],
});`;

interface Figure {
  readonly madeAt: number;
  readonly made: number;
  readonly steps: number;
}

interface Watched {
  /** Age of the figure at each frame, in milliseconds. */
  readonly ages: readonly number[];
  /** Between one frame and the next. */
  readonly gaps: readonly number[];
  /** Work that kept the page from answering for more than 50 ms. */
  readonly longTasks: readonly number[];
  /** In the order in which they were drawn. */
  readonly drawn: readonly Figure[];
}

const watch = `(() => {
  const watched = (window.watched = { ages: [], gaps: [], longTasks: [], drawn: [], on: true });
  new PerformanceObserver((list) => watched.longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask" });
  let before = performance.now();
  const frame = (now) => {
    if (!watched.on) return;
    watched.gaps.push(now - before);
    before = now;
    const figure = document.querySelector(".js-plotly-plot")._fullLayout.meta;
    watched.ages.push(Date.now() - figure.madeAt);
    if (figure.made !== watched.drawn.at(-1)?.made) watched.drawn.push({ ...figure });
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})()`;

/** Until the first figure shows, on a machine however slow. */
const timeout = 120_000;

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

async function measure(lab: Lab, title: string, source: string): Promise<string[]> {
  const name = `${title.replaceAll(/[^a-z0-9]+/gi, "-")}.ipynb`;
  writeFileSync(join(lab.notebooks, name), notebookOf(source));
  const page = await lab.open(name);
  const run = command(page, "notebook:run-all-cells");
  const live = page.waitForFunction(
    `document.querySelector(".js-plotly-plot")?._fullLayout?.meta?.made > 10`,
    undefined,
    { timeout },
  );
  // A cell that ends before that has failed, and says why.
  const ended = await Promise.race([live.then(() => false), run.then(() => true)]);
  if (ended) throw new Error(`bench: ${title}: ${JSON.stringify(await outputs(page)).slice(0, 2000)}`);
  console.log(`${title} …`);
  await sleep(1000);
  await page.evaluate(watch);
  await sleep(1000 * seconds);
  const { ages, gaps, longTasks, drawn } = (await page.evaluate(
    "((window.watched.on = false), window.watched)",
  )) as Watched;
  await command(page, "kernelmenu:interrupt");
  await run;
  await saveWithPictures(page);
  const size = statSync(join(lab.notebooks, name)).size;
  await page.close();
  const total = gaps.reduce((sum, gap) => sum + gap, 0) / 1000;
  const [first, last] = [drawn[0], drawn.at(-1)];
  if (!first || !last || first === last) throw new Error(`bench: ${title}: the page drew nothing`);
  const perSecond = (count: "made" | "steps"): number =>
    (1000 * (last[count] - first[count])) / (last.madeAt - first.madeAt);
  return [
    title,
    perSecond("steps").toFixed(0),
    perSecond("made").toFixed(1),
    (drawn.length / total).toFixed(1),
    ...[0.5, 0.95, 1].map((part) => quantile(ages, part).toFixed(0)),
    (gaps.length / total).toFixed(0),
    quantile(gaps, 1).toFixed(0),
    `${longTasks.length} of ${quantile([0, ...longTasks], 1).toFixed(0)}`,
    `${Math.round(size / 1024)}`,
  ];
}

/** The page saves, makes the pictures and saves again. */
async function saveWithPictures(page: Page): Promise<void> {
  await page.evaluate(`window.savedTwice = new Promise((resolve) => {
    let times = 0;
    jupyterapp.shell.currentWidget.context.saveState.connect((_, state) => {
      if (state.startsWith("completed") && ++times === 2) resolve();
    });
  }); null`);
  await command(page, "docmanager:save");
  await page.evaluate("window.savedTwice");
}

function quantile(list: readonly number[], part: number): number {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN;
}

const lab = await startLab();
try {
  const rows = [
    await measure(lab, "5 traces over 50,000 steps, 60 updates/s", updates),
    await measure(lab, "train.fit at 1,000 steps/s", training(1000)),
    await measure(lab, "train.fit at full speed", training(1_000_000)),
  ];
  const headings = [
    ...["", "steps/s", "made/s", "drawn/s", "lag ms", "95 %", "worst"],
    ...["frames/s", "longest ms", "long tasks", "saved KiB"],
  ];
  console.log(
    `\nlive figures in JupyterLab in Chromium, ${seconds} s each; the lag is the age of what is shown\n`,
  );
  console.log(table(headings, rows));
  const course = join(root, "notebooks", "01-comparing-optimizers.ipynb");
  console.log(`\nfirst course notebook: ${Math.round(readFileSync(course).length / 1024)} KiB`);
} finally {
  await lab.close();
}
