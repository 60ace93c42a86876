import "./setup/nodeVersion.mjs";
import { findChromium } from "./setup/browser.mjs";
import { build } from "./setup/build.mjs";
import { installIntoJupyter } from "./setup/install.mjs";
import { findJupyter } from "./setup/jupyter.mjs";
import { installPackages } from "./setup/packages.mjs";
import { pinnedNode } from "./setup/paths.mjs";
import { show } from "./setup/run.mjs";
import { runScript } from "./setup/say.mjs";

// Live figures as their readers see them, in JupyterLab in Chromium; the flags are the benchmark's own.
await runScript(async () => {
  await installPackages();
  await build();
  const jupyter = await findJupyter({ own: true });
  await installIntoJupyter(jupyter.prefix);
  process.env["CHROME_PATH"] = await findChromium();
  // Live figures, or with --compare many runs beside one another.
  const flags = process.argv.slice(2).filter((flag) => flag !== "--compare");
  const script = process.argv.includes("--compare") ? "test/bench/compareRuns.ts" : "test/bench/live.ts";
  if (!(await show(pinnedNode(), [script, ...flags]))) process.exitCode = 1;
});
