import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Library } from "../../../kernel/runs/library.ts";
import * as plot from "../../../src/plot/index.ts";
import * as track from "../../../src/tracking/index.ts";
import { temporaryFolder } from "../../tracking/folder.ts";

const cli = join(import.meta.dirname, "../../../dist/kernel/cli.js");

test("the commands and the page ask of the package what it has", () => {
  const asked: Library = { track, plot };
  expect(asked).toEqual({ track, plot });
});

function twoRuns(): { folder: string; ids: string[] } {
  const folder = temporaryFolder();
  const ids = [0.1, 0.01].map((learningRate, place) => {
    const run = track.run(place === 0 ? "<b>first</b>" : "second", {
      folder,
      params: { learningRate, batchSize: 32 },
      tags: place === 0 ? ["kept"] : [],
    });
    for (let step = 1; step <= 5; step++) run.log({ loss: (place + 1) / step }, { step });
    run.artifact("note.txt", { contents: "hello" });
    if (place === 0) run.finish();
    else run.finish("failed", "no memory");
    return run.id;
  });
  return { folder, ids };
}

function gradbook(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, "runs", ...args], (_error, output, errors) =>
      resolve({ code: child.exitCode ?? -1, output, errors }),
    );
  });
}

test("list, show, compare, export and delete", async () => {
  const { folder, ids } = twoRuns();
  const here = ["--folder", folder];
  const listed = await gradbook(...here);
  expect(listed.output.split("\n")[0]).toMatch(/^id +name +status +started +seconds +tags +metrics, last$/);
  expect(listed.output).toContain(`${ids[1]}  second        failed`);
  expect(listed.output).toContain("loss 0.4");
  const asJson = await gradbook("list", "--tag", "kept", "--json", ...here);
  expect(JSON.parse(asJson.output)).toMatchObject([
    { id: ids[0], params: { learningRate: 0.1 }, metrics: { loss: { last: 0.2, min: 0.2, max: 1 } } },
  ]);

  const { output } = await gradbook("show", ids[1].slice(-8), ...here);
  expect(output).toMatch(/status +failed: no memory/);
  expect(output).toMatch(/learningRate +0\.01/);
  expect(output).toMatch(/loss +0\.4 +0\.4 +2/);
  expect(output).toMatch(
    /note\.txt +5 bytes +SHA-256 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824/,
  );

  const shown = await gradbook("show", ids[1], "--json", ...here);
  expect(JSON.parse(shown.output)).toMatchObject({
    reason: "no memory",
    params: { learningRate: 0.01, batchSize: 32 },
    artifacts: [{ name: "note.txt", bytes: 5, sha256: expect.stringMatching(/^2cf24dba/) }],
    lost: 0,
  });

  const compared = await gradbook("compare", ...ids, ...here);
  expect(compared.output.split("\n")[1]).toMatch(/^learningRate +0\.1 +0\.01$/);

  const csv = join(folder, "runs.csv");
  expect((await gradbook("export", "csv", csv, ids[0], ...here)).output).toBe(`5 numbers in ${csv}\n`);
  expect(readFileSync(csv, "utf8").split("\n")).toHaveLength(7);
  const parquet = join(folder, "runs.parquet");
  const exported = await gradbook("export", "parquet", parquet, "--search", "SECOND", ...here);
  expect(exported.output).toBe(`5 numbers in ${parquet}\n`);
  await gradbook("export", "tensorboard", join(folder, "board"), ...here);
  expect(readdirSync(join(folder, "board"))).toHaveLength(2);

  const asked = await gradbook("delete", ids[0], ...here);
  expect([asked.code, existsSync(join(folder, ids[0]))]).toEqual([1, true]);
  expect(asked.output).toContain("Nothing was deleted: --yes deletes for good.");
  expect((await gradbook("delete", ids[0], "--yes", ...here)).code).toBe(0);
  expect(existsSync(join(folder, ids[0]))).toBe(false);
}, 60_000);

test.each([
  [["lst"], 2, 'gradbook runs: runs has no command "lst"'],
  [["show"], 2, "gradbook runs: show takes one run"],
  [["list", "--status", "done"], 2, 'no status is called "done": choose one of running, finished,'],
  [["compare", "--name", "none"], 2, "compare takes two runs or more"],
  [["export", "xml", "x"], 2, 'runs are exported as csv, parquet or tensorboard, not as "xml"'],
  [["show", "zzz"], 1, /no run "zzz" in .*, which holds 2; track\.runs\(\) lists them/],
] as [string[], number, string | RegExp][])(
  "gradbook runs %j says what is wrong",
  async (args, code, message) => {
    const { folder } = twoRuns();
    const answer = await gradbook(...args, "--folder", folder);
    expect(answer.errors).toMatch(message);
    expect(answer.code).toBe(code);
    expect(answer.errors.includes("Usage: gradbook runs")).toBe(code === 2);
  },
);

async function served(folder: string): Promise<string> {
  const child: ChildProcess = spawn(process.execPath, [
    cli,
    "runs",
    "--serve",
    "--port",
    "0",
    "--folder",
    folder,
  ]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(child.stdout!, "data")) as [Buffer];
  return /http:\/\/127\.0\.0\.1:\d+\//.exec(String(line))![0];
}

/** The status that a request gets which names this host. */
function statusFor(url: string, options: { host?: string; method?: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    const { host, method = "GET" } = options;
    request(url, { method, headers: host === undefined ? {} : { host } }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on("error", reject)
      .end();
  });
}

test("the page serves lists and curves, to this machine under its own name, to look at only", async () => {
  const { folder, ids } = twoRuns();
  const url = await served(folder);
  const page = await fetch(url);
  expect(await page.text()).toContain("<title>gradbook runs</title>");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  const listed = (await (await fetch(`${url}api/runs`)).json()) as { id: string }[];
  expect(listed.map(({ id }) => id)).toEqual(ids);
  const curves = await (await fetch(`${url}api/curves?metric=loss&ids=${ids.join(",")}`)).json();
  expect(curves).toMatchObject({
    differences: ["learningRate"],
    curves: [{ id: ids[0], steps: [1, 2, 3, 4, 5], values: [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5] }, { id: ids[1] }],
  });
  const parallel = await (await fetch(`${url}api/parallel?metric=loss&ids=${ids.join(",")}`)).json();
  expect(parallel).toMatchObject({
    differences: ["learningRate"],
    layout: { xaxis: { ticktext: ["params.learningRate", "loss"] } },
  });
  const [alone] = ids;
  expect(await (await fetch(`${url}api/parallel?metric=loss&ids=${alone}`)).json()).toEqual({
    differences: [],
  });
  // As many as a folder holds after a year of sweeps.
  const many = Array.from({ length: 5000 }, () => alone).join(",");
  expect((await fetch(`${url}api/curves?metric=loss&ids=${many}`)).status).toBe(200);
  const port = new URL(url).port;
  expect(await statusFor(url, { host: `localhost:${port}` })).toBe(200);
  expect(await statusFor(url, { host: `attacker.example:${port}` })).toBe(403);
  expect(await statusFor(url, { host: "127.0.0.1" })).toBe(403);
  expect(await statusFor(url, { method: "POST" })).toBe(405);
  expect(await statusFor(`${url}api/curves?metric=loss&ids=../../x`, {})).toBe(404);
  expect(await statusFor(`${url}..%2f..%2fpackage.json`, {})).toBe(404);
}, 60_000);

test("the page is told of every change", async () => {
  const { folder } = twoRuns();
  const url = await served(folder);
  const changes = await fetch(`${url}api/changes`);
  const reader = changes.body!.pipeThrough(new TextDecoderStream()).getReader();
  const next = async (): Promise<string> => {
    for (;;) {
      const { value = "", done } = await reader.read();
      if (done) throw new Error("the page is not followed any more");
      if (value.includes("data:")) return value;
    }
  };
  expect(await next()).toContain("data: changed");
  const run = track.run("later", { folder });
  expect(await next()).toContain("data: changed");
  run.log({ loss: 1 });
  expect(await next()).toContain("data: changed");
  run.finish();
  await reader.cancel();
}, 60_000);
