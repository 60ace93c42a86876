import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";
import { kernelName, kernelSpec } from "./launch.ts";

const extensionName = "gradbook-labextension";
const builtExtension = fileURLToPath(new URL("../labextension/", import.meta.url));

/** A descent on a bowl: three steps of a method towards the minimum. */
const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="12" fill="#3178c6"/>
<path d="M8 12 C16 62, 48 62, 56 12" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round"/>
<path d="M12 26 L42 43 L27 49.5" fill="none" stroke="#ffd166" stroke-width="3" stroke-linejoin="round"/>
<g fill="#ffd166"><circle cx="12" cy="26" r="4"/><circle cx="42" cy="43" r="4"/><circle cx="27" cy="49.5" r="4"/></g>
</svg>
`;

/**
 * Installs the kernelspec and the JupyterLab extension under a prefix such as a virtual environment's folder,
 * or for the user where none is given. Answers the folders written.
 */
export function install(prefix?: string): string[] {
  if (!existsSync(builtExtension))
    throw new Error(
      `the JupyterLab extension is not built, ${builtExtension} is missing: run \`npm run build\` first`,
    );
  const data = prefix === undefined ? userData() : join(prefix, "share", "jupyter");

  const kernel = join(data, "kernels", kernelName);
  mkdirSync(kernel, { recursive: true });
  writeFileSync(join(kernel, "kernel.json"), `${JSON.stringify(kernelSpec(), null, 1)}\n`);
  writeFileSync(join(kernel, "logo-svg.svg"), logo);
  for (const size of [32, 64]) {
    const picture = new Resvg(logo, { fitTo: { mode: "width", value: size } });
    writeFileSync(join(kernel, `logo-${size}x${size}.png`), picture.render().asPng());
  }

  const extension = join(data, "labextensions", extensionName);
  // The files carry hashes in their names: what an older version left would stay for ever.
  rmSync(extension, { recursive: true, force: true });
  cpSync(builtExtension, extension, { recursive: true });
  return [kernel, extension];
}

/** Where Jupyter looks for a user's own kernels and extensions. */
function userData(): string {
  const { JUPYTER_DATA_DIR, APPDATA, XDG_DATA_HOME } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") return join(APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "jupyter");
}
