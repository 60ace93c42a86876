import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import hashes from "../determinism/hashes.json" with { type: "json" };
import { npmFolderWith } from "./install.ts";
import { table } from "./table.ts";

const script = fileURLToPath(new URL("../determinism/train.ts", import.meta.url));
const nodeVersions = ["22.23.3", "24.21.0", "26.10.0"];
const tasks = ["T1", "T2", "T3"] as const;
const steps = 200;

/**
 * Train from one seed under every version of Node, number of threads, vector width and tile, and print the SHA-256 of all
 * losses and final parameters; answers whether each task has one hash everywhere, the stored one. Every kernel is compiled
 * before the training starts, those too that it does not call, since over some code a compiler of vectors may abort.
 */
export async function determinism(): Promise<boolean> {
  const lines: string[][] = [];
  for (const version of nodeVersions) {
    const node = await nodeOf(version);
    outputUnder(node, { GRADBOOK_FAST: "1" }, []);
    for (const threads of [1, 2, 4])
      for (const bits of [128, 256])
        for (const tile of [8, 16]) {
          const environment = {
            GRADBOOK_THREADS: `${threads}`,
            GRADBOOK_SIMD: `${bits}`,
            GRADBOOK_TILE: `${tile}`,
          };
          // A processor that cannot join vectors computes at 128 bits, whatever it is asked for.
          const [width, ...found] = outputUnder(node, environment, tasks);
          lines.push([version, `${threads}`, width, `${tile}`, ...found]);
          if (process.stderr.isTTY) process.stderr.write(`${lines.at(-1)!.join(" ")}\n`);
        }
  }
  const short = lines.map((line) => line.map((cell) => cell.slice(0, 16)));
  console.log(`SHA-256 of the losses and final parameters of ${steps} steps\n`);
  console.log(`${table(["Node", "threads", "bits", "tile", ...tasks], short)}\n`);
  const verdicts = tasks.map((task, index) => {
    const found = [...new Set(lines.map((line) => line[4 + index]))];
    const stored = hashes[task][steps];
    const ok = found.length === 1 && found[0] === stored;
    const told = ok ? "one hash everywhere, the stored one" : `${found.length} hashes, stored is ${stored}`;
    console.log(`${task}: ${told}: ${found.join(" ")}`);
    return ok;
  });
  return verdicts.every(Boolean);
}

function outputUnder(node: string, environment: NodeJS.ProcessEnv, trained: readonly string[]): string[] {
  const args = ["--no-wasm-lazy-compilation", script, ...trained.map((task) => `${task}=${steps}`)];
  const output = execFileSync(node, args, {
    encoding: "utf8",
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return output.trim().split("\n");
}

/** The Node of a version, from the package for this platform that npm's `node` package would choose. */
async function nodeOf(version: string): Promise<string> {
  if (process.versions.node === version) return process.execPath;
  const windows = process.platform === "win32";
  const prefix = process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  const name = [prefix, windows ? "win" : process.platform, process.arch].join("-");
  const folder = await npmFolderWith(`nodes/${version}`, [`${name}@${version}`]);
  return join(folder, "node_modules", name, "bin", windows ? "node.exe" : "node");
}
