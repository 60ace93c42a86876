/** Whole runs, on the built kernel. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const cli = join(import.meta.dirname, "../../../dist/kernel/cli.js");

// A kernel starts for each run, and machines are slow at times.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradbook-runner-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(...sources: string[]): string {
  const cells = sources.map((source, index) => ({
    cell_type: "code",
    id: `id-${index}`,
    source,
    metadata: {},
  }));
  const path = join(folder, "notebook.ipynb");
  writeFileSync(path, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return path;
}

function gradbook(...args: string[]): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { cwd: folder }, (error, _stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stderr }),
    );
  });
}

test("a notebook is saved as Jupyter saves it, each figure with its picture", async () => {
  const notebook = write(
    `console.log("one"); console.log("two");`,
    `plot.figure({ data: [{ y: [3, 1, 2] }], layout: { title: { text: "three points" } } })`,
  );
  expect(await gradbook("run", notebook)).toEqual({ code: 0, stderr: "" });

  const text = readFileSync(notebook, "utf8");
  expect(
    text.startsWith(
      '{\n "cells": [\n  {\n   "cell_type": "code",\n   "execution_count": 1,\n   "id": "id-0"',
    ),
  ).toBe(true);
  expect(text.endsWith("}\n")).toBe(true);
  const { cells, metadata } = JSON.parse(text);
  expect(metadata.kernelspec.name).toBe("gradbook");
  expect(cells[0].outputs).toEqual([{ output_type: "stream", name: "stdout", text: ["one\n", "two\n"] }]);
  const { data, metadata: shownAs } = cells[1].outputs[0];
  expect(Object.keys(data).sort()).toEqual(["application/vnd.plotly.v1+json", "image/png", "text/plain"]);
  const picture = Buffer.from(data["image/png"], "base64");
  expect(picture.subarray(1, 4).toString()).toBe("PNG");
  expect(shownAs).toEqual({ "image/png": { width: 800, height: 400 } });
});

test("a course notebook gives the numbers that are saved in it", async () => {
  const course = join(import.meta.dirname, "../../../notebooks/02-learning-to-see.ipynb");
  const notebook = join(folder, "notebook.ipynb");
  copyFileSync(course, notebook);
  expect(await gradbook("run", notebook)).toEqual({ code: 0, stderr: "" });
  // By its id a page tells one drawing from another; it is new each time.
  const outputs = (path: string): unknown[] =>
    JSON.parse(readFileSync(path, "utf8").replaceAll(/"figureId": "[^"]*"/g, '"figureId": ""')).cells.map(
      (cell: { outputs?: unknown }) => cell.outputs,
    );
  expect(outputs(notebook)).toEqual(outputs(course));
});

test("running a notebook again changes no byte of it", async () => {
  const notebook = write(`plot.figure({ data: [{ y: [3, 1, 2] }] })`);
  await gradbook("run", notebook);
  const first = readFileSync(notebook, "utf8");
  await gradbook("run", notebook);
  expect(readFileSync(notebook, "utf8")).toBe(first);
});

test("a failing cell ends the run with exit code 1, its source and its error", async () => {
  const notebook = write(`const x = 1;`, `throw new RangeError("no such thing");`, `x`);
  const { code, stderr } = await gradbook("run", notebook);
  expect(code).toBe(1);
  expect(stderr).toContain("cell 2 failed");
  expect(stderr).toContain(`throw new RangeError("no such thing");`);
  expect(stderr).toContain("RangeError: no such thing");
  const { cells } = JSON.parse(readFileSync(notebook, "utf8"));
  expect(cells[1].outputs[0]).toMatchObject({ output_type: "error", ename: "RangeError" });
  expect(cells[2]).toMatchObject({ outputs: [], execution_count: null });
});

test("an unknown command names itself and the usage", async () => {
  const { code, stderr } = await gradbook("frobnicate");
  expect(code).toBe(2);
  expect(stderr).toMatch(/there is no command "frobnicate"\n\nUsage: gradbook/);
});

test("a file that is no notebook is named", async () => {
  const path = join(folder, "notes.txt");
  writeFileSync(path, "hello");
  const { code, stderr } = await gradbook("run", path);
  expect(code).toBe(1);
  expect(stderr).toContain(`${path} is not a notebook`);
});
