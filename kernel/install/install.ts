/** The kernelspec and the JupyterLab extension, into a folder of Jupyter's and out of it again. */
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";
import { kernelName, kernelSpec } from "../launch.ts";
import { compilerSnapshot } from "../names.ts";
import { makeSnapshot } from "./snapshot.ts";

const extensionName = "gradbook-labextension";
/** The extension as it was built, to be copied. */
export const builtExtension: string = fileURLToPath(new URL("../../labextension/", import.meta.url));

export const kernelFolder = (data: string): string => join(data, "kernels", kernelName);
export const extensionFolder = (data: string): string => join(data, "labextensions", extensionName);

/** A descent on a bowl: three steps of a method towards the minimum. */
const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="12" fill="#3178c6"/>
<path d="M8 12 C16 62, 48 62, 56 12" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round"/>
<path d="M12 26 L42 43 L27 49.5" fill="none" stroke="#ffd166" stroke-width="3" stroke-linejoin="round"/>
<g fill="#ffd166"><circle cx="12" cy="26" r="4"/><circle cx="42" cy="43" r="4"/><circle cx="27" cy="49.5" r="4"/></g>
</svg>
`;

/** Installs both into a data folder of Jupyter's. Answers the folders written. */
export function install(data: string): string[] {
  if (!existsSync(builtExtension))
    throw new Error(
      `the JupyterLab extension is not built, ${builtExtension} is missing: run \`npm run build\` first`,
    );
  if (!existsSync(compilerSnapshot)) makeSnapshot();
  return mayWrite(data, () => {
    const kernel = kernelFolder(data);
    makeFolder(kernel);
    writeFileSync(join(kernel, "kernel.json"), `${JSON.stringify(kernelSpec(), null, 1)}\n`);
    writeFileSync(join(kernel, "logo-svg.svg"), logo);
    for (const size of [32, 64]) {
      const picture = new Resvg(logo, { fitTo: { mode: "width", value: size } });
      writeFileSync(join(kernel, `logo-${size}x${size}.png`), picture.render().asPng());
    }

    const extension = extensionFolder(data);
    // The files carry hashes in their names: what an older version left would stay for ever.
    rmSync(extension, { recursive: true, force: true });
    makeFolder(dirname(extension));
    cpSync(builtExtension, extension, { recursive: true });
    return [kernel, extension];
  });
}

/** Takes both out of a data folder of Jupyter's. Answers the folders that were there. */
export function uninstall(data: string): string[] {
  const installed = [kernelFolder(data), extensionFolder(data)].filter((folder) => existsSync(folder));
  return mayWrite(data, () => {
    for (const folder of installed) rmSync(folder, { recursive: true });
    return installed;
  });
}

/**
 * One folder at a time: where a file system makes no folders, as `/proc` does not, it says ENOENT of a folder whose
 * parent is there, and Node's recursive `mkdir` would ask for the parent again for ever.
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT") throw error;
    throw new Error(
      `no folder can be made in ${parent}: choose another place, --user or --prefix <virtual environment>`,
      { cause: error },
    );
  }
}

function mayWrite<Answer>(folder: string, work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    const { code = "", path = folder } = error as NodeJS.ErrnoException;
    if (!["EACCES", "EPERM", "EROFS"].includes(code)) throw error;
    throw new Error(
      `you may not write to ${path}: choose a place of your own, --user or --prefix <virtual environment>`,
      { cause: error },
    );
  }
}
