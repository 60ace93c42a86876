import "./setup/nodeVersion.mjs";
import { build } from "./setup/build.mjs";
import { installIntoJupyter } from "./setup/install.mjs";
import { findJupyter } from "./setup/jupyter.mjs";
import { requireFreePort, serve } from "./setup/lab.mjs";
import { installPackages } from "./setup/packages.mjs";
import { runScript } from "./setup/say.mjs";

await runScript(async () => {
  const own = process.argv.includes("--venv");
  const flags = process.argv.slice(2).filter((flag) => flag !== "--venv");
  await requireFreePort(flags);
  await installPackages();
  await build();
  const jupyter = await findJupyter({ own });
  await installIntoJupyter(jupyter.prefix);
  await serve(jupyter.program, flags);
});
