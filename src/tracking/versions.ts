import { existsSync, readFileSync } from "node:fs";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";

let own: string | undefined;

/** What a run's numbers may depend on besides its code. */
export function versions(): Record<string, string> {
  own ??= gradbookVersion();
  const { node, v8 } = process.versions;
  return { gradbook: own, node, v8, platform: `${platform()} ${arch()}` };
}

/** From the package's own package.json, found upwards: this file runs from src/ and from dist/src/. */
function gradbookVersion(): string {
  let directory = import.meta.dirname;
  while (!existsSync(join(directory, "package.json"))) {
    const parent = dirname(directory);
    if (parent === directory) return "unknown";
    directory = parent;
  }
  return (JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as { version: string }).version;
}
