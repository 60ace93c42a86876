import "./setup/nodeVersion.mjs";
import { build } from "./setup/build.mjs";
import { installPackages } from "./setup/packages.mjs";
import { runScript } from "./setup/say.mjs";

await runScript(async () => {
  await installPackages();
  await build();
});
