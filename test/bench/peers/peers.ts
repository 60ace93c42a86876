import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onPath, stateFolder } from "../../../scripts/setup/paths.mjs";
import { findPython } from "../../../scripts/setup/python.mjs";
import { once, stampFile } from "../../../scripts/setup/stamp.mjs";
import { Side } from "../side.ts";

interface Peer {
  readonly language: "python" | "javascript";
  readonly file: string;
  readonly packages: readonly string[];
}

const peers: Readonly<Record<string, Peer>> = {
  torch: { language: "python", file: "torchPeer.py", packages: ["torch==2.13.0", "numpy"] },
  jax: { language: "python", file: "jaxPeer.py", packages: ["jax==0.10.2", "jaxlib==0.10.2"] },
  tfjs: {
    language: "javascript",
    file: "tfjsPeer.mjs",
    packages: ["@tensorflow/tfjs@4.22.0", "@tensorflow/tfjs-backend-wasm@4.22.0"],
  },
  "jax-js": { language: "javascript", file: "jaxJsPeer.mjs", packages: ["@jax-js/jax@0.1.25"] },
};

/**
 * Sets a peer up in a folder of its own, `.gradbook/peers/<name>`, unless it is there, and answers the side that runs it.
 * @throws RangeError for a peer that is not known, Error if its packages cannot be installed
 */
export async function peerSide(name: string, threads: number): Promise<Side> {
  if (!Object.hasOwn(peers, name))
    throw new RangeError(`bench: no peer "${name}"; known: ${Object.keys(peers).join(", ")}`);
  const { language, file, packages } = peers[name];
  const folder = peerFolder(name);
  await once(stampFile(`peer-${name}`), packages.join(" "), async () => {
    console.error(`Installing ${packages.join(" ")} …`);
    if (language === "python") await installFromPyPI(folder, packages);
    else installFromNpm(folder, packages);
  });
  const program = language === "python" ? pythonOf(folder) : process.execPath;
  return new Side(name, [program, fileURLToPath(new URL(file, import.meta.url)), String(threads)]);
}

export const peerFolder = (name: string): string => join(stateFolder, "peers", name);

export const pythonOf = (folder: string): string =>
  process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");

async function installFromPyPI(folder: string, packages: readonly string[]): Promise<void> {
  runOrThrow(await findPython(), ["-m", "venv", folder]);
  runOrThrow(pythonOf(folder), ["-m", "pip", "install", "--quiet", ...packages]);
}

/** Their install scripts do not run: nothing here needs them. */
export function installFromNpm(folder: string, packages: readonly string[]): void {
  const npm = onPath("npm");
  if (!npm) throw new Error("bench: npm is not on the path");
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  runOrThrow(npm, ["install", "--prefix", folder, "--ignore-scripts", ...quiet, ...packages]);
}

function runOrThrow(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, {
    stdio: ["ignore", "ignore", "inherit"],
    shell: program.endsWith(".cmd"),
  });
  if (status !== 0) throw error ?? new Error(`bench: ${program} ${args.join(" ")} ended with ${status}`);
}
