/**
 * `npm ci` refuses a lock file from which an optional package is missing. npm writes such a file by itself
 * where its registry has no packages for other platforms, and installs happily from it where it was written.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

interface Locked {
  optionalDependencies?: Record<string, string>;
}

const lock = JSON.parse(readFileSync(join(import.meta.dirname, "../../package-lock.json"), "utf8")) as {
  packages: Record<string, Locked>;
};

/** Whether a package finds this dependency, looking outwards through node_modules as Node does. */
function found(from: string, name: string): boolean {
  if (`${from}${from && "/"}node_modules/${name}` in lock.packages) return true;
  if (from === "") return false;
  return found(from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/"))), name);
}

test("the lock file holds the packages of every platform", () => {
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !found(path, name)),
  );
  expect(missing).toEqual([]);
});
