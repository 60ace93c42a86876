/** A cell as a module: what it declares it exports, so that TypeScript can write its declarations down. */
import ts from "typescript";
import { cellOptions } from "./compilerOptions.ts";
import { bindSourceFile, mayImport, namesOf, parseModule, type InternalSourceFile } from "./internals.ts";

export interface CellModule {
  /** The cell, every character in its place, but for its own exports, which are blanked. */
  code: string;
  parsed: InternalSourceFile;
  /** What it declares at its top. */
  names: string[];
  /** The code and its exports. */
  text: string;
}

export function cellModule(written: string): CellModule {
  const code = withoutExports(written);
  const parsed = parseModule("cell.ts", code);
  const names = declaredNames(parsed);
  return { code, parsed, names, text: names.length > 0 ? `${code}\nexport { ${names.join(", ")} };` : code };
}

/** The cell as a file that any program can show its checker; nothing if it needs a program that was made for it. */
export function independentCell(
  fileName: string,
  text: string,
  options: ts.CompilerOptions,
): InternalSourceFile | undefined {
  const file = parseModule(fileName, text);
  const { referencedFiles, typeReferenceDirectives, libReferenceDirectives } = file;
  const references = [referencedFiles, typeReferenceDirectives, libReferenceDirectives];
  if (mayImport(file) || augments(file) || references.some(({ length }) => length > 0)) return undefined;
  file.path = file.resolvedPath = fileName;
  file.imports = file.moduleAugmentations = file.ambientModuleNames = [];
  bindSourceFile(file, options);
  return file;
}

/** What a checked cell declares, with a type for everything, also where a type has no name. */
export function declarationsOf(program: ts.Program, file: ts.SourceFile): string {
  let declarations = "";
  const emit = program.emit as (...values: [...Parameters<ts.Program["emit"]>, forced: boolean]) => void;
  emit(file, (_, text) => (declarations = text), undefined, true, undefined, true);
  return exportedInPlace(declarations);
}

/**
 * Each declaration exported where it stands, not in a list at the end: whenever TypeScript writes down the type of
 * another cell, it would gather all that such a declaration needs, and what that needs, to export it too.
 */
function exportedInPlace(declarations: string): string {
  const file = parseModule("cell.d.ts", declarations);
  return file.statements
    .map((statement) => {
      if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier) return "\nexport {};";
      const start = statement.getStart(file) - statement.getFullStart();
      const text = statement.getFullText(file);
      return isPrivate(statement) ? `${text.slice(0, start)}export ${text.slice(start)}` : text;
    })
    .join("");
}

const isPrivate = (statement: ts.Statement): boolean =>
  (ts.isVariableStatement(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    (ts.isModuleDeclaration(statement) && !isAugmentation(statement))) &&
  !statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** `declare global { … }`, `declare module "m" { … }` */
const isAugmentation = (statement: ts.Statement): boolean =>
  ts.isModuleDeclaration(statement) &&
  (ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0);

/** Does it declare something for everybody? */
export const augments = (file: ts.SourceFile): boolean => file.statements.some(isAugmentation);

/** The statements of a cell by the names they declare. */
export function declaredSources(file: ts.SourceFile): [string, string][] {
  return file.statements.flatMap((statement): [string, string][] => {
    const declared: readonly { name?: ts.Node }[] = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations
      : [statement as { name?: ts.Node }];
    return declared.flatMap(({ name }) =>
      name && ts.isIdentifier(name) ? [[name.text, statement.getText(file)]] : [],
    );
  });
}

/** The names of a cell's top level, as they are written. */
function declaredNames(file: InternalSourceFile): string[] {
  const names: string[] = [];
  for (const [name] of namesOf(file, cellOptions).entries()) {
    // TypeScript's own entries, for `declare global` and `declare module "m"`, are no identifiers.
    const isIdentifier = !/^(?:"|__(?!_))/.test(name as string);
    if (isIdentifier) names.push(ts.unescapeLeadingUnderscores(name));
  }
  return names;
}

/** `export` declares a name of the session like any other; blanks in its place keep every position. */
function withoutExports(code: string): string {
  if (!code.includes("export")) return code;
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest);
  let blanked = code;
  const blank = (start: number, end: number): void => {
    blanked = blanked.slice(0, start) + blanked.slice(start, end).replace(/[^\n]/g, " ") + blanked.slice(end);
  };
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier)
      blank(statement.getStart(file), statement.end);
    const named = ts.isVariableStatement(statement) || (statement as { name?: unknown }).name !== undefined;
    if (!named || !ts.canHaveModifiers(statement)) continue;
    for (const { kind, end } of ts.getModifiers(statement) ?? [])
      if (kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword)
        blank(end - ts.tokenToString(kind)!.length, end);
  }
  return blanked;
}
