/**
 * `npm run bench:live -- --compare`: how long 500 runs take to be compared where someone looks at them, in Chromium: on the
 * page of `gradbook runs --serve` from a click on "draw all", and in a notebook from the start of a cell, until the browser
 * has painted what was asked for.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { random, track } from "../../src/index.ts";
import { command, notebookOf, outputs, root, startLab, stop, waitForOutput } from "../e2e/lab.ts";
import { table } from "./table.ts";

const [count, steps] = [500, 2_000];
const folder = mkdtempSync(join(tmpdir(), "gradbook-bench-"));

function record(): void {
  const generator = random.generator(1);
  for (let place = 0; place < count; place++) {
    const optimizer = ["SGD", "Adam", "RMSProp"][place % 3];
    const learningRate = 1e-4 * (1 + place);
    const run = track.run(`run ${place}`, { folder, params: { optimizer, learningRate, batchSize: 32 } });
    for (let step = 1; step <= steps; step++) {
      const loss = 2 / (1 + learningRate * step) + 0.1 * generator.uniform();
      run.log({ loss, accuracy: 1 / (1 + loss) }, { step });
    }
    run.finish();
  }
}

/** Seconds from an act on the page until it shows what is asked for and two frames have been painted. */
async function timed(page: Page, act: string, shows: string): Promise<number> {
  const milliseconds = await page.evaluate<number>(`(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const start = performance.now();
    ${act};
    while (!(${shows})) await frame();
    await frame();
    await frame();
    return performance.now() - start;
  })()`);
  return milliseconds / 1000;
}

/** A table drawn, and a figure that holds what Plotly has drawn. */
const tracesOf = (root: string): string => `document.querySelectorAll('${root} .scatterlayer .trace').length`;

async function onThePage(): Promise<string[][]> {
  const cli = join(root, "dist/kernel/cli.js");
  const server = spawn(process.execPath, [cli, "runs", "--serve", "--port", "0", "--folder", folder]);
  const [url] = await waitForOutput(server, /http:\/\/127\.0\.0\.1:\d+\//);
  const browser = await chromium.launch({
    executablePath: process.env["CHROME_PATH"]!,
    args: ["--no-sandbox"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
    const opened = performance.now();
    await page.goto(url);
    await page.locator("#figure .scatterlayer .trace").nth(9).waitFor();
    const opening = (performance.now() - opened) / 1000;
    const all = await timed(
      page,
      `document.querySelector('#head input').click()`,
      `${tracesOf("#figure")} === ${count}`,
    );
    const parallel = await timed(
      page,
      `const view = document.querySelector('#view');
       view.value = 'parallel';
       view.dispatchEvent(new Event('change'))`,
      `document.querySelectorAll('#figure .annotation').length > 5`,
    );
    return [
      ["page: opened, a table of all and 10 curves", opening.toFixed(2)],
      ["page: all drawn, curves and table", all.toFixed(2)],
      ["page: parallel coordinates of all", parallel.toFixed(2)],
    ];
  } finally {
    await browser.close();
    await stop(server);
  }
}

async function inANotebook(): Promise<string[][]> {
  const cells = [
    ["the first figure, for which the page loads Plotly", `plot.figure({ data: [{ y: [1, 2] }] })`],
    ["compared, as a table", `const race = track.compare({}, { folder: ${JSON.stringify(folder)} });\nrace`],
    ["curves", `plot.runCurves(race.curves("loss", { points: 200 }), { metric: "loss" })`],
    ["parallel coordinates", `plot.parallelCoordinates(race.table(), { color: "loss" })`],
  ];
  const shows = [
    "cell.querySelectorAll('.scatterlayer .trace').length === 1",
    "cell.querySelectorAll('td').length > 500",
    `cell.querySelectorAll('.scatterlayer .trace').length === ${count}`,
    "cell.querySelectorAll('.annotation').length > 5",
  ];
  const lab = await startLab();
  try {
    writeFileSync(
      join(lab.notebooks, "compare.ipynb"),
      notebookOf("1 + 1", ...cells.map(([, source]) => source!)),
    );
    const page = await lab.open("compare.ipynb");
    const lines: string[][] = [];
    await command(page, "notebook:run-cell-and-select-next");
    for (const [index, [title]] of cells.entries()) {
      const seconds = await timed(
        page,
        `const cell = jupyterapp.shell.currentWidget.content.widgets[${index + 1}].node;
         void jupyterapp.commands.execute('notebook:run-cell-and-select-next')`,
        shows[index]!,
      ).catch(async (error: unknown) => {
        throw new Error(JSON.stringify(await outputs(page)).slice(0, 2000), { cause: error });
      });
      lines.push([`notebook: ${title}`, seconds.toFixed(2)]);
    }
    return lines;
  } finally {
    await lab.close();
  }
}

try {
  record();
  const lines = [...(await onThePage()), ...(await inANotebook())];
  console.log(`\n${count} runs of ${steps} steps, in Chromium\n\n${table(["", "s"], lines)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
