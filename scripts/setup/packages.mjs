import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { onPath, pinnedNode, root } from "./paths.mjs";
import { keepLog, run } from "./run.mjs";
import { SetupError, step } from "./say.mjs";

/** @typedef {{ version?: string, link?: boolean, optional?: boolean, devOptional?: boolean }} LockedPackage */

/** @param {string} file @returns {Record<string, LockedPackage>} */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}

/** npm writes the inner lock file last, so an install cut short does not look complete. */
function installed() {
  const inner = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(inner)) return false;
  const there = packagesOf(inner);
  return Object.entries(packagesOf(join(root, "package-lock.json"))).every(
    ([path, { version, link, optional, devOptional }]) =>
      !path.startsWith("node_modules/") ||
      link ||
      optional ||
      devOptional ||
      (there[path]?.version === version && existsSync(join(root, path))),
  );
}

/** Installs the locked npm packages, unless they are there. */
export async function installPackages() {
  if (installed()) return;
  await step("Installing npm packages (npm ci)", async () => {
    // Under `npm start` this is the very npm that runs us, on its own Node.
    const npm = process.env["npm_execpath"];
    const [program, first] = npm?.endsWith(".js") ? [process.execPath, [npm]] : [onPath("npm"), []];
    if (!program)
      throw new SetupError(
        "npm is not on the path: install it together with Node.js from https://nodejs.org and try again.",
      );
    const { ok, output } = await run(program, [
      ...first,
      "ci",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ]);
    if (ok) return;
    rmSync(join(root, "node_modules"), { recursive: true, force: true });
    throw new SetupError(
      `npm ci failed: ${keepLog("npm-ci", output)}; check the network and that you may write to ${root}, ` +
        "then run the same command again.",
    );
  });
  if (pinnedNode() === process.execPath)
    console.log(`npm did not install the pinned Node, so everything runs on Node ${process.versions.node}.`);
}
