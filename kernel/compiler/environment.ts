/**
 * Earlier cells, as the type checker finds them. Each is a module of declarations that lies in a scope with the newest
 * declaration of every name at its time. So a name that is declared again changes nothing for what was declared before,
 * and a cell that nothing can reach any more is forgotten.
 */
import ts from "typescript";
import { augments } from "./cellModule.ts";
import { Declarations } from "./declarations.ts";
import { namesOf, parseModule, type InternalSourceFile, type Names, type ScopeNode } from "./internals.ts";

export interface Environment {
  /** Where the next cell lies: around it is every name that it can see. */
  scope(): ts.Node;
  /** A cell that was checked: its declarations as TypeScript emits them, and the names that they are about. */
  add(declarations: string, names: readonly string[]): InternalSourceFile;
  /** The module of an earlier cell, if `fileName` is one's. */
  module(fileName: string): InternalSourceFile | undefined;
}

const valueMeanings = ts.SymbolFlags.Value | ts.SymbolFlags.Alias;
const typeMeanings = ts.SymbolFlags.Type | ts.SymbolFlags.Namespace | ts.SymbolFlags.Alias;

/** So many cells may be kept needlessly before it is worth while to look for them. */
const slack = 64;

/** With whatever extension TypeScript imports it. */
const moduleName = /\/gradbook-cell-(\d+)(?:\.[a-z.]+)?$/;
const moduleImport = /import\("\.\/gradbook-cell-(\d+)/g;

export function createEnvironment(directory: () => string, options: ts.CompilerOptions): Environment {
  const modules = new Map<number, InternalSourceFile>();
  // Apart, for one word may be a type of one cell and a value of another.
  const values = new Declarations();
  const types = new Declarations();
  let next = 0;
  let sweepAbove = slack;

  const scopeOf = (cell: number): ts.Node =>
    scopeNode(values.namesSeenBy(cell), scopeNode(types.namesSeenBy(cell)));
  let scope = scopeOf(next);

  /** The cells whose declarations the text of another one leads to. */
  function* usedBy(cell: number, { identifiers, text }: InternalSourceFile): Iterable<number> {
    for (const identifier of identifiers.keys())
      for (const declared of [values, types]) {
        // What the cell declares itself comes before what it can see.
        const used = declared.seenBy(cell + 1, ts.escapeLeadingUnderscores(identifier));
        if (used) yield used.cell;
      }
    for (const [, number] of text.matchAll(moduleImport)) yield Number(number);
  }

  const forgetUnreachable = (): void => {
    const reached = new Set([...values.current(), ...types.current()]);
    for (const [cell, module] of modules) if (augments(module)) reached.add(cell);
    // A set that grows while it is walked is walked to its new end.
    for (const cell of reached) for (const used of usedBy(cell, modules.get(cell)!)) reached.add(used);
    for (const cell of modules.keys()) if (!reached.has(cell)) modules.delete(cell);
    values.keepOnly(reached);
    types.keepOnly(reached);
    sweepAbove = 2 * modules.size + slack;
  };

  return {
    scope: () => scope,
    module: (fileName) => modules.get(Number(moduleName.exec(fileName)?.[1] ?? NaN)),
    add(declarations, names) {
      const cell = next++;
      const module = parseModule(`${directory()}/gradbook-cell-${cell}.d.ts`, declarations);
      module.path = module.resolvedPath = module.fileName;
      module.parent = scope;
      const declared = namesOf(module, options);
      for (const name of names.map(ts.escapeLeadingUnderscores)) {
        const local = declared.get(name);
        const symbol = local?.exportSymbol ?? local;
        if (symbol && symbol.flags & valueMeanings) values.add(name, { cell, symbol });
        if (symbol && symbol.flags & typeMeanings) types.add(name, { cell, symbol });
      }
      modules.set(cell, module);
      scope = scopeOf(next);
      if (modules.size > sweepAbove) forgetUnreachable();
      return module;
    },
  };
}

/** A block in which these names are declared. */
function scopeNode(locals: Names, parent?: ts.Node): ts.Node {
  const block = ts.factory.createBlock([]) as ts.Node as ScopeNode;
  block.locals = locals;
  if (parent) block.parent = parent;
  return block;
}
