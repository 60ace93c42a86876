import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where set-up remembers what it has done, and keeps the output of what failed. */
export const stateFolder = join(root, ".gradbook");

const windows = process.platform === "win32";

/** The virtual environment's folder of programs. */
export const venvFolder = join(root, ".venv");
const venvPrograms = join(venvFolder, windows ? "Scripts" : "bin");

/**
 * A program of the virtual environment.
 * @param {string} name
 */
export function venvProgram(name) {
  return join(venvPrograms, windows ? `${name}.exe` : name);
}

/** The Node.js everything runs on: the pinned one, or the one at hand where its install script was refused. */
export function pinnedNode() {
  const pinned = join(root, "node_modules", "node", "bin", windows ? "node.exe" : "node");
  return existsSync(pinned) ? pinned : process.execPath;
}

/**
 * The first of these programs on the path, or undefined.
 * @param {string[]} names
 */
export function onPath(...names) {
  const extensions = windows ? [".exe", ".cmd", ".bat"] : [""];
  for (const name of names)
    for (const folder of (process.env["PATH"] ?? "").split(delimiter).filter(Boolean))
      for (const extension of extensions) {
        const candidate = join(folder, name + extension);
        if (existsSync(candidate)) return candidate;
      }
  return undefined;
}
