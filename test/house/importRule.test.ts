/** The import rule is a lint configuration, and one that never fires looks just like one that is obeyed. */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const oxlint = join(root, "node_modules/oxlint/bin/oxlint");

let tree: string;
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), "gradbook-lint-"));
  copyFileSync(join(root, ".oxlintrc.json"), join(tree, ".oxlintrc.json"));
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

/** Lints a tree of these files under the project's configuration; answers the rules that fired. */
async function lint(files: Record<string, string>): Promise<string[]> {
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), source);
  }
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [oxlint, "--format=json"], { cwd: tree }, (_error, stdout) => resolve(stdout));
  });
  const { diagnostics } = JSON.parse(output) as { diagnostics: { code: string; filename: string }[] };
  return diagnostics.map(({ code, filename }) => `${filename}: ${/\((.*)\)/.exec(code)?.[1]}`);
}

const leaf = "export const value = 1;\n";
const importing = (specifier: string): string =>
  `import { value } from "${specifier}";\nexport const v = value;\n`;

test.each([
  ["src/util/a.ts", "../random/b.ts", "src/random/b.ts"],
  ["src/ops/a.ts", "../tensor/b.ts", "src/tensor/b.ts"],
  ["src/backend/wasm/a.ts", "../../ops/b.ts", "src/ops/b.ts"],
  ["src/tensor/a.ts", "../nn/b.ts", "src/nn/b.ts"],
  ["src/optim/a.ts", "../train/b.ts", "src/train/b.ts"],
  ["src/data/augment/a.ts", "../../train/b.ts", "src/train/b.ts"],
  ["src/plot/a.ts", "../sweep/b.ts", "src/sweep/b.ts"],
  ["src/sweep/a.ts", "../index.ts", "src/index.ts"],
  ["src/util/a.ts", "../../kernel/b.ts", "kernel/b.ts"],
  ["src/index.ts", "../kernel/b.ts", "kernel/b.ts"],
  ["kernel/a.ts", "../src/util/b.ts", "src/util/b.ts"],
])("%s may not import %s", async (from, specifier, to) => {
  expect(await lint({ [from]: importing(specifier), [to]: leaf })).toEqual([
    `${from}: no-restricted-imports`,
  ]);
});

test.each([
  ["src/random/a.ts", "../util/b.ts", "src/util/b.ts"],
  ["src/ops/a.ts", "../backend/wasm/b.ts", "src/backend/wasm/b.ts"],
  ["src/nn/a.ts", "../initializers/b.ts", "src/initializers/b.ts"],
  ["src/optim/a.ts", "../regularizers/b.ts", "src/regularizers/b.ts"],
  ["src/tracking/a.ts", "../plot/b.ts", "src/plot/b.ts"],
  ["src/sweep/a.ts", "../train/b.ts", "src/train/b.ts"],
  ["src/index.ts", "./sweep/b.ts", "src/sweep/b.ts"],
])("%s may import %s", async (from, specifier, to) => {
  expect(await lint({ [from]: importing(specifier), [to]: leaf })).toEqual([]);
});

test("a cycle is refused, one of types too", async () => {
  const cycle = await lint({
    "src/ops/a.ts": `import type { B } from "./b.ts";\nexport interface A { b: B }\n`,
    "src/ops/b.ts": `import type { A } from "./a.ts";\nexport interface B { a: A }\n`,
  });
  expect(cycle.toSorted()).toEqual(["src/ops/a.ts: no-cycle", "src/ops/b.ts: no-cycle"]);
});

test("Math.random is refused in src/", async () => {
  const source = "export const draw = (): number => Math.random();\n";
  expect(await lint({ "src/data/a.ts": source, "scripts/a.ts": source })).toEqual([
    "src/data/a.ts: no-restricted-properties",
  ]);
});
