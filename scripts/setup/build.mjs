import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pinnedNode, root } from "./paths.mjs";
import { keepLog, run } from "./run.mjs";
import { SetupError, step } from "./say.mjs";
import { contentHash, once } from "./stamp.mjs";

const compiler = "node_modules/typescript/bin/tsc";
const extension = "kernel/labextension";

/** Builds what changed since the last time: the library, the kernel and the JupyterLab extension, into dist/. */
export async function build() {
  const common = ["package-lock.json", "tsconfig.json"];
  const kernel = readdirSync(join(root, "kernel")).filter((name) => name !== "labextension");

  const sources = [...common, "src", ...kernel.map((name) => `kernel/${name}`)];
  await once(join(root, "dist", ".compiled"), contentHash(sources), () =>
    step("Compiling the library and the kernel", async () => {
      await node("compile", compiler, "-p", "tsconfig.json");
      await node("compile", compiler, "-p", "kernel/tsconfig.json");
      await node("compile", compiler, "-p", "kernel/runs/page");
      await node("compile", "scripts/setup/bundleCompiler.mjs");
      await takeSnapshot();
      copyFiles("src/backend/wasm", ".wasm");
      copyFiles("kernel/runs/page", ".html", ".css");
    }),
  );

  const extensionSources = ["package.json", "tsconfig.json", "src", "style"].map(
    (name) => `${extension}/${name}`,
  );
  await once(join(root, "dist", ".extended"), contentHash([...common, ...extensionSources]), () =>
    step("Building the JupyterLab extension", async () => {
      await node("labextension", compiler, "-p", extension);
      await node(
        "labextension",
        "node_modules/@jupyter/builder/lib/build-labextension.js",
        "--core-package-file",
        "node_modules/@jupyterlab/core-meta/core.package.json",
        extension,
      );
    }),
  );
}

/**
 * The compiler leaves behind what is not TypeScript: it lies beside the code that loads it.
 * @param {string} folder
 * @param {string[]} endings
 */
function copyFiles(folder, ...endings) {
  const from = join(root, folder);
  const to = join(root, "dist", folder);
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from))
    if (endings.some((ending) => name.endsWith(ending))) copyFileSync(join(from, name), join(to, name));
}

/** Without one kernels start too, only later. */
async function takeSnapshot() {
  const { makeSnapshot } = await import(pathToFileURL(join(root, "dist/kernel/install/snapshot.js")).href);
  const failure = makeSnapshot();
  if (failure !== undefined) console.log(`The compiler will load slowly: ${keepLog("snapshot", failure)}`);
}

/** @param {string} name @param {string[]} args */
async function node(name, ...args) {
  const { ok, output } = await run(pinnedNode(), args);
  if (!ok)
    throw new SetupError(
      `${args[0]} failed: ${keepLog(name, output)}; mend the sources and run the same command again.`,
    );
}
