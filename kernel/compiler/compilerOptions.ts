/** How cells are checked: strictly, but never for style. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { packageEntry } from "../names.ts";

const nodeRequire = createRequire(import.meta.url);
const folderOf = (name: string): string => dirname(nodeRequire.resolve(`${name}/package.json`));

/** What `strict` would ask for and a notebook does not, unless its user does. */
export const leniency: ts.CompilerOptions = { noImplicitAny: false, useUnknownInCatchVariables: false };

/** All that is asked of cells, and more: what `strict` alone means. */
export const strictOptions: ts.CompilerOptions = {
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

export const cellOptions: ts.CompilerOptions = { ...strictOptions, ...leniency };

/** What a notebook may set: how strictly its cells are checked, and what is there without an import. */
const forCells = {
  strict: "boolean",
  noImplicitAny: "boolean",
  noImplicitThis: "boolean",
  strictNullChecks: "boolean",
  strictFunctionTypes: "boolean",
  strictBindCallApply: "boolean",
  strictPropertyInitialization: "boolean",
  strictBuiltinIteratorReturn: "boolean",
  useUnknownInCatchVariables: "boolean",
  exactOptionalPropertyTypes: "boolean",
  noUncheckedIndexedAccess: "boolean",
  noPropertyAccessFromIndexSignature: "boolean",
  noImplicitReturns: "boolean",
  noImplicitOverride: "boolean",
  noFallthroughCasesInSwitch: "boolean",
  noUnusedLocals: "boolean",
  noUnusedParameters: "boolean",
  allowUnreachableCode: "boolean",
  allowUnusedLabels: "boolean",
  lib: "list",
  types: "list",
} as const;

export const namesForCells = Object.keys(forCells);

/** How an option's value is written; nothing if it is not one for cells. */
export const kindOfOption = (name: string): "boolean" | "list" | undefined =>
  Object.hasOwn(forCells, name) ? forCells[name as keyof typeof forCells] : undefined;
