import "./setup/nodeVersion.mjs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "./setup/browser.mjs";
import { build } from "./setup/build.mjs";
import { installIntoJupyter } from "./setup/install.mjs";
import { findJupyter, installTestRequirements } from "./setup/jupyter.mjs";
import { installPackages } from "./setup/packages.mjs";
import { venvProgram } from "./setup/paths.mjs";
import { runScript, SetupError } from "./setup/say.mjs";
import { check, lint, pytest, total, vitest } from "./test/suites.mjs";

const names = ["check", "lint", "unit", "kernel", "e2e"];

await runScript(async () => {
  // `npm test` runs everything; `npm test -- unit test/optim` one suite, the rest going to its runner.
  const [only, ...args] = process.argv.slice(2);
  if (only !== undefined && !names.includes(only))
    throw new SetupError(
      `npm test knows no suite "${only}": choose one of ${names.join(", ")}, or none to run all.`,
    );
  /** @param {string} name */
  const asked = (name) => only === undefined || only === name;

  await installPackages();
  if (only !== "check" && only !== "lint") await build();
  if (asked("kernel") || asked("e2e")) {
    // Always the pinned JupyterLab: a test against whatever the machine has says little to anyone else.
    const jupyter = await findJupyter({ own: true });
    await installTestRequirements();
    await installIntoJupyter(jupyter.prefix);
  }
  if (asked("e2e")) process.env["CHROME_PATH"] = await findChromium();

  const reports = mkdtempSync(join(tmpdir(), "gradbook-test-"));
  try {
    const counts = [];
    if (asked("check")) counts.push(await check());
    if (asked("lint")) counts.push(await lint());
    if (asked("unit")) counts.push(await vitest("unit", join(reports, "unit.json"), args));
    if (asked("kernel")) counts.push(await pytest(venvProgram("python"), join(reports, "kernel.xml"), args));
    if (asked("e2e")) counts.push(await vitest("e2e", join(reports, "e2e.json"), args));

    const { passed, failed } = total(counts);
    console.log(`\n${passed} passed, ${failed} failed`);
    if (failed > 0 || passed === 0) process.exitCode = 1;
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
});
