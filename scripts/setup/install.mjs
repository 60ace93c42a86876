import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pinnedNode, root } from "./paths.mjs";
import { keepLog, run } from "./run.mjs";
import { SetupError, step } from "./say.mjs";
import { contentHash, once, stampFile } from "./stamp.mjs";

/**
 * Installs kernelspec and extension where that JupyterLab finds them.
 * @param {string} prefix
 */
export async function installIntoJupyter(prefix) {
  const kernelspec = join(prefix, "share", "jupyter", "kernels", "gradbook", "kernel.json");
  // The checkout may have moved, and the kernelspec holds its path.
  const hash = `${prefix}\n${root}\n${contentHash(["dist/.compiled", "dist/.extended"])}`;
  const stamp = stampFile("installed");
  if (!existsSync(kernelspec)) rmSync(stamp, { force: true });
  await once(stamp, hash, () =>
    step("Installing the kernel and the extension into JupyterLab", async () => {
      const { ok, output } = await run(pinnedNode(), ["dist/kernel/cli.js", "install", "--prefix", prefix]);
      if (!ok)
        throw new SetupError(
          `The kernel could not be installed: ${keepLog("install", output)}; check that you may write to ${prefix}, ` +
            "then run the same command again.",
        );
    }),
  );
}
