/**
 * The few parts of TypeScript 5.9 that it does not make public and the checking of cells rests on. They are named here,
 * and only here, so that a new version has one place to be held against.
 */
import ts from "typescript";

export interface InternalSymbol extends ts.Symbol {
  /** What a name that is exported stands for outside. */
  exportSymbol?: ts.Symbol;
}

/** What the checker asks of a table of names, be it a `Map` of its own or a scope of ours. */
export type Names = Pick<ReadonlyMap<ts.__String, InternalSymbol>, "get" | "forEach" | "entries" | "values">;

/** Any node may hold names; the checker looks for a name in each node around the place where it is used. */
export interface ScopeNode extends ts.Node {
  parent: ts.Node;
  locals?: Names;
}

export interface InternalSourceFile extends ts.SourceFile {
  parent: ts.Node;
  locals?: Names;
  path: string;
  resolvedPath: string;
  /** Every identifier in the text. */
  identifiers: ReadonlyMap<string, string>;
  parseDiagnostics: readonly ts.DiagnosticWithLocation[];
}

export interface InternalProgram extends ts.Program {
  /** Where the checker learns what file an import in `file` means. */
  getResolvedModule(
    file: ts.SourceFile,
    specifier: string,
    mode: ts.ResolutionMode,
  ): { resolvedModule: ts.ResolvedModuleFull | undefined } | undefined;
}

export interface InternalHost extends ts.LanguageServiceHost {
  /** Must the imports of this file be looked up again, although it did not change? */
  hasInvalidatedResolutions(path: string): boolean;
  /** Without it, `package.json` would be read again for every file of every package. */
  getModuleResolutionCache(): ts.ModuleResolutionCache;
}

const { bindSourceFile } = ts as unknown as {
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
};

/** A parsed module, whether or not it imports or exports anything. */
export function parseModule(fileName: string, text: string): InternalSourceFile {
  return ts.createSourceFile(fileName, text, {
    languageVersion: ts.ScriptTarget.ESNext,
    setExternalModuleIndicator(file) {
      (file as { externalModuleIndicator?: unknown }).externalModuleIndicator = true;
    },
  }) as InternalSourceFile;
}

/** The names of a module's top level. */
export function namesOf(file: InternalSourceFile, options: ts.CompilerOptions): Names {
  bindSourceFile(file, options);
  return file.locals ?? new Map();
}
