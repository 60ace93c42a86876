/** What each name has meant since the session began: its declarations, each from the cell on that made it. */
import ts from "typescript";
import type { Names } from "./internals.ts";

interface Declared {
  cell: number;
  symbol: ts.Symbol;
}

export class Declarations {
  /** Oldest first. */
  readonly #byName = new Map<ts.__String, Declared[]>();
  /** Names that were imported at some time. */
  readonly #imported = new Set<ts.__String>();

  add(name: ts.__String, declared: Declared): void {
    const earlier = this.#byName.get(name);
    if (earlier) earlier.push(declared);
    else this.#byName.set(name, [declared]);
    if (declared.symbol.flags & ts.SymbolFlags.Alias) this.#imported.add(name);
  }

  /** What the name means to a cell: the newest declaration that is older than the cell. */
  seenBy(cell: number, name: ts.__String): Declared | undefined {
    return this.#byName.get(name)?.findLast((declared) => declared.cell < cell);
  }

  /** All that a cell can see. */
  namesSeenBy(cell: number): Names {
    const seen = (names: Iterable<ts.__String>): [ts.__String, ts.Symbol][] =>
      [...names].flatMap((name) => {
        const declared = this.seenBy(cell, name);
        return declared ? [[name, declared.symbol]] : [];
      });
    const names = this.#byName;
    return {
      get: (name) => this.seenBy(cell, name)?.symbol,
      // Asked for at every type that is written down, and only to see by what name the type was imported.
      entries: () => seen(this.#imported).values(),
      values: () =>
        seen(names.keys())
          .map(([, symbol]) => symbol)
          .values(),
      forEach(visit) {
        for (const [name, symbol] of seen(names.keys())) visit(symbol, name, this as never);
      },
    };
  }

  /** The cells whose declarations nothing has replaced. */
  *current(): Iterable<number> {
    for (const declared of this.#byName.values()) yield declared.at(-1)!.cell;
  }

  /** Forget what other cells declared. */
  keepOnly(cells: ReadonlySet<number>): void {
    for (const [name, declared] of this.#byName)
      this.#byName.set(
        name,
        declared.filter(({ cell }) => cells.has(cell)),
      );
  }
}
