/**
 * One TypeScript language service for the session. It sees a single cell, whose text changes, in the scope of all
 * earlier cells, together with the modules that cells import. Most cells are guests: they are shown to the program that
 * is there, and its checker, which keeps what it has learned, so that a cell costs what its own code costs. One that
 * imports a module, or declares something for everybody, needs a program of its own.
 */
import ts from "typescript";
import { augments, independentCell } from "./cellModule.ts";
import { cellOptions } from "./compilerOptions.ts";
import type { Environment } from "./environment.ts";
import type { InternalHost, InternalProgram, InternalSourceFile } from "./internals.ts";
import { createModuleResolution, isInstalled } from "./moduleResolution.ts";
import { parsedFiles } from "./parsedFiles.ts";

export interface CellProgram {
  /** Makes this the cell's text, checked with these options, else as cells are. The service may be asked about `file` until the next text is opened. */
  open(text: string, options?: ts.CompilerOptions): { program: ts.Program; file: ts.SourceFile };
  readonly service: ts.LanguageService;
  /** The user's own TypeScript files that a file imports, and those that they import. */
  localImports(file: ts.SourceFile): ts.SourceFile[];
  /** Keep what a cell imports, for later cells may meet its types. */
  keepImports(cell: ts.SourceFile): void;
  /** Keep an earlier cell in the program: it declares something for everybody. */
  keepModule(cell: ts.SourceFile): void;
  /** TypeScript failed: what its checker believes by now nobody knows. */
  startOver(): void;
}

/** What a checker learns it never forgets, needed or not: after so many guests another one starts. */
const guestsOfOneProgram = 250;

const isDeclarations = (fileName: string): boolean => /\.d\.[cm]?ts$/.test(fileName);

/** `directory` is where the notebook lies: it may change until the first cell is opened there. */
export function createCellProgram(directory: () => string, environment: Environment): CellProgram {
  /** The cell, where it is a file of the program. */
  let cellName = "";
  const kept = new Set<string>();
  let text = "";
  let textVersion = 0;
  let projectVersion = 0;
  let settings = cellOptions;
  const fileInDirectory = (name: string): string => `${directory()}/gradbook-${name}.ts`;
  const { resolve, forget, host: resolution } = createModuleResolution(directory(), cellOptions);

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
    getProjectVersion: () => String(projectVersion),
    getScriptVersion: versionOf,
    getScriptSnapshot: snapshotOf,
    getCurrentDirectory: directory,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    fileExists: (fileName) => fileName === cellName || ts.sys.fileExists(fileName),
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    readDirectory: ts.sys.readDirectory,
    ...(ts.sys.realpath && { realpath: ts.sys.realpath }),
  };
  let service: ts.LanguageService;

  const resolved = new Map<string, ts.ResolvedModuleFull>();
  /** What an earlier cell imports: another one, where it names a type of that one's, or what its user wrote. */
  const moduleOf = (specifier: string): ts.ResolvedModuleFull | undefined => {
    const cell = environment.module(`/${specifier.replace(/^\.\//, "")}`);
    if (cell)
      return { resolvedFileName: cell.fileName, extension: ts.Extension.Dts, isExternalLibraryImport: false };
    const found = resolved.get(specifier) ?? resolve(specifier, fileInDirectory("cell"));
    if (found) resolved.set(specifier, found);
    return found;
  };

  const place = (file: ts.SourceFile | undefined, scope: ts.Node): void => {
    if (file) (file as InternalSourceFile).parent = scope;
  };

  let program: ts.Program | undefined;
  /** Files of the program that may change under it. */
  let changeable: InternalSourceFile[] = [];
  let guest: InternalSourceFile | undefined;
  let guests = 0;
  let opened: { code?: string; scope?: ts.Node } = {};

  /** Let the checker find earlier cells, and its guest. They are no files of the program: it would visit every one for each cell. */
  const addCells = (program: InternalProgram): void => {
    const { getResolvedModule, getSourceFile } = program;
    program.getSourceFile = (fileName) =>
      fileName === guest?.fileName ? guest : (environment.module(fileName) ?? getSourceFile(fileName));
    program.getResolvedModule = (file, specifier, mode) =>
      environment.module(file.fileName)
        ? { resolvedModule: moduleOf(specifier) }
        : getResolvedModule(file, specifier, mode);
    for (const fileName of kept) {
      const cell = environment.module(fileName);
      if (cell) place(getSourceFile(fileName), cell.parent);
    }
  };

  /** A program that has the cell for one of its files. */
  const createProgram = (code: string): ts.Program => {
    if (cellName !== fileInDirectory("cell")) {
      // A service keeps the directory that it was made in.
      cellName = fileInDirectory("cell");
      service = ts.createLanguageService(host, parsedFiles());
    }
    projectVersion++;
    textVersion++;
    forget(cellName);
    text = code;
    guest = undefined;
    guests = 0;
    const created = service.getProgram()! as InternalProgram;
    addCells(created);
    changeable = (created.getSourceFiles() as InternalSourceFile[]).filter(
      ({ fileName }) => fileName !== cellName && !isInstalled(fileName),
    );
    return created;
  };

  /** Would the program be the same if it were made anew, but for the cell in it? */
  const isCurrent = (program: ts.Program): boolean => {
    const cell = program.getSourceFile(cellName) as InternalSourceFile;
    return (
      !augments(cell) &&
      [cell, ...changeable].every(({ path }) => !resolution.hasInvalidatedResolutions(path)) &&
      changeable.every(({ fileName, version }) => version === versionOf(fileName))
    );
  };

  const importsOf = (file: ts.SourceFile): string[] =>
    ts
      .preProcessFile(file.text, true, true)
      .importedFiles.flatMap(({ fileName }) => resolve(fileName, file.fileName)?.resolvedFileName ?? []);

  return {
    get service() {
      return service;
    },
    open(code, options = cellOptions) {
      const scope = environment.scope();
      if (!program || settings !== options || guests >= guestsOfOneProgram || !isCurrent(program)) {
        settings = options;
        program = createProgram(code);
      } else if (opened.code !== code || opened.scope !== scope) {
        guest = independentCell(fileInDirectory(`guest-${guests++}`), code, options);
        if (!guest) program = createProgram(code);
      }
      const file = guest ?? program.getSourceFile(cellName)!;
      place(file, scope);
      opened = { code, scope };
      return { program, file };
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
    startOver: () => void (program = undefined),
  };
}
