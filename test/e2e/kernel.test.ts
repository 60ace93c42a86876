/** The kernel as its users meet it: one JupyterLab, one notebook, its cells from top to bottom. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { command, type Lab, notebookOf, outputs, screenshots, startLab } from "./lab.ts";

const cells = {
  completion: `const points = [1, 2, 3];\npoints.fi`,
  inspection: `Tensor.linspace(0, 1, 5)`,
  input: 'const name = prompt("Your name? ");\n`Hello ${name}`',
  loop: `let steps = 0;\nconsole.log("looping");\nwhile (true) steps++;`,
  kept: `steps > 0`,
  markup: "markdown`The loss is $\\frac{1}{n}\\sum_i l_i$ in **${2}** parts.`",
  table: `aq.table({ epoch: [1, 2, 3], loss: [0.9, 0.5, 0.3] })`,
  tensor: `Tensor.arange(300).reshape([3, 100])`,
  network: `new nn.Sequential(new nn.Linear(64, 32), new nn.ReLU(), new nn.Linear(32, 10))`,
  failure: `function scale(x: Tensor): Tensor {\n  return x.matmul(Tensor.ones([4, 2]));\n}\nscale(Tensor.ones([2, 3]));`,
  wrong: `const rate: number = "fast";`,
  forgotten: `steps`,
};
type Name = keyof typeof cells;
const place = (name: Name): number => Object.keys(cells).indexOf(name);

let lab: Lab;
let page: Page;
beforeAll(async () => {
  lab = await startLab();
  writeFileSync(join(lab.notebooks, "kernel.ipynb"), notebookOf(...Object.values(cells)));
  page = await lab.open("kernel.ipynb");
});
afterAll(() => lab.close());

const cell = (name: Name) => page.locator(".jp-Notebook .jp-Cell").nth(place(name));
const output = (name: Name) => cell(name).locator(".jp-OutputArea-output");
const prompt = (name: Name) => cell(name).locator(".jp-InputPrompt");
const shoot = (name: string) => page.screenshot({ path: join(screenshots, `kernel-${name}.png`) });

/** Puts the cursor at the end of a cell's code. */
async function edit(name: Name): Promise<void> {
  await cell(name).locator(".cm-content").click();
  await page.keyboard.press("Control+End");
}

/** Runs a cell; the promise ends with it. */
async function run(name: Name): Promise<void> {
  // In one go: JupyterLab may turn to another cell in between, such as the one that was clicked last.
  await page.evaluate(`(async () => {
    jupyterapp.shell.currentWidget.content.activeCellIndex = ${place(name)};
    await jupyterapp.commands.execute("notebook:run-cell");
  })()`);
}

const shown = async (name: Name): Promise<string> =>
  JSON.stringify((await outputs(page))[place(name)]?.map(({ data, text, evalue }) => data ?? text ?? evalue));

test("the completer tells the kind of each name", async () => {
  await edit("completion");
  await page.keyboard.press("Tab");
  const items = page.locator(".jp-Completer-item");
  await items.filter({ hasText: "filter" }).waitFor();
  const kinds = await items.evaluateAll((found) =>
    found.map((item) => [
      item.querySelector(".jp-Completer-match")?.textContent,
      item.querySelector(".jp-Completer-typeExtended")?.textContent,
    ]),
  );
  await shoot("completion");
  expect(kinds).toEqual(
    expect.arrayContaining([
      ["fill", "method"],
      ["filter", "method"],
      ["find", "method"],
    ]),
  );
  await page.keyboard.press("Escape");
});

test("Shift-Tab shows a function's signature and what it does", async () => {
  await edit("inspection");
  for (let key = 0; key < "(0, 1, 5)".length + 2; key++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Shift+Tab");
  const tooltip = page.locator(".jp-Tooltip");
  await tooltip.waitFor();
  await shoot("inspection");
  expect(await tooltip.innerText()).toContain("linspace");
  await page.keyboard.press("Escape");
});

test("prompt opens a box, and the cell goes on with what is typed", async () => {
  const ran = run("input");
  const box = cell("input").locator("input.jp-Stdin-input");
  await box.waitFor();
  await shoot("input");
  await box.fill("Ada");
  await box.press("Enter");
  await ran;
  expect(await shown("input")).toContain("Hello Ada");
});

test("output shows while a cell runs; the interrupt button ends it, and its variables stay", async () => {
  const ran = run("loop");
  await output("loop").filter({ hasText: "looping" }).waitFor();
  expect(await prompt("loop").innerText()).toBe("[*]:");
  await page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
  await ran;
  expect(await shown("loop")).toContain("the cell was interrupted");
  await shoot("interrupted");
  await run("kept");
  expect(await shown("kept")).toContain("true");
});

test("formulas, tables, tensors and networks show as what they are", async () => {
  for (const name of ["markup", "table", "tensor", "network"] as const) await run(name);
  await output("markup").locator("mjx-container").waitFor();
  expect(await output("table").locator("td").count()).toBe(6);
  await output("network").locator("table").waitFor();
  await cell("network").scrollIntoViewIfNeeded();
  await shoot("values");
});

test("an error shows the failing line of the cell, and a type error what is wrong before it runs", async () => {
  await run("failure");
  await run("wrong");
  const failure = await output("failure").innerText();
  expect(failure).toContain("inner sizes differ");
  expect(failure).toContain("> 2 |   return x.matmul(Tensor.ones([4, 2]));");
  expect(await output("wrong").innerText()).toContain("Type 'string' is not assignable to type 'number'");
  await output("wrong").scrollIntoViewIfNeeded();
  await shoot("errors");
});

test("the restart button leads to a kernel without the variables", async () => {
  await page.locator('[data-command="notebook:restart-kernel"]').first().click();
  await page.locator(".jp-Dialog .jp-mod-accept").click();
  await page.evaluate(`(async () => {
    const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
    await kernel.info;
  })()`);
  await run("forgotten");
  expect(await shown("forgotten")).toContain("Cannot find name 'steps'");
  await shoot("restarted");
});

test("interrupting a training leaves its variables alive, and the next cell runs", async () => {
  writeFileSync(
    join(lab.notebooks, "training.ipynb"),
    notebookOf(
      `const digits = await data.load("digits");
       const model = new nn.Sequential(new nn.Flatten(), new nn.Linear(64, 32), new nn.ReLU(), new nn.Linear(32, 10));`,
      `const history = await train.fit(model, {
         data: new data.DataLoader(digits, { batchSize: 32 }),
         loss: losses.crossEntropy,
         optimizer: new optim.SGD(model.parameters(), { learningRate: 0.1 }),
         epochs: 1_000_000,
         live: plot.lossCurves,
       });`,
      "`parameters ${model.parameters().length}, training ${history.status} after ${history.stepLosses.length} steps`",
    ),
  );
  const training = await lab.open("training.ipynb");
  await command(training, "notebook:run-cell-and-select-next");
  const trained = command(training, "notebook:run-cell-and-select-next");
  await training.waitForSelector(".js-plotly-plot .main-svg");
  await command(training, "kernelmenu:interrupt");
  await trained;
  await command(training, "notebook:run-cell");
  const shown = await outputs(training);
  expect(JSON.stringify(shown[2])).toContain("parameters 4, training interrupted");
  // The picture stays, and shows what was done until then.
  const steps = Number(/after (\d+) steps/.exec(JSON.stringify(shown[2]))?.[1]);
  expect(steps).toBeGreaterThan(0);
  expect(JSON.stringify(shown[1])).toContain(`in ${steps} steps`);
  await training.waitForFunction(`document.querySelector(".js-plotly-plot").data[0].x.at(-1) === ${steps}`);
});
