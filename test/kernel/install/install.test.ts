/** `gradbook install` and `uninstall`, built, into folders of the test's own. */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const cli = join(import.meta.dirname, "../../../dist/kernel/cli.js");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradbook-install-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

function gradbook(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [cli, ...args],
      { env: { ...process.env, ...env } },
      (_error, output, errors) => resolve({ code: child.exitCode ?? -1, output, errors }),
    );
  });
}

/** A folder of programs to put on the path, each a shell script. */
function programs(scripts: Record<string, string>): NodeJS.ProcessEnv {
  const path = join(folder, "programs");
  mkdirSync(path);
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(path, name), 0o755);
  }
  return { PATH: path };
}

const installed = (data: string): boolean[] =>
  [join(data, "kernels/gradbook/kernel.json"), join(data, "labextensions/gradbook-labextension")].map(
    (path) => existsSync(path),
  );

test.each([
  ["for the user where nothing is said", [], "own"],
  ["for the user", ["--user"], "own"],
  ["under a prefix", ["--prefix", "environment"], "environment/share/jupyter"],
  ["under the prefix of the Python on the path", ["--sys-prefix"], "python/share/jupyter"],
])("install and uninstall %s", async (_title, options, place) => {
  const data = join(folder, place);
  const neighbour = join(data, "kernels", "another");
  mkdirSync(neighbour, { recursive: true });
  const args = options.map((each) => (each === "environment" ? join(folder, each) : each));
  const env = {
    ...programs({ python3: `echo ${join(folder, "python")}` }),
    JUPYTER_DATA_DIR: join(folder, "own"),
  };
  const first = await gradbook(["install", ...args], env);
  expect(first).toMatchObject({ code: 0, errors: "" });
  expect(installed(data)).toEqual([true, true]);
  const second = await gradbook(["uninstall", ...args], env);
  expect(second.output).toBe(first.output.replaceAll("Installed", "Removed"));
  expect(installed(data)).toEqual([false, false]);
  expect(existsSync(neighbour)).toBe(true);
  const third = await gradbook(["uninstall", ...args], env);
  expect(third).toMatchObject({ code: 0, output: `Nothing of gradbook is installed under ${data}\n` });
});

test("install says what is wrong with its place", async () => {
  const two = await gradbook(["install", "--user", "--prefix", folder]);
  expect(two.code).toBe(2);
  expect(two.errors).toContain("give one of them");
  const none = await gradbook(["install", "--sys-prefix"], programs({}));
  expect(none).toMatchObject({ code: 1, output: "" });
  expect(none.errors).toContain("no Python on the path; name the folder with --prefix");
  const file = join(folder, "file");
  writeFileSync(file, "");
  const notAFolder = await gradbook(["install", "--prefix", file]);
  expect(notAFolder.code).toBe(1);
  expect(notAFolder.errors).toContain(file);
});

test.runIf(process.platform === "linux")("install says where no folder can be made, and ends", async () => {
  const nowhere = await gradbook(["install", "--prefix", "/proc/self/environment"]);
  expect(nowhere).toMatchObject({ code: 1, output: "" });
  expect(nowhere.errors).toMatch(
    /no folder can be made in \/proc\/\S+: choose another place, --user or --prefix/,
  );
});
