import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { command, type Lab, notebookOf, outputs, type ShownOutput, startLab } from "./lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

/** What a cell printed, answered or failed with. */
const text = (shown: ShownOutput[] = []): string =>
  shown.map(({ text, data, evalue }) => text ?? evalue ?? data?.["text/plain"]).join("\n");

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
      "`parameters ${model.parameters().length}, training ${history.status}`",
    ),
  );
  const page = await lab.open("training.ipynb");
  await command(page, "notebook:run-cell-and-select-next");
  const trained = command(page, "notebook:run-cell-and-select-next");
  await page.waitForSelector(".js-plotly-plot .main-svg");
  await command(page, "kernelmenu:interrupt");
  await trained;
  await command(page, "notebook:run-cell");
  expect(text((await outputs(page))[2])).toContain("parameters 4, training interrupted");
  await page.close();
});

test("interrupting a synchronous loop leaves its variables alive, and the next cell runs", async () => {
  writeFileSync(
    join(lab.notebooks, "loop.ipynb"),
    notebookOf("let steps = 0;", `console.log("looping"); while (true) steps++;`, "steps > 0"),
  );
  const page = await lab.open("loop.ipynb");
  await command(page, "notebook:run-cell-and-select-next");
  const looped = command(page, "notebook:run-cell-and-select-next");
  await page.getByText("looping", { exact: true }).waitFor();
  await command(page, "kernelmenu:interrupt");
  await looped;
  const [, loop] = await outputs(page);
  expect(loop?.some(({ output_type }) => output_type === "error")).toBe(true);
  await command(page, "notebook:run-cell");
  expect(text((await outputs(page))[2])).toContain("true");
  await page.close();
});
