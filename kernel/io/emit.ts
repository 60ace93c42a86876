/**
 * A cell's TypeScript as JavaScript for V8's REPL mode. Types go; top-level `var`, `const`, `class` and
 * functions become `let`, so that any name may be declared again; imports and awaits go through the kernel.
 */
import ts from "typescript";
import { hooksName } from "../names.ts";

export interface Emitted {
  javaScript: string;
  sourceMap: string;
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  sourceMap: true,
  newLine: ts.NewLineKind.LineFeed,
};

export function emitCell(code: string): Emitted {
  const { outputText, sourceMapText = "" } = ts.transpileModule(code, {
    fileName: "cell.ts",
    compilerOptions: options,
    transformers: { before: [keepLastValue], after: [forRepl] },
  });
  return { javaScript: outputText.replace(/^\/\/# sourceMappingURL=.*$/m, ""), sourceMap: sourceMapText };
}

const { factory } = ts;

/** A call of one of the kernel's hooks, `__gradbook__.name(…)`. */
const hook = (name: string, ...values: ts.Expression[]): ts.CallExpression =>
  factory.createCallExpression(
    factory.createPropertyAccessExpression(factory.createIdentifier(hooksName), name),
    undefined,
    values,
  );

/** The last expression's value is handed to the kernel. Done first: `using` moves statements into a block. */
const keepLastValue: ts.TransformerFactory<ts.SourceFile> = () => (file) => {
  const last = file.statements.at(-1);
  if (!last || !ts.isExpressionStatement(last)) return file;
  const kept = factory.updateExpressionStatement(last, hook("result", last.expression));
  return factory.updateSourceFile(file, [...file.statements.slice(0, -1), kept]);
};

const forRepl: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const hoisted: ts.Statement[] = [];
  const statements: ts.Statement[] = [];
  const declared = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      statements.push(...importStatements(statement));
      continue;
    }
    const visited = ts.visitNode(statement, (node) => routeTopLevel(node, context)) as ts.Statement;
    if (ts.isFunctionDeclaration(visited) && visited.body) hoisted.push(functionVariable(visited));
    else statements.push(...replStatement(visited, declared));
  }
  return factory.updateSourceFile(file, [...hoisted, ...statements]);
};

const letVariable = (
  name: ts.BindingName,
  value: ts.Expression | undefined,
  original: ts.Node,
): ts.VariableStatement => {
  const declaration = factory.createVariableDeclaration(name, undefined, undefined, value);
  const list = factory.createVariableDeclarationList([declaration], ts.NodeFlags.Let);
  return ts.setTextRange(factory.createVariableStatement(undefined, list), original);
};

/** `import a, { b as c } from "m"` becomes `let { default: a, b: c } = await import("m")`. */
function importStatements(statement: ts.ImportDeclaration): ts.Statement[] {
  const { importClause: clause, moduleSpecifier } = statement;
  if (clause?.isTypeOnly) return [];
  const module = factory.createAwaitExpression(hook("await", hook("import", moduleSpecifier)));
  if (!clause) return [ts.setTextRange(factory.createExpressionStatement(module), statement)];
  const bindings = clause.namedBindings;
  const elements: ts.BindingElement[] = [];
  if (clause.name) elements.push(factory.createBindingElement(undefined, "default", clause.name));
  if (bindings && ts.isNamedImports(bindings))
    for (const { isTypeOnly, propertyName, name } of bindings.elements)
      if (!isTypeOnly) elements.push(factory.createBindingElement(undefined, propertyName, name));
  const result: ts.Statement[] = [];
  if (bindings && ts.isNamespaceImport(bindings)) result.push(letVariable(bindings.name, module, statement));
  if (elements.length > 0)
    result.push(letVariable(factory.createObjectBindingPattern(elements), module, statement));
  return result;
}

function functionVariable(statement: ts.FunctionDeclaration): ts.Statement {
  const { modifiers, asteriskToken, name, parameters, body } = statement;
  const isAsync = modifiers?.filter(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) as
    ts.Modifier[] | undefined;
  const value = factory.createFunctionExpression(
    isAsync,
    asteriskToken,
    undefined,
    undefined,
    parameters,
    undefined,
    body!,
  );
  ts.setTextRange(value, statement);
  return name ? letVariable(name, value, statement) : factory.createExpressionStatement(value);
}

function replStatement(statement: ts.Statement, declared: Set<string>): ts.Statement[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap((declaration): ts.Statement[] => {
      const { name, initializer } = declaration;
      const isRepeated = ts.isIdentifier(name) && declared.has(name.text);
      if (!isRepeated) {
        if (ts.isIdentifier(name)) declared.add(name.text);
        return [letVariable(name, initializer, declaration)];
      }
      // A second `var` of a name only assigns.
      if (!initializer) return [];
      const assignment = factory.createAssignment(name, initializer);
      return [ts.setTextRange(factory.createExpressionStatement(assignment), declaration)];
    });
  if (ts.isClassDeclaration(statement) && statement.name) {
    const { name, heritageClauses, members } = statement;
    const value = factory.createClassExpression(undefined, name, undefined, heritageClauses, members);
    return [letVariable(name, ts.setTextRange(value, statement), statement)];
  }
  if (ts.isExportAssignment(statement)) return [factory.createExpressionStatement(statement.expression)];
  if (ts.isExportDeclaration(statement)) return [];
  return [statement];
}

const routeEverywhere = (node: ts.Node, context: ts.TransformationContext): ts.Node => {
  const visited = ts.visitEachChild(node, (child) => routeEverywhere(child, context), context);
  return routeModules(visited);
};

/** `import(…)` and `import.meta` have no meaning in a script that V8's inspector evaluates. */
function routeModules(node: ts.Node): ts.Node {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return ts.setTextRange(hook("import", ...node.arguments), node);
  if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
    return factory.createPropertyAccessExpression(factory.createIdentifier(hooksName), "meta");
  return node;
}

/** Outside functions, awaits too go through the kernel, so that an interrupt can reject them. */
function routeTopLevel(node: ts.Node, context: ts.TransformationContext): ts.Node {
  if (ts.isFunctionLike(node)) return routeEverywhere(node, context);
  const visited = ts.visitEachChild(node, (child) => routeTopLevel(child, context), context);
  if (ts.isAwaitExpression(visited))
    return factory.updateAwaitExpression(visited, hook("await", visited.expression));
  if (ts.isForOfStatement(visited) && visited.awaitModifier)
    return factory.updateForOfStatement(
      visited,
      visited.awaitModifier,
      visited.initializer,
      hook("steps", visited.expression),
      visited.statement,
    );
  return routeModules(visited);
}
