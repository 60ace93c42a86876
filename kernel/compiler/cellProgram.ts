/**
 * One TypeScript language service for the session. It sees a single cell, whose text changes, in the scope of all
 * earlier cells, together with the modules that cells import. What did not change since the last cell is kept, so a
 * cell costs what its own code costs.
 */
import ts from "typescript";
import { cellOptions } from "./compilerOptions.ts";
import type { Environment } from "./environment.ts";
import type { InternalHost, InternalProgram, InternalSourceFile } from "./internals.ts";
import { createModuleResolution, isInstalled } from "./moduleResolution.ts";
import { parsedFiles } from "./parsedFiles.ts";

export interface CellProgram {
  /** Makes this the cell's text, checked with these options, else as cells are. The service may be asked about `file` until the next text is opened. */
  open(text: string, options?: ts.CompilerOptions): { program: ts.Program; file: ts.SourceFile };
  service: ts.LanguageService;
  /** The user's own TypeScript files that a file imports, and those that they import. */
  localImports(file: ts.SourceFile): ts.SourceFile[];
  /** Keep what a cell imports, for later cells may meet its types. */
  keepImports(cell: ts.SourceFile): void;
  /** Keep an earlier cell in the program: it declares something for everybody. */
  keepModule(cell: ts.SourceFile): void;
}

const isDeclarations = (fileName: string): boolean => /\.d\.[cm]?ts$/.test(fileName);

export function createCellProgram(directory: string, environment: Environment): CellProgram {
  const cellName = `${directory}/gradbook-cell.ts`;
  const kept = new Set<string>();
  let text = "";
  let textVersion = 0;
  let opened = 0;
  let settings = cellOptions;
  const { resolve, forget, host: resolution } = createModuleResolution(directory, cellOptions);

  const versionOf = (fileName: string): string => {
    if (fileName === cellName) return String(textVersion);
    if (isInstalled(fileName) || environment.module(fileName)) return "unchanging";
    return String(ts.sys.getModifiedTime?.(fileName)?.getTime() ?? "missing");
  };

  const textOf = (fileName: string): string | undefined =>
    fileName === cellName ? text : (environment.module(fileName)?.text ?? ts.sys.readFile(fileName));

  const snapshots = new Map<string, { version: string; snapshot: ts.IScriptSnapshot }>();
  const snapshotOf = (fileName: string): ts.IScriptSnapshot | undefined => {
    const version = versionOf(fileName);
    const known = snapshots.get(fileName);
    if (known?.version === version) return known.snapshot;
    const content = textOf(fileName);
    if (content === undefined) return undefined;
    const snapshot = ts.ScriptSnapshot.fromString(content);
    snapshots.set(fileName, { version, snapshot });
    return snapshot;
  };

  const host: InternalHost = {
    ...resolution,
    getCompilationSettings: () => settings,
    getScriptFileNames: () => [cellName, ...kept],
    getProjectVersion: () => String(opened),
    getScriptVersion: versionOf,
    getScriptSnapshot: snapshotOf,
    getCurrentDirectory: () => directory,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    fileExists: (fileName) => fileName === cellName || ts.sys.fileExists(fileName),
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    readDirectory: ts.sys.readDirectory,
    ...(ts.sys.realpath && { realpath: ts.sys.realpath }),
  };
  const service = ts.createLanguageService(host, parsedFiles());

  const resolved = new Map<string, ts.ResolvedModuleFull>();
  /** What an earlier cell imports: another one, where it names a type of that one's, or what its user wrote. */
  const moduleOf = (specifier: string): ts.ResolvedModuleFull | undefined => {
    const cell = environment.module(`${directory}/${specifier.replace(/^\.\//, "")}`);
    if (cell)
      return { resolvedFileName: cell.fileName, extension: ts.Extension.Dts, isExternalLibraryImport: false };
    const found = resolved.get(specifier) ?? resolve(specifier, cellName);
    if (found) resolved.set(specifier, found);
    return found;
  };

  const place = (file: ts.SourceFile | undefined, scope: ts.Node): void => {
    if (file) (file as InternalSourceFile).parent = scope;
  };

  /** Let the checker find earlier cells. They are no files of the program: it would visit every one for each cell. */
  const addCells = (program: InternalProgram): void => {
    const { getResolvedModule, getSourceFile } = program;
    program.getSourceFile = (fileName) => environment.module(fileName) ?? getSourceFile(fileName);
    program.getResolvedModule = (file, specifier, mode) =>
      environment.module(file.fileName)
        ? { resolvedModule: moduleOf(specifier) }
        : getResolvedModule(file, specifier, mode);
    place(getSourceFile(cellName), environment.scope());
    for (const fileName of kept) {
      const cell = environment.module(fileName);
      if (cell) place(getSourceFile(fileName), cell.parent);
    }
  };

  const importsOf = (file: ts.SourceFile): string[] =>
    ts
      .preProcessFile(file.text, true, true)
      .importedFiles.flatMap(({ fileName }) => resolve(fileName, file.fileName)?.resolvedFileName ?? []);

  let scope: ts.Node | undefined;
  let program: ts.Program | undefined;

  return {
    service,
    open(code, options = cellOptions) {
      opened++;
      settings = options;
      if (code !== text || scope !== environment.scope()) {
        textVersion++;
        forget(cellName);
      }
      text = code;
      scope = environment.scope();
      const current = service.getProgram()!;
      if (current !== program) addCells(current as InternalProgram);
      program = current;
      return { program, file: program.getSourceFile(cellName)! };
    },
    localImports(file) {
      const found = new Set([file.fileName]);
      for (const fileName of found) {
        const imported = program?.getSourceFile(fileName);
        if (imported)
          for (const name of importsOf(imported))
            if (!isInstalled(name) && !isDeclarations(name)) found.add(name);
      }
      found.delete(file.fileName);
      return [...found].flatMap((fileName) => program?.getSourceFile(fileName) ?? []);
    },
    keepImports(cell) {
      for (const name of importsOf(cell)) if (!isInstalled(name) || isDeclarations(name)) kept.add(name);
    },
    keepModule: ({ fileName }) => void kept.add(fileName),
  };
}
