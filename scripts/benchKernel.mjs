import "./setup/nodeVersion.mjs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "./setup/build.mjs";
import { findJupyter, installTestRequirements } from "./setup/jupyter.mjs";
import { installPackages } from "./setup/packages.mjs";
import { onPath, stateFolder, venvProgram } from "./setup/paths.mjs";
import { run, show } from "./setup/run.mjs";
import { runScript, step } from "./setup/say.mjs";

const denoVersion = "2.9.6";

// The kernel as its users wait for it, beside others; the flags are the benchmark's own.
await runScript(async () => {
  await installPackages();
  await build();
  await findJupyter({ own: true });
  await installTestRequirements();
  // Interrupts are measured of this kernel alone.
  const deno = process.argv.includes("--interrupts") ? undefined : await installDeno();
  const flags = [...(deno === undefined ? [] : ["--deno", deno]), ...process.argv.slice(2)];
  if (!(await show(venvProgram("python"), ["test/bench/kernel.py", ...flags]))) process.exitCode = 1;
});

/** Deno's program out of its npm package, where npm has one for this machine. */
async function installDeno() {
  const folder = join(stateFolder, "bench", "deno");
  const system = { linux: "linux", darwin: "darwin", win32: "win32" }[String(process.platform)] ?? "";
  const libc = system === "linux" ? "-glibc" : "";
  const program = join(
    folder,
    "node_modules/@deno",
    `${system}-${process.arch}${libc}`,
    system === "win32" ? "deno.exe" : "deno",
  );
  const npm = onPath("npm");
  if (npm && !existsSync(program))
    await step(`Installing Deno ${denoVersion} to compare with`, () =>
      run(npm, [
        "install",
        "--prefix",
        folder,
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        `deno@${denoVersion}`,
      ]),
    );
  if (existsSync(program)) return program;
  console.log("npm has no Deno for this machine: it is left out.");
  return undefined;
}
