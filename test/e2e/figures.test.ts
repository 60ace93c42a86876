import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { command, kernelReady, type Lab, notebookOf, outputs, root, screenshots, startLab } from "./lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

/** In the page: the figures that plotly has drawn, with what they show. */
const figures = `[...document.querySelectorAll(".js-plotly-plot")].filter((node) => node._fullLayout)`;

test("the kernel is listed as TypeScript (gradbook)", async () => {
  const { kernelspecs } = (await lab.get("api/kernelspecs")) as {
    kernelspecs: Record<string, { spec: { display_name: string; language: string } }>;
  };
  expect(kernelspecs["gradbook"]?.spec).toMatchObject({
    display_name: "TypeScript (gradbook)",
    language: "typescript",
  });
});

test("the first course notebook: three curves are drawn while the optimizers still race", async () => {
  const name = "01-comparing-optimizers.ipynb";
  copyFileSync(join(root, "notebooks", name), join(lab.notebooks, name));
  const page = await lab.open(name);
  await page.waitForFunction(`${figures}.length > 0`); // the saved ones: plotly is loaded
  await command(page, "notebook:clear-all-cell-outputs");
  const race = `jupyterapp.shell.currentWidget.content.widgets.find((cell) =>
    cell.model.sharedModel.getSource().includes("compareOptimizers"))`;

  const ended = command(page, "notebook:run-all-cells");
  await page.waitForFunction(`(() => {
    const cell = ${race};
    // JupyterLab takes cells out of the page while they are out of sight.
    const running = cell.node.querySelector(".jp-InputPrompt")?.textContent.includes("*");
    const plot = cell.node.querySelector(".js-plotly-plot");
    return running &&
      plot?.querySelectorAll(".scatterlayer .trace path.js-line").length >= 3;
  })()`);
  await ended;

  const shown = (await outputs(page)).flat();
  expect(shown.filter(({ output_type }) => output_type === "error")).toEqual([]);
  const table = shown.map(({ data }) => String(data?.["text/plain"])).find((text) => text.includes("|Adam|"));
  const [, accuracy] = /\|Adam\|([\d.]+)\|/.exec(table ?? "") ?? [];
  expect(Number(accuracy)).toBeGreaterThanOrEqual(95);
  await page.evaluate(`${race}.node.scrollIntoView()`);
  await page.screenshot({ path: join(screenshots, "race-ended.png") });
  await page.close();
});

test("a live figure keeps its element and its zoom, and follows its output's width", async () => {
  writeFileSync(
    join(lab.notebooks, "live.ipynb"),
    notebookOf(
      `const figure = (length: number, figureId: string) => ({
         [Symbol.for("Jupyter.display")]: () => ({
           "application/vnd.plotly.v1+json": {
             data: [{ y: Array.from({ length }, (_, i) => i * i) }],
             layout: { meta: { figureId } },
           },
           "text/plain": "a parabola",
         }),
       });
       const shown = display(figure(2, "parabola"));`,
      `shown.update(figure(40, "parabola"))`,
    ),
  );
  const page = await lab.open("live.ipynb");
  const points = (length: number): string => `${figures}[0]?.data[0].y.length === ${length}`;

  await command(page, "notebook:run-cell-and-select-next");
  await page.waitForFunction(points(2));
  await page.evaluate(`window.before = ${figures}[0]`);
  // Zoom as a reader does: a box drawn with the mouse.
  const area = await page.locator(".js-plotly-plot .nsewdrag").boundingBox();
  if (!area) throw new Error("the figure has no plotting area");
  await page.mouse.move(area.x + area.width * 0.3, area.y + area.height * 0.3);
  await page.mouse.down();
  await page.mouse.move(area.x + area.width * 0.6, area.y + area.height * 0.6, { steps: 5 });
  await page.mouse.up();
  await page.waitForFunction(`${figures}[0]._fullLayout.xaxis.autorange === false`);
  const range = await page.evaluate(`${figures}[0]._fullLayout.xaxis.range`);

  await command(page, "notebook:run-cell");
  await page.waitForFunction(points(40));
  expect(await page.evaluate(`${figures}[0] === window.before`)).toBe(true);
  expect(await page.evaluate(`${figures}[0]._fullLayout.xaxis.range`)).toEqual(range);

  const width = (await page.evaluate(`${figures}[0]._fullLayout.width`)) as number;
  await page.setViewportSize({ width: 900, height: 1000 });
  await page.waitForFunction(`${figures}[0]._fullLayout.width < ${width - 200}`);
  await page.close();
});

test("a live figure follows JupyterLab's theme", async () => {
  const page = await lab.open("live.ipynb");
  await command(page, "notebook:run-cell-and-select-next");
  await page.waitForFunction(`${figures}.length === 1`);
  const background = (): Promise<unknown> => page.evaluate(`${figures}[0]._fullLayout.paper_bgcolor`);
  const light = await background();
  await page.evaluate(`jupyterapp.commands.execute("apputils:change-theme", { theme: "JupyterLab Dark" })`);
  await page.waitForFunction(`${figures}[0]._fullLayout.paper_bgcolor !== ${JSON.stringify(light)}`);
  await page.screenshot({ path: join(screenshots, "dark.png") });
  await page.evaluate(`jupyterapp.commands.execute("apputils:change-theme", { theme: "JupyterLab Light" })`);
  await page.waitForFunction(`${figures}[0]._fullLayout.paper_bgcolor === ${JSON.stringify(light)}`);
  await page.close();
});

test("a training whose page is reloaded ends with its complete curve, its line and its table", async () => {
  const file = "reload.ipynb";
  writeFileSync(
    join(lab.notebooks, file),
    notebookOf(
      `import { existsSync } from "node:fs";
       const points = data.spirals({ classes: 3, seed: 1 });
       const model = new nn.Sequential(new nn.Linear(2, 16), new nn.Tanh(), new nn.Linear(16, 3));
       const history = await train.fit(model, {
         data: new data.DataLoader(points, { batchSize: 32, shuffle: true }), loss: losses.crossEntropy,
         optimizer: new optim.Adam(model.parameters(), { learningRate: 0.02 }), epochs: 1_000_000,
         live: plot.lossCurves,
         callbacks: [{
           async onEpoch() {
             await new Promise((resolve) => setTimeout(resolve, 50));
             return existsSync("enough") ? "stop" : undefined;
           },
         }],
       });`,
      "`${history.stepLosses.length} steps, ${history.epochs.length} epochs`",
    ),
  );
  const last = `${figures}[0].data[0].x.at(-1)`;
  const page = await lab.open(file);
  void command(page, "notebook:run-cell-and-select-next").catch(() => "the reload ends this call");
  await page.waitForFunction(`${figures}.length === 1 && ${last} > 20`);
  await command(page, "docmanager:save");
  await page.reload();
  await kernelReady(page);
  await page.waitForFunction(`${figures}.length === 1`);
  const after = (await page.evaluate(last)) as number;
  await page.waitForFunction(`${last} > ${after + 20}`);

  writeFileSync(join(lab.notebooks, "enough"), "");
  await page.waitForFunction(`[...document.querySelectorAll(".jp-OutputArea-output")].some((output) =>
    output.textContent.includes(", stopped ·"))`);
  await page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex = 1; null");
  await command(page, "notebook:run-cell");
  const shown = await outputs(page);
  const told = JSON.stringify(shown[1]);
  const [, steps, epochs] = (/(\d+) steps, (\d+) epochs/.exec(told) ?? [told]).map(Number);
  await page.waitForFunction(`${last} === ${steps}`);
  expect(await page.evaluate(`${figures}[0].data[0].x[0]`)).toBe(1);
  expect(shown[0]?.map(({ data }) => String(data?.["text/html"])).join()).toContain(`>${epochs}</td>`);

  await command(page, "docmanager:save");
  const saved = JSON.parse(readFileSync(join(lab.notebooks, file), "utf8"));
  expect(saved.cells[0].outputs[0].data["application/vnd.plotly.v1+json"].data[0].x.at(-1)).toBe(steps);
  await page.screenshot({ path: join(screenshots, "reloaded.png") });
  await page.close();
});
