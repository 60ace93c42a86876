/** The names that every session starts with: what the package exports, and Jupyter's display and input. */
import module, { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { compiledCode, packageEntry, unpreloadedExports } from "../names.ts";
import type { CellEnd } from "./cell.ts";
import type { Displays } from "./display.ts";
import { installLocalModules } from "./localModules.ts";

/** What the package asks of the kernel; see `connectHost` there. */
export interface Host {
  display: Displays["display"];
  interrupted(): boolean;
  polling(): () => void;
  whenCellEnds(listener: CellEnd): void;
}

/** Import as a module beside the notebook would; `gradbook` is always the package this kernel came with. */
export function createImporter(): (specifier: string, options?: ImportCallOptions) => Promise<unknown> {
  const notebook = join(process.cwd(), "cell.js");
  globalThis.require = createRequire(notebook);
  const own = pathToFileURL(packageEntry).href;
  // Local modules that import gradbook must share the notebook's instance (Node 22.15 and later).
  module.registerHooks?.({
    resolve: (specifier, context, next) =>
      specifier === "gradbook"
        ? { url: own, format: "module", shortCircuit: true }
        : next(specifier, context),
  });
  const local = installLocalModules(notebook);
  const load = new vm.Script("(specifier, options) => import(specifier, options)", {
    filename: notebook,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as (specifier: string, options?: ImportCallOptions) => Promise<unknown>;
  // Node warns at the first use that this loader is experimental: our choice, and nothing a cell should print.
  const { emitWarning } = process;
  process.emitWarning = () => {};
  void load("node:path");
  process.emitWarning = emitWarning;
  return async (specifier, options) => {
    try {
      return await load(specifier === "gradbook" ? own : specifier, options);
    } catch (error) {
      local.forget(specifier);
      throw error;
    }
  };
}

/** Make a value a name of every cell. It can be declared again: cells shadow it. */
export function defineGlobal(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

export async function preloadPackage(host: Host): Promise<void> {
  // Code that V8 has compiled once; a fifth of the time that the library takes to load.
  module.enableCompileCache?.(compiledCode);
  const library = (await import(pathToFileURL(packageEntry).href)) as Record<string, unknown> & {
    connectHost: (host: Host) => Host;
  };
  library.connectHost(host);
  for (const [name, value] of Object.entries(library))
    if (!unpreloadedExports.has(name)) defineGlobal(name, value);
  defineGlobal("aq", await import("arquero"));
  // Without it, only a process that ends by itself would write what it compiled.
  module.flushCompileCache?.();
}
