/** How the kernel is started, and the kernelspec that tells Jupyter so. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What Jupyter reads as `kernel.json`. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: "message";
  metadata: { debugger: false };
}

/** The folder that holds `kernel.json`, and Jupyter's name for the kernel. */
export const kernelName = "gradbook";

const kernelMain = fileURLToPath(new URL("./main.js", import.meta.url));

/** The Node that the package depends on, unless npm was not allowed to install it. */
export function pinnedNode(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve("node/package.json");
    const pinned = join(dirname(manifest), "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(pinned) ? pinned : undefined;
  } catch {
    return undefined;
  }
}

/** The pinned Node: one V8, the same numbers everywhere. Else the one at hand. */
export const nodePath = (): string => pinnedNode() ?? process.execPath;

/**
 * Flags under which an interrupt cannot end the process: a terminated callback leaves Node's async bookkeeping
 * unbalanced, and Node would abort on it. Node 24 tracks async contexts without hooks; 22 must be asked to.
 */
function nodeFlags(node: string): string[] {
  const flags = ["--no-force-async-hooks-checks"];
  const major = node === process.execPath ? Number(process.versions.node.split(".")[0]) : 24;
  return major === 22 ? [...flags, "--experimental-async-context-frame"] : flags;
}

/** Arguments that start a kernel on a connection file. */
export function kernelArguments(connectionFile: string): string[] {
  const node = nodePath();
  return [node, ...nodeFlags(node), kernelMain, connectionFile];
}

export function kernelSpec(): KernelSpec {
  return {
    argv: kernelArguments("{connection_file}"),
    display_name: "TypeScript (gradbook)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false },
  };
}
