/** The page of `gradbook runs --serve` in a real browser, following runs that go on. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import * as track from "../../src/tracking/index.ts";
import { root, screenshots, temporaryFolder, waitForOutput } from "./lab.ts";

test.each(["light", "dark"] as const)("the page of runs follows them, %s", async (colorScheme) => {
  const { path: folder, remove } = temporaryFolder();
  onTestFinished(remove);
  const runs = [0.1, 0.01].map((learningRate) => track.run("digits", { folder, params: { learningRate } }));
  for (const [place, run] of runs.entries())
    for (let step = 1; step <= 100; step++) run.log({ loss: (place + 1) / step }, { step });
  const hostile = track.run("<img src=x onerror=document.title='broken'>", { folder });
  hostile.log({ loss: 2 });

  const cli = join(root, "dist/kernel/cli.js");
  const server = spawn(process.execPath, [cli, "runs", "--serve", "--port", "0", "--folder", folder]);
  onTestFinished(() => void server.kill("SIGKILL"));
  const [url] = await waitForOutput(server, /http:\/\/127\.0\.0\.1:\d+\//);
  const browser = await chromium.launch({
    executablePath: process.env["CHROME_PATH"]!,
    args: ["--no-sandbox"],
  });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ colorScheme });
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(url);

  await page.locator("#body tr").nth(2).waitFor();
  await page.locator("#figure .scatterlayer .trace").nth(2).waitFor();
  expect(await page.locator("#head th").allTextContents()).toContain("learningRate");
  expect(await page.locator("#body tr").first().textContent()).toContain("<img src=x");
  // The last value of the second run, in a row that follows it.
  const row = page.locator("#body tr", { hasText: runs[1].id.slice(-6) });
  expect(await row.textContent()).toContain("0.02");
  runs[1].log({ loss: 0.0123 });
  await row.filter({ hasText: "0.0123" }).waitFor();
  runs[1].finish();
  await row.filter({ hasText: "finished" }).waitFor();

  await page.locator("#search").fill("0.01");
  await page.locator("#body tr").nth(1).waitFor({ state: "detached" });
  expect(await page.locator("#body tr").count()).toBe(1);
  await page.locator("#search").fill("");
  await row.locator("input").uncheck();
  await page.locator("#figure .scatterlayer .trace").nth(2).waitFor({ state: "detached" });
  const all = page.locator("#head input");
  expect(await all.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true);
  await all.check();
  await page.locator("#figure .scatterlayer .trace").nth(2).waitFor();
  await page.screenshot({ path: join(screenshots, `runs-${colorScheme}.png`), fullPage: true });
  await page.locator("#view").selectOption("parallel coordinates");
  await page.locator("#figure .xtick text", { hasText: "learningRate" }).waitFor();
  await page.screenshot({ path: join(screenshots, `runs-parallel-${colorScheme}.png`), fullPage: true });
  await all.uncheck();
  await page.locator("#figure", { hasText: "Choose runs that differ in a parameter" }).waitFor();
  expect(errors).toEqual([]);
  expect(await page.title()).toBe("gradbook runs");
  runs[0].finish();
  hostile.finish();
});
