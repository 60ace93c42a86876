/** How cells are checked: strictly, but never for style. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { packageEntry } from "../../names.ts";

const nodeRequire = createRequire(import.meta.url);
const folderOf = (name: string): string => dirname(nodeRequire.resolve(`${name}/package.json`));

export const cellOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  lib: ["lib.esnext.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  // A cell is a module even if it neither imports nor exports: it may await, and its names are its own.
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  esModuleInterop: true,
  resolveJsonModule: true,
  paths: {
    gradbook: [packageEntry.replace(/\.js$/, ".d.ts")],
    arquero: [join(folderOf("arquero"), "dist/types/index.d.ts")],
  },
  types: ["node"],
  typeRoots: [dirname(folderOf("@types/node"))],
  strict: true,
  noImplicitAny: false,
  useUnknownInCatchVariables: false,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  skipLibCheck: true,
  // JavaScript beside the notebook gives its types, but its errors are its author's business.
  allowJs: true,
  checkJs: false,
  // The checker's only product: what a cell declares, for the cells after it.
  declaration: true,
  emitDeclarationOnly: true,
};
