/**
 * The user's own modules, which lie beside the notebook: imported again after one of them has changed, that one and all
 * that import it are loaded anew, and the others stay as they are, with their state. TypeScript that has to be
 * translated, as enums have, is.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import module from "node:module";
import { dirname, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { packageEntry } from "../names.ts";
import { registerModule } from "./traceback.ts";

interface LocalModule {
  /** No two loads have the same: Node keeps what it has loaded by its URL for ever, and it stands there. */
  readonly version: number;
  /** The file as it was when it was loaded. */
  readonly stamp: string;
  /** What it imports, and which version of it. */
  readonly imports: Map<string, number>;
}

export interface LocalModules {
  /** What failed may lie in any of them, or in a file that is not there yet: load all of them again the next time. */
  forget(specifier: string): void;
}

const ownFolder = dirname(dirname(packageEntry)) + sep;
const extensions = /\.(?:ts|mts|js|mjs|json)$/;
const typeScript = /\.m?ts$/;

/** @param notebook a file beside the notebook, from which cells import */
export function installLocalModules(notebook: string): LocalModules {
  const loaded = new Map<string, LocalModule>();
  let versions = 0;

  const isStale = (path: string, asked = new Set<string>()): boolean => {
    const known = loaded.get(path);
    if (!known || known.stamp !== stampOf(path)) return true;
    if (asked.has(path)) return false;
    asked.add(path);
    return [...known.imports].some(
      ([imported, version]) => loaded.get(imported)?.version !== version || isStale(imported, asked),
    );
  };

  const current = (path: string): LocalModule => {
    const known = loaded.get(path);
    if (known && !isStale(path)) return known;
    const renewed = { version: ++versions, stamp: stampOf(path), imports: new Map<string, number>() };
    loaded.set(path, renewed);
    return renewed;
  };

  const forget = (path: string): void => {
    const known = loaded.get(path);
    if (!known) return;
    loaded.delete(path);
    for (const imported of known.imports.keys()) forget(imported);
  };

  // Node 22.15 and later.
  module.registerHooks?.({
    resolve(specifier, context, next) {
      if (!context.conditions.includes("import")) return next(specifier, context);
      const found = resolveSource(specifier, (each) => next(each, context));
      const path = localPath(found.url);
      if (path === undefined) return found;
      const own = current(path);
      const parent = context.parentURL === undefined ? undefined : localPath(context.parentURL);
      if (parent !== undefined) loaded.get(parent)?.imports.set(path, own.version);
      return { ...found, url: `${pathToFileURL(path).href}?version=${own.version}` };
    },
    load(url, context, next) {
      const path = localPath(url);
      if (path === undefined) return next(url, context);
      // The type checker does not ask for the attribute without which Node refuses.
      if (path.endsWith(".json")) return next(url, { ...context, importAttributes: { type: "json" } });
      const text = readFileSync(path, "utf8");
      const label = relative(dirname(notebook), path);
      if (!typeScript.test(path)) {
        registerModule(url, label, text);
        return next(url, context);
      }
      const { source, sourceMap } = javaScriptOf(text);
      registerModule(url, label, text, sourceMap);
      return { format: "module", source, shortCircuit: true };
    },
  });

  return {
    forget(specifier) {
      if (/^\.{0,2}\//.test(specifier)) forget(fileURLToPath(new URL(specifier, pathToFileURL(notebook))));
    },
  };
}

/** The path of a module of the user's; undefined for what is installed, Node's and our own. */
function localPath(url: string): string | undefined {
  if (!url.startsWith("file:")) return undefined;
  const path = fileURLToPath(url.replace(/[?#].*$/, ""));
  const isLocal =
    extensions.test(path) && !path.includes(`${sep}node_modules${sep}`) && !path.startsWith(ownFolder);
  return isLocal ? path : undefined;
}

const stampOf = (path: string): string => {
  const { mtimeMs = 0, size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${size}`;
};

/** As the type checker finds it: "./helper" and "./helper.js" may mean helper.ts. */
function resolveSource<Found extends { url: string }>(
  specifier: string,
  resolve: (specifier: string) => Found,
): Found {
  try {
    return existing(resolve(specifier));
  } catch (error) {
    if (!/^\.{0,2}\//.test(specifier)) throw error;
    for (const other of [
      `${specifier}.ts`,
      specifier.replace(/\.(m?)js$/, ".$1ts"),
      `${specifier}/index.ts`,
    ]) {
      if (other === specifier) continue;
      try {
        return existing(resolve(other));
      } catch {
        // The first error names what the user wrote.
      }
    }
    throw error;
  }
}

/** Node leaves it to the load to find out whether there is such a file. */
function existing<Found extends { url: string }>(found: Found): Found {
  const path = localPath(found.url);
  if (path === undefined || existsSync(path)) return found;
  throw Object.assign(new Error(`Cannot find module '${path}'`), { code: "ERR_MODULE_NOT_FOUND" });
}

/** Types become blanks wherever that is enough, so that every place stays where it was. */
function javaScriptOf(text: string): { source: string; sourceMap?: string } {
  const { emitWarning } = process;
  // Node warns that this is experimental: our choice, and nothing a cell should print.
  process.emitWarning = () => {};
  try {
    return { source: module.stripTypeScriptTypes(text) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") throw error;
    const translated = module.stripTypeScriptTypes(text, { mode: "transform", sourceMap: true });
    const [source = "", encoded = ""] = translated.split(
      "//# sourceMappingURL=data:application/json;base64,",
    );
    return { source, sourceMap: Buffer.from(encoded, "base64").toString() };
  } finally {
    process.emitWarning = emitWarning;
  }
}
