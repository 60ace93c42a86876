/**
 * tslab's converter, running on the project's TypeScript. tslab asks for its own fork of TypeScript 5.0, which
 * takes today's typed arrays for `any`; this puts TypeScript 5.9 in its place and supplies what the fork added.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import typescript from "typescript";
import { packageEntry } from "../names.ts";

/** Internal parts of TypeScript that tslab's fork makes public. */
interface TypeScriptInternals {
  getTouchingPropertyName(file: typescript.SourceFile, position: number): typescript.Node;
  getContainerNode(node: typescript.Node): typescript.Node | undefined;
  createTextSpanFromNode(node: typescript.Node, file: typescript.SourceFile): typescript.TextSpan;
  nullTransformationContext: typescript.TransformationContext;
  SymbolDisplay: {
    getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker: typescript.TypeChecker,
      symbol: typescript.Symbol,
      file: typescript.SourceFile,
      enclosing: typescript.Node | undefined,
      location: typescript.Node,
    ): {
      displayParts: typescript.SymbolDisplayPart[];
      documentation: typescript.SymbolDisplayPart[];
      symbolKind: typescript.ScriptElementKind;
      tags: typescript.JSDocTagInfo[] | undefined;
    };
  };
  Completions: {
    getCompletionsAtPosition(host: object, program: typescript.Program, ...rest: unknown[]): unknown;
  };
}

const internals = typescript as unknown as TypeScriptInternals;
const nodeRequire = createRequire(import.meta.url);
const nodeTypes = dirname(nodeRequire.resolve("@types/node/package.json"));
const arqueroTypes = join(dirname(nodeRequire.resolve("arquero/package.json")), "dist/types/index.d.ts");

/** The fork's own options, unknown to TypeScript 5.9. */
const forkOptions = ["noImplicitUseStrict", "disableTopLevelAwait"];

/** Cells are checked strictly, but never for style. */
export const cellOptions: typescript.CompilerOptions = {
  target: typescript.ScriptTarget.ES2024,
  lib: ["lib.esnext.d.ts"],
  module: typescript.ModuleKind.ESNext,
  moduleResolution: typescript.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  rewriteRelativeImportExtensions: true,
  paths: { gradbook: [packageEntry.replace(/\.js$/, ".d.ts")], arquero: [arqueroTypes] },
  types: ["node"],
  strict: true,
  noImplicitAny: false,
  useUnknownInCatchVariables: false,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  experimentalDecorators: false,
  // JavaScript beside the notebook gives its types, but its errors are its author's business.
  checkJs: false,
};

const isCell = (fileName: string): boolean => fileName.endsWith("/__tslab__.ts");

type WatchHost = typescript.WatchCompilerHost<typescript.BuilderProgram>;

const createWatchCompilerHost = (
  roots: string[],
  options: typescript.CompilerOptions,
  ...rest: unknown[]
): WatchHost => {
  const known = Object.fromEntries(Object.entries(options).filter(([name]) => !forkOptions.includes(name)));
  const create = typescript.createWatchCompilerHost as unknown as (...values: unknown[]) => WatchHost;
  return create(roots, { ...known, ...cellOptions }, ...rest);
};

/** tslab emits local files too; Node runs those itself. And a declaration counts even if no name can be given its type. */
const emitOnlyTheCell = (builder: typescript.BuilderProgram): typescript.BuilderProgram => {
  const emit = ((file: typescript.SourceFile, write, cancellation, _, transformers) =>
    isCell(file.fileName)
      ? (builder.getProgram().emit as (...values: unknown[]) => typescript.EmitResult)(
          file,
          write,
          cancellation,
          undefined,
          transformers,
          true,
        )
      : { emitSkipped: true, diagnostics: [] }) as typescript.BuilderProgram["emit"];
  return { ...builder, emit };
};

const createWatchProgram = (host: WatchHost): unknown => {
  const receive = host.afterProgramCreate;
  host.afterProgramCreate = (builder) => receive?.(emitOnlyTheCell(builder));
  return (typescript.createWatchProgram as (host: unknown) => unknown)(host);
};

/** `// @ts-nocheck` on the cell's first line; TypeScript itself would not see it after tslab's own first line. */
const isUnchecked = (file: typescript.SourceFile): boolean =>
  isCell(file.fileName) && /^export \{\};\s*\/\/\s*@ts-nocheck\b/.test(file.text);

const getPreEmitDiagnosticsOfFiles = (
  program: typescript.Program,
  files: typescript.SourceFile[],
): typescript.Diagnostic[] =>
  files.flatMap((file) => {
    const syntactic = program.getSyntacticDiagnostics(file);
    return syntactic.length > 0 || isUnchecked(file) ? syntactic : program.getSemanticDiagnostics(file);
  });

const getQuickInfoAtPosition = (
  file: typescript.SourceFile,
  checker: typescript.TypeChecker,
  _cancellation: unknown,
  position: number,
): typescript.QuickInfo | undefined => {
  const node = internals.getTouchingPropertyName(file, position);
  if (node === file) return undefined;
  const symbol =
    checker.getSymbolAtLocation(node) ?? (node.parent && checker.getSymbolAtLocation(node.parent));
  if (!symbol || symbol.name === "unknown") return undefined;
  const { symbolKind, ...described } =
    internals.SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker,
      symbol,
      file,
      internals.getContainerNode(node),
      node,
    );
  const { displayParts, documentation, tags } = described;
  const textSpan = internals.createTextSpanFromNode(node, file);
  return {
    kind: symbolKind,
    kindModifiers: "",
    textSpan,
    displayParts,
    documentation,
    ...(tags && { tags }),
  };
};

const getCompletionsAtPositionForTslab = (
  host: object,
  program: typescript.Program,
  ...rest: unknown[]
): unknown =>
  internals.Completions.getCompletionsAtPosition(
    { ...host, getCompilationSettings: () => program.getCompilerOptions() },
    program,
    ...rest,
  );

/** Installed packages do not change under a running kernel; only the user's own files are worth watching. */
const watchFile: NonNullable<typescript.System["watchFile"]> = (path, ...rest) =>
  path.includes("/node_modules/") || path.startsWith(dirname(packageEntry)) || !existsSync(path)
    ? { close() {} }
    : typescript.sys.watchFile!(path, ...rest);

const fork = {
  ...typescript,
  sys: { ...typescript.sys, watchFile, watchDirectory: () => ({ close() {} }) },
  createWatchCompilerHost,
  createWatchProgram,
  getPreEmitDiagnosticsOfFiles,
  getQuickInfoAtPosition,
  getNullTransformationContext: () => internals.nullTransformationContext,
  getDefaultTypeRoots: () => [dirname(nodeTypes)],
  Completions: { ...internals.Completions, getCompletionsAtPositionForTslab },
};

const converterPath = nodeRequire.resolve("tslab/dist/converter");
const tslabRequire = createRequire(converterPath);
const forkPath = tslabRequire.resolve("@tslab/typescript-for-tslab");
tslabRequire.cache[forkPath] = {
  ...({ children: [], paths: [], isPreloading: false, parent: null, path: dirname(forkPath) } as object),
  id: forkPath,
  filename: forkPath,
  loaded: true,
  exports: fork,
  require: tslabRequire,
} as unknown as NodeJS.Module;

interface Position {
  offset: number;
  line: number;
  character: number;
}

/** One complaint of the type checker; lines and characters count from 0. */
export interface Diagnostic {
  start: Position;
  end: Position;
  messageText: string;
  category: number;
  code: number;
  /** Set where the complaint is about a local file, not the cell. */
  fileName?: string;
}

/** tslab's converter, as far as the kernel uses it; the contract test holds tslab to it. */
export interface Converter {
  convert(previousDeclarations: string, code: string): { diagnostics: Diagnostic[]; declOutput?: string };
  complete(
    previousDeclarations: string,
    code: string,
    position: number,
  ): { start: number; end: number; candidates: string[]; original?: typescript.CompletionInfo };
  inspect(previousDeclarations: string, code: string, position: number): typescript.QuickInfo | undefined;
  close(): void;
}

interface Tslab {
  createConverter(options: { isJS: boolean; isBrowser: boolean }): Converter;
  isCompleteCode(code: string): { completed: boolean; indent?: string };
}

export const tslab: Tslab = tslabRequire(converterPath) as Tslab;
export { typescript };
