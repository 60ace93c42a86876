/** The preloaded names as the type checker sees them: imports that stand before the first cell. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { kernelFolder, packageEntry, unpreloadedExports } from "../names.ts";

const cellGlobals = join(kernelFolder, "user", "globals.js");

/** The text of a module that imports them, and their names. */
export function preloadedDeclarations(): [declarations: string, names: string[]] {
  const library = exportedNames(packageEntry).filter((name) => !unpreloadedExports.has(name));
  const globals = exportedNames(cellGlobals);
  const declarations = [
    `import { ${library.join(", ")} } from ${JSON.stringify(packageEntry)};`,
    `import { ${globals.join(", ")} } from ${JSON.stringify(cellGlobals)};`,
    `import * as aq from "arquero";`,
    "",
  ].join("\n");
  return [declarations, [...library, ...globals, "aq"]];
}

/** Names that a module's declarations export, values and types; `export *` is followed. */
function exportedNames(module: string): string[] {
  const path = module.replace(/\.js$/, ".d.ts");
  if (!existsSync(path)) throw new Error(`the kernel is not built: ${path} is missing; run: npm run build`);
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  return [...new Set(file.statements.flatMap((statement) => namesOf(statement, path)))];
}

function namesOf(statement: ts.Statement, path: string): string[] {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause, moduleSpecifier } = statement;
    if (exportClause && ts.isNamedExports(exportClause))
      return exportClause.elements.map(({ name }) => name.text);
    if (exportClause) return [exportClause.name.text];
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return [];
    return exportedNames(join(dirname(path), moduleSpecifier.text.replace(/\.ts$/, ".js")));
  }
  const exported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!exported) return [];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    );
  const { name } = statement as ts.DeclarationStatement;
  return name && ts.isIdentifier(name) ? [name.text] : [];
}
