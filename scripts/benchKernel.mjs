import "./setup/nodeVersion.mjs";
import { build } from "./setup/build.mjs";
import { findJupyter, installTestRequirements } from "./setup/jupyter.mjs";
import { installPackages } from "./setup/packages.mjs";
import { venvProgram } from "./setup/paths.mjs";
import { show } from "./setup/run.mjs";
import { runScript } from "./setup/say.mjs";

// The kernel as its users wait for it, beside others; the flags are the benchmark's own.
await runScript(async () => {
  await installPackages();
  await build();
  await findJupyter({ own: true });
  await installTestRequirements();
  const ok = await show(venvProgram("python"), ["test/bench/kernel.py", ...process.argv.slice(2)]);
  if (!ok) process.exitCode = 1;
});
