import { homedir, platform } from "node:os";
import { join, resolve } from "node:path";

/**
 * Where downloaded data sets are kept, and where your own copies of their files are looked for: the folder that the
 * environment variable GRADBOOK_DATASETS names, otherwise `gradbook/datasets` in the user's cache.
 */
export function datasetsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment["GRADBOOK_DATASETS"];
  return chosen ? resolve(chosen) : join(userCache(environment), "gradbook", "datasets");
}

function userCache(environment: NodeJS.ProcessEnv): string {
  if (platform() === "win32") return environment["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local");
  if (platform() === "darwin") return join(homedir(), "Library", "Caches");
  return environment["XDG_CACHE_HOME"] || join(homedir(), ".cache");
}
