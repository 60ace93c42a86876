/** The JupyterLab that a user has: the one on the path, else the one that `npm start` made in the checkout. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { commandOutput } from "./commandOutput.ts";

export interface Jupyter {
  /** Starts JupyterLab. */
  readonly lab: string;
  readonly version: string;
  /** Where it looks for kernels and extensions; the first that has one wins. */
  readonly dataFolders: readonly string[];
}

const [programs, ending] = process.platform === "win32" ? ["Scripts", ".exe"] : ["bin", ""];
const ownLab = fileURLToPath(new URL(`../../../.venv/${programs}/jupyter-lab${ending}`, import.meta.url));

/** Programs that may start JupyterLab, the likelier first. */
export const labPrograms: readonly string[] = ["jupyter-lab", ownLab];

export async function findJupyter(): Promise<Jupyter | undefined> {
  for (const lab of labPrograms) {
    const version = await commandOutput(lab, ["--version"]);
    if (version === undefined) continue;
    const folder = dirname(lab);
    const paths = await commandOutput(folder === "." ? "jupyter" : join(folder, `jupyter${ending}`), [
      "--paths",
      "--json",
    ]);
    const { data: dataFolders = [] } = JSON.parse(paths ?? "{}") as { data?: string[] };
    return { lab, version: version.trim(), dataFolders };
  }
  return undefined;
}
