/** Where Jupyter looks for kernels and extensions. */
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { commandOutput } from "./commandOutput.ts";

/** One of these, or none for the user's own folder. */
export interface Place {
  /** Under a folder such as a virtual environment's. */
  prefix?: string;
  /** Under the prefix of the Python on the path. */
  sysPrefix?: boolean;
}

/** The folder under which `kernels` and `labextensions` lie. */
export async function dataFolder({ prefix, sysPrefix = false }: Place): Promise<string> {
  if (prefix !== undefined) return join(prefix, "share", "jupyter");
  return sysPrefix ? join(await pythonPrefix(), "share", "jupyter") : userDataFolder();
}

export function userDataFolder(): string {
  const { JUPYTER_DATA_DIR, APPDATA, XDG_DATA_HOME } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") return join(APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "jupyter");
}

async function pythonPrefix(): Promise<string> {
  for (const python of ["python3", "python"]) {
    const prefix = await commandOutput(python, ["-c", "import sys; print(sys.prefix)"]);
    if (prefix !== undefined) return prefix.trim();
  }
  throw new Error("--sys-prefix: there is no Python on the path; name the folder with --prefix instead");
}

/** The options by which `install` and `uninstall` reach such a folder. */
export function placeOptions(folder: string): string {
  if (folder === userDataFolder()) return "--user";
  return `--prefix ${dirname(dirname(folder))}`;
}
