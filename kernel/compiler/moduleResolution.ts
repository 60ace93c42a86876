/** What files imports mean. What installed packages import is looked up once; what the user's files import, each time. */
import { isBuiltin } from "node:module";
import { dirname } from "node:path";
import ts from "typescript";
import { kernelFolder, packageEntry } from "../names.ts";
import type { InternalHost } from "./internals.ts";

export interface ModuleResolution {
  resolve(specifier: string, from: string): ts.ResolvedModuleFull | undefined;
  /** What this file imports has changed. */
  forget(file: string): void;
  /** The part of a language service's host that resolves. */
  host: Required<
    Pick<
      InternalHost,
      | "getModuleResolutionCache"
      | "resolveModuleNameLiterals"
      | "resolveTypeReferenceDirectiveReferences"
      | "hasInvalidatedResolutions"
    >
  >;
}

const ourFolders = [dirname(packageEntry), kernelFolder].map((folder) => `${ts.sys.resolvePath(folder)}/`);

/** Installed packages and our own do not change under a running kernel. */
export const isInstalled = (fileName: string): boolean =>
  fileName.includes("/node_modules/") || ourFolders.some((folder) => fileName.startsWith(folder));

/** What installed files import, found once for all programs of this process. */
const imports = new Map<string, readonly ts.ResolvedModuleWithFailedLookupLocations[]>();
const typeReferences = new Map<
  string,
  readonly ts.ResolvedTypeReferenceDirectiveWithFailedLookupLocations[]
>();

export function createModuleResolution(directory: string, options: ts.CompilerOptions): ModuleResolution {
  const canonical = (name: string): string => (ts.sys.useCaseSensitiveFileNames ? name : name.toLowerCase());
  const cache = ts.createModuleResolutionCache(directory, canonical, options);
  /** Files whose imports could not all be found; a package may be installed, or a file written, at any time. */
  const unresolved = new Set<string>();

  const remembered = <T>(known: Map<string, T>, file: string, find: () => T): T => {
    const found = known.get(file) ?? find();
    if (isInstalled(file)) known.set(file, found);
    return found;
  };

  return {
    resolve: (specifier, from) =>
      ts.resolveModuleName(specifier, from, options, ts.sys, isInstalled(from) ? cache : undefined)
        .resolvedModule,
    forget: (file) => void unresolved.delete(canonical(file)),
    host: {
      getModuleResolutionCache: () => cache,
      resolveModuleNameLiterals(literals, file, redirected, settings, source) {
        const found = remembered(imports, file, () =>
          literals.map((literal) =>
            ts.resolveModuleName(
              literal.text,
              file,
              settings,
              ts.sys,
              isInstalled(file) ? cache : undefined,
              redirected,
              ts.getModeForUsageLocation(source, literal, settings),
            ),
          ),
        );
        if (!isInstalled(file)) {
          // Node's own modules are declared, not files.
          if (literals.every(({ text }, index) => found[index]?.resolvedModule ?? isBuiltin(text)))
            unresolved.delete(canonical(file));
          else unresolved.add(canonical(file));
        }
        return found;
      },
      resolveTypeReferenceDirectiveReferences: (references, file, redirected, settings) =>
        remembered(typeReferences, file, () =>
          references.map((reference) =>
            ts.resolveTypeReferenceDirective(
              typeof reference === "string" ? reference : reference.fileName,
              file,
              settings,
              ts.sys,
              redirected,
            ),
          ),
        ),
      hasInvalidatedResolutions: (path) => unresolved.has(path),
    },
  };
}
