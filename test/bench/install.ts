import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { onPath, stateFolder } from "../../scripts/setup/paths.mjs";
import { findPython } from "../../scripts/setup/python.mjs";
import { once, stampFile } from "../../scripts/setup/stamp.mjs";

/** A folder under `.gradbook/` with these packages from PyPI, and a Python that finds them; answers that Python. */
export async function pythonWith(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(stateFolder, name);
  const python =
    process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
  await onceFor(name, packages, async () => {
    run(await findPython(), ["-m", "venv", folder]);
    run(python, ["-m", "pip", "install", "--quiet", ...packages]);
  });
  return python;
}

/** A folder under `.gradbook/` with these packages from npm; nothing here needs their install scripts. */
export async function npmFolderWith(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(stateFolder, name);
  await onceFor(name, packages, () => {
    const npm = onPath("npm");
    if (!npm) throw new Error("bench: npm is not on the path");
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    run(npm, ["install", "--prefix", folder, "--ignore-scripts", ...quiet, ...packages]);
  });
  return folder;
}

async function onceFor(
  name: string,
  packages: readonly string[],
  install: () => void | Promise<void>,
): Promise<void> {
  await once(stampFile(name.replaceAll("/", "-")), packages.join(" "), async () => {
    console.error(`Installing ${packages.join(" ")} …`);
    await install();
  });
}

function run(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, {
    stdio: ["ignore", "ignore", "inherit"],
    shell: program.endsWith(".cmd"),
  });
  if (status !== 0) throw error ?? new Error(`bench: ${program} ${args.join(" ")} ended with ${status}`);
}
