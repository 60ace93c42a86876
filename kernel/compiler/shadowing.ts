/**
 * Cells may declare names that JavaScript or Node has: `function process() {}`, `const Error = 4`. A declaration in
 * V8's REPL mode is seen by every module of the process, so the kernel, the library and installed packages would find
 * it too. In the emitted code such a name gets another spelling, which only cells use.
 */
import ts from "typescript";
import { hooksName, spelledApart } from "../names.ts";
import type { InternalSourceFile, Names } from "./internals.ts";

/** Names that code outside cells relies on. */
const builtIns: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  "require",
  hooksName,
]);

/** The names of a file's top level; TypeScript keeps them there once a checker exists. */
const localsOf = (file: ts.SourceFile): Names => (file as InternalSourceFile).locals ?? new Map();

/** The built-in names that a cell declares for itself and all later cells. */
export function declaredBuiltIns(file: ts.SourceFile): string[] {
  const values = ts.SymbolFlags.Value | ts.SymbolFlags.Alias;
  return [...localsOf(file).entries()].flatMap(([escaped, { flags, exportSymbol }]) => {
    const name = ts.unescapeLeadingUnderscores(escaped);
    return (exportSymbol?.flags ?? flags) & values && builtIns.has(name) ? [name] : [];
  });
}

/** Gives the names in `shadowed` their other spelling wherever they mean a cell's declaration. */
export function spellApart(
  checker: ts.TypeChecker,
  shadowed: ReadonlySet<string>,
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => {
    if (shadowed.size === 0) return file;
    const { factory } = context;
    const locals = localsOf(file);

    /** Not a parameter's or a block's name: declared at the top of this cell, or not in this cell at all. */
    const isCells = (name: string, symbol: ts.Symbol | undefined): boolean => {
      if (!shadowed.has(name)) return false;
      if (!symbol?.declarations?.length) return true;
      const local = locals.get(symbol.escapedName);
      return local === symbol || local?.exportSymbol === symbol;
    };
    const isCellsName = (node: ts.Node): node is ts.Identifier =>
      ts.isIdentifier(node) && isCells(node.text, checker.getSymbolAtLocation(node));
    const respelled = (name: ts.Identifier): ts.Identifier =>
      ts.setTextRange(factory.createIdentifier(spelledApart(name.text)), name);

    const visit = (node: ts.Node): ts.Node => {
      if (ts.isIdentifier(node)) return !isPropertyName(node) && isCellsName(node) ? respelled(node) : node;
      const visited = ts.visitEachChild(node, visit, context);
      // Where one word is both a property's name and a variable's, only the variable changes.
      if (ts.isShorthandPropertyAssignment(node)) {
        if (!isCells(node.name.text, checker.getShorthandAssignmentValueSymbol(node))) return visited;
        const { objectAssignmentInitializer: fallback } = visited as ts.ShorthandPropertyAssignment;
        const value = respelled(node.name);
        return factory.createPropertyAssignment(
          factory.createIdentifier(node.name.text),
          fallback ? factory.createAssignment(value, fallback) : value,
        );
      }
      if (ts.isBindingElement(node) && ts.isBindingElement(visited)) {
        const isShort = !node.propertyName && !node.dotDotDotToken && ts.isObjectBindingPattern(node.parent);
        if (!isShort || !isCellsName(node.name)) return visited;
        const property = factory.createIdentifier(node.name.text);
        return factory.updateBindingElement(visited, undefined, property, visited.name, visited.initializer);
      }
      if (ts.isImportSpecifier(node) && ts.isImportSpecifier(visited) && visited.name !== node.name)
        return factory.updateImportSpecifier(
          visited,
          visited.isTypeOnly,
          visited.propertyName ?? factory.createIdentifier(node.name.text),
          visited.name,
        );
      return visited;
    };
    return ts.visitNode(file, visit) as ts.SourceFile;
  };
}

/** The word names a member or a label, whatever variables there are. */
function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent)) return parent.propertyName === node;
  if (ts.isShorthandPropertyAssignment(parent)) return parent.name === node;
  if (ts.isPropertyAssignment(parent)) return parent.name === node;
  if (ts.isClassElement(parent) || ts.isTypeElement(parent) || ts.isEnumMember(parent))
    return parent.name === node;
  return (
    ts.isExportSpecifier(parent) ||
    ts.isMetaProperty(parent) ||
    ts.isLabeledStatement(parent) ||
    ts.isBreakOrContinueStatement(parent)
  );
}
