/** What each name has meant since the session began: its declarations, each from the cell on that made it. */
import type ts from "typescript";
import type { Names } from "./internals.ts";

interface Declared {
  cell: number;
  symbol: ts.Symbol;
}

export class Declarations {
  /** Oldest first. */
  readonly #byName = new Map<ts.__String, Declared[]>();

  add(name: ts.__String, declared: Declared): void {
    const earlier = this.#byName.get(name);
    if (earlier) earlier.push(declared);
    else this.#byName.set(name, [declared]);
  }

  /** What the name means to a cell: the newest declaration that is older than the cell. */
  seenBy(cell: number, name: ts.__String): Declared | undefined {
    return this.#byName.get(name)?.findLast((declared) => declared.cell < cell);
  }

  /** All that a cell can see. */
  namesSeenBy(cell: number): Names {
    const entries = function* (this: Declarations): MapIterator<[ts.__String, ts.Symbol]> {
      for (const name of this.#byName.keys()) {
        const declared = this.seenBy(cell, name);
        if (declared) yield [name, declared.symbol];
      }
    }.bind(this);
    return {
      get: (name) => this.seenBy(cell, name)?.symbol,
      entries,
      values: () => Array.from(entries(), ([, symbol]) => symbol).values(),
      forEach(visit) {
        for (const [name, symbol] of entries()) visit(symbol, name, this as never);
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
