/** What `doctor` looks at: one function a part, each with what it found and, where something is wrong, the mend. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type KernelSpec, kernelSpec, nodePath, pinnedNode } from "../launch.ts";
import { startKernel } from "../runner/kernelClient.ts";
import { placeOptions } from "./folders.ts";
import { builtExtension, extensionFolder, kernelFolder } from "./install.ts";
import type { Jupyter } from "./jupyter.ts";

export interface Finding {
  /** "works, but": it runs, and not as well as it could. */
  readonly status: "works" | "works, but" | "broken";
  readonly detail: string;
  /** What to do about it; set unless it works. */
  readonly mend?: string;
}

const works = (detail: string): Finding => ({ status: "works", detail });
const worksBut = (detail: string, mend: string): Finding => ({ status: "works, but", detail, mend });
const broken = (detail: string, mend: string): Finding => ({ status: "broken", detail, mend });

const reinstall = "install gradbook's packages again, with their install scripts: npm ci";

interface Ended {
  readonly ok: boolean;
  readonly output: string;
  readonly errors: string;
}

/** Runs the kernel's Node. */
const runNode = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(nodePath(), args, (error, output, errors) =>
      resolve({ ok: !error, output: output.trim(), errors: errors.trim() || String(error?.message ?? "") }),
    );
  });

export async function checkNode(): Promise<Finding> {
  const { ok, output, errors } = await runNode("--version");
  if (!ok) return broken(`${nodePath()} does not run: ${firstLine(errors)}`, reinstall);
  const [major = 0, minor = 0] = output.slice(1).split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    return broken(
      `${output} at ${nodePath()}, and gradbook needs 20.19 or newer`,
      "https://nodejs.org has it",
    );
  if (pinnedNode() !== undefined)
    return works(`${output}, the pinned one: the same numbers on every machine`);
  return worksBut(`${output}, the one at hand: npm was not allowed to install the pinned one`, reinstall);
}

/** The path by which tensors are computed, which tests itself as it is loaded. */
export async function checkCompute(): Promise<Finding> {
  const { ok, output, errors } = await runNode(fileURLToPath(new URL("./compute.js", import.meta.url)));
  if (!ok)
    return broken(
      /^\w*Error: (.*)$/m.exec(errors)?.[1] ?? firstLine(errors),
      "set GRADBOOK_SIMD, GRADBOOK_FAST and GRADBOOK_THREADS as the README says, or unset them; " +
        "a kernel that fails its self-test is a fault to report, with your processor's name",
    );
  const { simd, threads } = JSON.parse(output) as { simd: 128 | 256; threads: number };
  const detail = `${simd} bits, ${threads} ${threads === 1 ? "thread" : "threads"}, every kernel passed its self-test`;
  if (errors !== "")
    return worksBut(`${detail}; ${firstLine(errors)}`, "nothing: results are the same, only slower");
  if (simd === 256 || process.arch !== "x64") return works(detail);
  const why = process.env["GRADBOOK_SIMD"] === "128" ? "unset GRADBOOK_SIMD" : reinstall;
  return worksBut(detail, `for 256 bits, ${why}; results are the same`);
}

/** Everything at once: a kernel of its own runs a cell. */
export async function checkKernel(): Promise<Finding> {
  const start = performance.now();
  try {
    const kernel = await startKernel(tmpdir());
    try {
      const reply = await kernel.execute("Tensor.ones([2, 3]).sum().item()", () => {});
      if (reply["status"] !== "ok") {
        const why = String(reply["evalue"]);
        const setting = /^GRADBOOK_\w+/.exec(why)?.[0];
        return broken(
          `a cell failed: ${why}`,
          setting ? `set ${setting} as the README says, or unset it` : reinstall,
        );
      }
    } finally {
      await kernel.shutdown();
    }
  } catch (error) {
    return broken((error as Error).message, `${reinstall}; what Node said stands above`);
  }
  return works(`started and ran a cell in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

export function checkJupyter(jupyter: Jupyter | undefined): Finding {
  const mend = 'install one: pip install "jupyterlab>=4.4", or run `npm start` in a checkout of gradbook';
  if (!jupyter) return broken("there is no jupyter-lab on the path", mend);
  const { lab, version, dataFolders } = jupyter;
  const found = `${version}, ${lab}`;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major !== 4 || minor < 4) return broken(`${found}, and gradbook needs 4.4 or a later 4`, mend);
  if (dataFolders.length === 0)
    return broken(`${found}, does not say where it looks for kernels`, "see what `jupyter --paths` says");
  return works(found);
}

export function checkKernelSpec({ dataFolders }: Jupyter): Finding {
  const data = dataFolders.find((folder) => existsSync(join(kernelFolder(folder), "kernel.json")));
  if (data === undefined) return broken("JupyterLab has none of gradbook", "npx gradbook install");
  const path = join(kernelFolder(data), "kernel.json");
  const mend = `npx gradbook install ${placeOptions(data)}`;
  let argv: readonly string[] | undefined;
  try {
    ({ argv } = JSON.parse(readFileSync(path, "utf8")) as Partial<KernelSpec>);
  } catch (error) {
    return broken(`${path} cannot be read: ${(error as Error).message}`, mend);
  }
  const missing = argv?.find((part) => /[\\/]/.test(part) && !existsSync(part));
  if (missing !== undefined) return broken(`${path} starts ${missing}, which is missing`, mend);
  if (JSON.stringify(argv) !== JSON.stringify(kernelSpec().argv))
    return worksBut(`${path} starts another gradbook: ${argv?.join(" ") ?? "nothing"}`, mend);
  return works(path);
}

export function checkExtension({ dataFolders }: Jupyter): Finding {
  const data = dataFolders.find((folder) => existsSync(extensionFolder(folder)));
  if (data === undefined)
    return broken(
      "JupyterLab has none of gradbook: figures stay blank or stand still",
      "npx gradbook install, then load the page again",
    );
  // It names the built files, and these carry the hashes of their contents.
  const [installed, built] = [extensionFolder(data), builtExtension].map((folder) => {
    const manifest = join(folder, "package.json");
    return existsSync(manifest) ? readFileSync(manifest, "utf8") : undefined;
  });
  const mend = `npx gradbook install ${placeOptions(data)}, then load the page again`;
  if (installed === undefined) return broken(`${extensionFolder(data)} is not whole`, mend);
  if (installed !== built) return broken(`${extensionFolder(data)} is of another version`, mend);
  return works(extensionFolder(data));
}

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";
