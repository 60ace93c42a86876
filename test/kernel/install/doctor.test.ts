/** `gradbook doctor`, built, with folders and a Jupyter of the test's own. */
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const built = join(import.meta.dirname, "../../../dist/kernel");
const load = (module: string): Promise<unknown> => import(pathToFileURL(join(built, module)).href);
const { checkExtension, checkJupyter, checkKernelSpec } = (await load(
  "install/checks.js",
)) as typeof import("../../../kernel/install/checks.ts");
const { install } = (await load("install/install.js")) as typeof import("../../../kernel/install/install.ts");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradbook-doctor-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** With a JupyterLab on the path that looks for kernels in this folder. */
function doctor(data: string, env: NodeJS.ProcessEnv = {}): Promise<{ code: number; output: string }> {
  const programs = { "jupyter-lab": "echo 4.6.6", jupyter: `echo '${JSON.stringify({ data: [data] })}'` };
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return new Promise((resolve) => {
    const options = { env: { ...process.env, PATH: folder, ...env } };
    const child = execFile(process.execPath, [join(built, "cli.js"), "doctor"], options, (_error, output) =>
      resolve({ code: child.exitCode ?? -1, output }),
    );
  });
}

test("where everything is installed, doctor tells of each part and ends with 0", async () => {
  install(folder);
  const { code, output } = await doctor(folder);
  expect(output.split("\n").filter((line) => !line.startsWith(" "))).toEqual([
    expect.stringMatching(/^[✓!] Node        v\d+\.\d+\.\d+, /),
    expect.stringMatching(
      /^[✓!] SIMD        (128|256) bits, \d+ threads?, every kernel passed its self-test/,
    ),
    expect.stringMatching(/^✓ Kernel      started and ran a cell in [\d.]+ s$/),
    "✓ JupyterLab  4.6.6, jupyter-lab",
    `✓ Kernelspec  ${join(folder, "kernels", "gradbook", "kernel.json")}`,
    `✓ Extension   ${join(folder, "labextensions", "gradbook-labextension")}`,
    "",
  ]);
  expect(code).toBe(0);
}, 120_000);

test("what is broken ends doctor with 1, each with its mend below it", async () => {
  const { code, output } = await doctor(folder, { GRADBOOK_SIMD: "512" });
  expect(output).toContain(
    '✗ SIMD        GRADBOOK_SIMD must be 128 or 256, got "512"\n              → set GRADBOOK_SIMD',
  );
  expect(output).toMatch(
    /✗ Kernel {6}a cell failed: GRADBOOK_SIMD must be 128 or 256.*\n {14}→ set GRADBOOK_SIMD as the README says, or unset it/,
  );
  expect(output).toContain(
    "✗ Kernelspec  JupyterLab has none of gradbook\n              → npx gradbook install\n",
  );
  expect(output).toContain("✗ Extension   JupyterLab has none");
  expect(code).toBe(1);
}, 120_000);

const jupyter = (...dataFolders: string[]) => ({ lab: "jupyter-lab", version: "4.6.6", dataFolders });

test("the first folder that has a kernelspec or an extension is the one that counts", () => {
  const [first, second] = [join(folder, "environment", "share", "jupyter"), join(folder, "second")] as const;
  install(second);
  expect(checkKernelSpec(jupyter(first, second)).status).toBe("works");
  expect(checkExtension(jupyter(first, second)).status).toBe("works");

  install(first);
  const spec = join(first, "kernels", "gradbook", "kernel.json");
  const own = readFileSync(spec, "utf8");
  writeFileSync(spec, own.replace("main.js", "gone.js"));
  writeFileSync(join(first, "labextensions", "gradbook-labextension", "package.json"), "{}");
  expect(checkKernelSpec(jupyter(first, second))).toMatchObject({
    status: "broken",
    detail: expect.stringMatching(/kernel\.json starts \S+gone\.js, which is missing$/),
    mend: `npx gradbook install --prefix ${join(folder, "environment")}`,
  });
  expect(checkExtension(jupyter(first, second))).toMatchObject({
    status: "broken",
    detail: expect.stringMatching(/is of another version$/),
  });

  writeFileSync(spec, own.replace("{connection_file}", "{connection_file} of another"));
  expect(checkKernelSpec(jupyter(first))).toMatchObject({
    status: "works, but",
    detail: expect.stringContaining("starts another gradbook"),
  });
  writeFileSync(spec, "{");
  expect(checkKernelSpec(jupyter(first)).detail).toContain("cannot be read");
});

test.each(["3.6.0", "4.3.9", "5.0.0"])("JupyterLab %s is refused", (version) => {
  expect(checkJupyter({ ...jupyter(folder), version })).toMatchObject({
    status: "broken",
    detail: `${version}, jupyter-lab, and gradbook needs 4.4 or a later 4`,
    mend: expect.stringContaining("pip install"),
  });
});

test("a missing JupyterLab is told with where to get one", () => {
  expect(checkJupyter(undefined)).toMatchObject({
    status: "broken",
    detail: "there is no jupyter-lab on the path",
  });
});
