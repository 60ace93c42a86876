/**
 * A cell's TypeScript as JavaScript for V8's REPL mode. Types go; top-level `var`, `const`, `class` and
 * functions become `let`, so that any name may be declared again; imports and awaits go through the kernel.
 */
import ts from "typescript";
import { asWritten, hooksName } from "../names.ts";
import { declaredBuiltIns, spellApart } from "./shadowing.ts";
import { assignments, assignmentTarget, isVar } from "./variables.ts";

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
  // One file by itself, as `ts.transpileModule` has it; what it means is checked elsewhere.
  isolatedModules: true,
  noLib: true,
  noResolve: true,
  noCheck: true,
  types: [],
};

const fileName = "cell.ts";

/** The emitter of one session: it knows which names of JavaScript earlier cells have declared. */
export function createEmitter(): (code: string) => Emitted {
  const shadowed = new Set<string>();
  return (code) => {
    const file = ts.createSourceFile(fileName, code, ts.ScriptTarget.ES2024);
    const written = new Map<string, string>();
    const host: ts.CompilerHost = {
      getSourceFile: (name) => (name === fileName ? file : undefined),
      writeFile: (name, text) => written.set(name, text),
      getDefaultLibFileName: () => "lib.d.ts",
      useCaseSensitiveFileNames: () => true,
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => "",
      getNewLine: () => "\n",
      fileExists: (name) => name === fileName,
      readFile: () => undefined,
    };
    const program = ts.createProgram([fileName], options, host);
    const checker = program.getTypeChecker();
    for (const name of declaredBuiltIns(file)) shadowed.add(name);
    program.emit(undefined, undefined, undefined, undefined, {
      before: [spellApart(checker, shadowed), keepLastValue],
      after: [forRepl],
    });
    return {
      javaScript: (written.get("cell.js") ?? "").replace(/^\/\/# sourceMappingURL=.*$/m, ""),
      sourceMap: written.get("cell.js.map") ?? "",
    };
  };
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

/** TypeScript takes a cell for a module, and modules are strict. */
const strict = factory.createExpressionStatement(factory.createStringLiteral("use strict"));

const forRepl: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const hoisted: ts.Statement[] = [];
  const statements: ts.Statement[] = [];
  const variables = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      statements.push(...importStatements(statement));
      continue;
    }
    const visited = ts.visitNode(statement, (node) =>
      routeTopLevel(node, context, variables),
    ) as ts.Statement;
    if (ts.isFunctionDeclaration(visited) && visited.body) hoisted.push(functionVariable(visited));
    else statements.push(...replStatement(visited));
  }
  const declarations = [...variables].map((name) =>
    letVariable(factory.createIdentifier(name), undefined, undefined),
  );
  return factory.updateSourceFile(file, [strict, ...declarations, ...hoisted, ...statements]);
};

const letVariable = (
  name: ts.BindingName,
  value: ts.Expression | undefined,
  original: ts.Node | undefined,
): ts.VariableStatement => {
  const declaration = factory.createVariableDeclaration(name, undefined, undefined, value);
  const list = factory.createVariableDeclarationList([declaration], ts.NodeFlags.Let);
  const statement = factory.createVariableStatement(undefined, list);
  return original ? ts.setTextRange(statement, original) : statement;
};

/** `import a, { b as c } from "m"` becomes `let { default: a, b: c } = await import("m")`. */
function importStatements(statement: ts.ImportDeclaration): ts.Statement[] {
  const { importClause: clause, moduleSpecifier, attributes } = statement;
  if (clause?.isTypeOnly) return [];
  const how = attributes ? [importOptions(attributes)] : [];
  const module = factory.createAwaitExpression(hook("await", hook("import", moduleSpecifier, ...how)));
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

/** `with { type: "json" }` as `import(…)` takes it. */
function importOptions({ elements }: ts.ImportAttributes): ts.Expression {
  const given = elements.map(({ name, value }) => factory.createPropertyAssignment(name, value));
  const attributes = factory.createPropertyAssignment("with", factory.createObjectLiteralExpression(given));
  return factory.createObjectLiteralExpression([attributes]);
}

function functionVariable(statement: ts.FunctionDeclaration): ts.Statement {
  const { modifiers, asteriskToken, name, parameters, body } = statement;
  const isAsync = modifiers?.filter(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) as
    ts.Modifier[] | undefined;
  const value = factory.createFunctionExpression(
    isAsync,
    asteriskToken,
    // Nobody but the reader of a stack sees this name: the body's own calls use the variable.
    name && asWritten(name.text) !== name.text ? asWritten(name.text) : undefined,
    undefined,
    parameters,
    undefined,
    body!,
  );
  ts.setTextRange(value, statement);
  return name ? letVariable(name, value, statement) : factory.createExpressionStatement(value);
}

function replStatement(statement: ts.Statement): ts.Statement[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map((declaration) =>
      letVariable(declaration.name, declaration.initializer, declaration),
    );
  if (ts.isClassDeclaration(statement) && statement.name) {
    const { name, heritageClauses, members } = statement;
    const own = factory.createIdentifier(asWritten(name.text));
    const value = factory.createClassExpression(undefined, own, undefined, heritageClauses, members);
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

/** Outside functions, awaits too go through the kernel, so that an interrupt can reject them; and `var`s are gathered. */
function routeTopLevel(node: ts.Node, context: ts.TransformationContext, variables: Set<string>): ts.Node {
  if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node))
    return routeEverywhere(node, context);
  const visited = ts.visitEachChild(node, (child) => routeTopLevel(child, context, variables), context);
  if (ts.isAwaitExpression(visited))
    return factory.updateAwaitExpression(visited, hook("await", visited.expression));
  if (ts.isVariableStatement(visited) && isVar(visited.declarationList)) {
    const assigned = assignments(visited.declarationList, variables);
    return ts.setTextRange(
      assigned ? factory.createExpressionStatement(assigned) : factory.createNotEmittedStatement(visited),
      visited,
    );
  }
  if (ts.isForStatement(visited) && isVar(visited.initializer)) {
    const { initializer, condition, incrementor, statement } = visited;
    return factory.updateForStatement(
      visited,
      assignments(initializer, variables),
      condition,
      incrementor,
      statement,
    );
  }
  if (ts.isForInStatement(visited) && isVar(visited.initializer))
    return factory.updateForInStatement(
      visited,
      assignmentTarget(visited.initializer.declarations[0]!.name, variables),
      visited.expression,
      visited.statement,
    );
  if (ts.isForOfStatement(visited)) {
    const { awaitModifier, initializer, expression, statement } = visited;
    return factory.updateForOfStatement(
      visited,
      awaitModifier,
      isVar(initializer) ? assignmentTarget(initializer.declarations[0]!.name, variables) : initializer,
      awaitModifier ? hook("steps", expression) : expression,
      statement,
    );
  }
  return routeModules(visited);
}
