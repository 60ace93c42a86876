import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onPath, root, venvFolder, venvProgram } from "./paths.mjs";
import { findPython } from "./python.mjs";
import { keepLog, run } from "./run.mjs";
import { SetupError, step } from "./say.mjs";
import { contentHash, once, stampFile } from "./stamp.mjs";

/**
 * A JupyterLab: its program, and the prefix under which it looks for kernels and extensions.
 * @typedef {{ program: string, prefix: string }} Jupyter
 */

/** Present in a virtual environment that is complete, so that one cut short is not taken for whole. */
const marker = join(venvFolder, ".gradbook-complete");

/**
 * The JupyterLab on the path where it will do, else the project's own, made on the first call.
 * @param {{ own: boolean }} options own: pass over the one on the path
 * @returns {Promise<Jupyter>}
 */
export async function findJupyter({ own }) {
  if (!own && !existsSync(marker)) {
    const found = await onThisMachine();
    if (found) return found;
  }
  await makeVenv();
  return { program: venvProgram("jupyter-lab"), prefix: venvFolder };
}

/** Adds the clients that test the kernel to the project's own environment. */
export async function installTestRequirements() {
  const file = join("test", "requirements.txt");
  await once(join(venvFolder, ".gradbook-test"), contentHash([file]), () =>
    step("Installing what the kernel's tests need", () => pip(file)),
  );
}

/** @returns {Promise<Jupyter | undefined>} */
async function onThisMachine() {
  const program = onPath("jupyter-lab");
  if (!program) return undefined;
  const known = stampFile("jupyter");
  if (existsSync(known)) {
    const remembered = JSON.parse(readFileSync(known, "utf8"));
    if (remembered.program === program && existsSync(remembered.prefix)) return remembered;
  }
  const version = (await run(program, ["--version"])).stdout.trim();
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major !== 4 || minor < 4) return undefined;

  // JupyterLab says where its application lies: <prefix>/share/jupyter/lab.
  const { stdout } = await run(program, ["path"]);
  const application = /^Application directory:\s*(.+)$/m.exec(stdout)?.[1]?.trim();
  if (!application) return undefined;
  const prefix = dirname(dirname(dirname(application)));
  try {
    accessSync(nearestExisting(join(prefix, "share", "jupyter")), constants.W_OK);
  } catch {
    throw new SetupError(
      `JupyterLab ${version} at ${program} keeps its kernels under ${prefix}, where you may not write: ` +
        "run `npm start -- --venv`, which makes gradbook a JupyterLab of its own in .venv.",
    );
  }
  console.log(`Using JupyterLab ${version} at ${program}`);
  mkdirSync(dirname(known), { recursive: true });
  writeFileSync(known, JSON.stringify({ program, prefix }));
  return { program, prefix };
}

/** @param {string} path @returns {string} */
function nearestExisting(path) {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

async function makeVenv() {
  await once(marker, contentHash(["requirements.txt"]), async () => {
    if (existsSync(venvFolder)) rmSync(venvFolder, { recursive: true, force: true });
    const python = await findPython();
    try {
      await step("Making .venv for Python", () => program(python, "venv", "-m", "venv", venvFolder));
      // JupyterLab runs CommonJS scripts from here, which would inherit "type": "module" from the checkout.
      writeFileSync(join(venvFolder, "package.json"), "{}\n");
      await step("Installing JupyterLab into .venv", () => pip("requirements.txt"));
    } catch (error) {
      rmSync(venvFolder, { recursive: true, force: true });
      throw error;
    }
  });
}

/** @param {string} requirements */
async function pip(requirements) {
  const flags = ["--quiet", "--disable-pip-version-check", "--no-input"];
  await program(venvProgram("python"), "pip", "-m", "pip", "install", ...flags, "-r", requirements);
}

/** @param {string} path @param {string} name @param {string[]} args */
async function program(path, name, ...args) {
  const { ok, output } = await run(path, args);
  if (!ok)
    throw new SetupError(
      `${name} failed: ${keepLog(name, output)}; check the network and that you may write to ${root}, ` +
        "then run the same command again.",
    );
}
