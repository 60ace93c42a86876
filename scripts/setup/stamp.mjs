import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root, stateFolder } from "./paths.mjs";

const ignored = new Set(["node_modules", "lib", "__pycache__"]);

/** @param {string} path @returns {string[]} */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .filter((name) => !ignored.has(name))
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

/**
 * One hash over the names and contents of files and folders of the checkout.
 * @param {string[]} inputs
 */
export function contentHash(inputs) {
  const hash = createHash("sha256");
  for (const file of inputs.flatMap((input) => filesUnder(join(root, input))))
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update("\0");
  return hash.digest("hex");
}

/**
 * Does work whose result depends on these inputs alone, unless it was done for the same inputs before.
 * The stamp goes before the work and comes back after it, so work cut short is done again.
 * @param {string} file the stamp
 * @param {string} hash of the inputs
 * @param {() => Promise<void>} work
 */
export async function once(file, hash, work) {
  if (existsSync(file) && readFileSync(file, "utf8") === hash) return;
  rmSync(file, { force: true });
  await work();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
}

/** @param {string} name */
export function stampFile(name) {
  return join(stateFolder, `${name}.stamp`);
}
