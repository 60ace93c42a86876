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
  version: string;
  resolvedPath: string;
  /** What a program finds in the files that it reads itself. */
  imports: readonly ts.Node[];
  moduleAugmentations: readonly ts.Node[];
  ambientModuleNames: readonly string[];
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

export interface InternalChecker extends ts.TypeChecker {
  isValidPropertyAccessForCompletions(node: ts.Node, type: ts.Type, property: ts.Symbol): boolean;
}

export interface InternalHost extends ts.LanguageServiceHost {
  /** Must the imports of this file be looked up again, although it did not change? */
  hasInvalidatedResolutions(path: string): boolean;
  /** Without it, `package.json` would be read again for every file of every package. */
  getModuleResolutionCache(): ts.ModuleResolutionCache;
}

export const { bindSourceFile } = ts as unknown as {
  /** Finds out what each name in a file is about, unless that is known. */
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
};

const { PossiblyContainsDynamicImport } = ts.NodeFlags as unknown as {
  PossiblyContainsDynamicImport: number;
};

/** Does it, or might it, name another module: in a statement, in `import(…)`, in a type? */
export const mayImport = (file: ts.SourceFile): boolean =>
  (file.flags & PossiblyContainsDynamicImport) !== 0 ||
  file.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) ||
      ts.isImportEqualsDeclaration(statement) ||
      (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined),
  );

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
