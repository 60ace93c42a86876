/** `npm start`: where it leads, and what it says when something is in the way. */
import { spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cleanJupyter, freePort, root, stop, temporaryFolder, waitForOutput } from "./lab.ts";

let folder: { path: string; remove(): void };
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

interface Ended {
  code: number | null;
  output: string;
}

/** Runs start.mjs of a checkout to its end. */
function start(checkout: string, args: string[], environment: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(checkout, "scripts", "start.mjs"), ...args], {
      env: environment,
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** A checkout that is built but has no .venv yet. */
function checkoutWithoutVenv(): string {
  const checkout = join(folder.path, "checkout");
  mkdirSync(checkout);
  cpSync(join(root, "scripts"), join(checkout, "scripts"), { recursive: true });
  const shared = [
    "node_modules",
    "dist",
    "src",
    "kernel",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
  ];
  for (const name of [...shared, "requirements.txt"]) symlinkSync(join(root, name), join(checkout, name));
  return checkout;
}

/** A path on which there is no program but this python3. */
function pathWith(python?: string): NodeJS.ProcessEnv {
  const programs = join(folder.path, "programs");
  mkdirSync(programs);
  if (python !== undefined) {
    writeFileSync(join(programs, "python3"), `#!/bin/sh\n${python}\n`);
    chmodSync(join(programs, "python3"), 0o755);
  }
  return { PATH: programs };
}

test("a second start leads to a JupyterLab with the kernel, and ends cleanly", async () => {
  const port = await freePort();
  const environment = cleanJupyter(folder.path);
  const child = spawn(
    process.execPath,
    [join(root, "scripts", "start.mjs"), "--no-browser", "--port", `${port}`],
    {
      env: environment,
    },
  );
  try {
    const [address] = await waitForOutput(child, /http:\S+\/lab\S*/);
    const url = new URL(address);
    expect([url.hostname, url.port]).toEqual(["127.0.0.1", `${port}`]);
    expect((await fetch(url)).status).toBe(200);
    url.pathname = "/api/kernelspecs";
    const { kernelspecs } = (await (await fetch(url)).json()) as { kernelspecs: Record<string, unknown> };
    expect(kernelspecs).toHaveProperty("gradbook");
  } finally {
    await stop(child);
  }
  expect(child.exitCode).toBe(0);
});

test("a taken port", async () => {
  const server = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { code, output } = await start(root, ["--no-browser", "--port", `${port}`], process.env);
  server.close();
  expect(code).toBe(1);
  expect(output).toMatch(/^Port \d+ is taken by another program: .*npm start -- --port \d+`\.\n$/);
});

test.each([
  ["no Python", undefined, /^JupyterLab needs Python .* no python3 on the path: install one .*\n$/],
  [
    "a Python that is too old",
    "echo 3.8 yes",
    /^JupyterLab needs Python .* this machine has 3\.8: install one .*\n$/,
  ],
  [
    "a Python without venv",
    "echo 3.12 no",
    /^\S+python3 has no venv module: .*apt install python3-venv.*\n$/,
  ],
])("%s: one sentence with the mend, and nothing half-installed", async (_case, python, sentence) => {
  const checkout = checkoutWithoutVenv();
  const { code, output } = await start(checkout, ["--no-browser"], pathWith(python));
  expect(output).toMatch(sentence);
  expect(code).toBe(1);
  expect(existsSync(join(checkout, ".venv"))).toBe(false);
});

test("a virtual environment that cannot be filled is taken away again", async () => {
  const checkout = checkoutWithoutVenv();
  const makesVenvWithoutPip = `
case "$*" in
  *venv*.venv*) /bin/mkdir -p .venv/bin; printf '#!/bin/sh\\necho "error: no network" >&2; exit 1\\n' > .venv/bin/python;
    /bin/chmod 755 .venv/bin/python;;
  *) echo 3.12 yes;;
esac`;
  const { code, output } = await start(checkout, ["--no-browser"], pathWith(makesVenvWithoutPip));
  expect(output).toMatch(/pip failed: error: no network .*check the network/);
  expect(code).toBe(1);
  expect(existsSync(join(checkout, ".venv"))).toBe(false);
});
