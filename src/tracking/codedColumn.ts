/** Groups as arquero keeps them: the group of each row, and for each group a row that belongs to it. */
interface Groups {
  readonly keys: Uint32Array;
  readonly get: readonly ((row: number) => unknown)[];
  readonly names: readonly string[];
  readonly rows: readonly number[];
  readonly size: number;
}

/**
 * A column of an arquero table whose few values are kept once, each row a number. `groupby` takes its groups as they
 * are, instead of hashing every row.
 */
export class CodedColumn implements Iterable<string> {
  readonly #values: readonly string[];
  readonly #codes: Uint32Array;

  constructor(values: readonly string[], codes: Uint32Array) {
    this.#values = values;
    this.#codes = codes;
  }

  get length(): number {
    return this.#codes.length;
  }

  at(row: number): string {
    return this.#values[this.#codes[row]];
  }

  *[Symbol.iterator](): Iterator<string> {
    for (const code of this.#codes) yield this.#values[code];
  }

  /** What arquero asks of a column that it groups by. */
  groups(names: readonly string[]): Groups {
    // Equal texts are one group, whatever their codes; groups are numbered as they first occur.
    const groupOfText = new Map<string, number>();
    const groupOfCode = new Int32Array(this.#values.length).fill(-1);
    const rows: number[] = [];
    const keys = new Uint32Array(this.#codes.length);
    for (let row = 0; row < keys.length; row++) {
      const code = this.#codes[row];
      if (groupOfCode[code] < 0) {
        const text = this.#values[code];
        if (!groupOfText.has(text)) groupOfText.set(text, rows.push(row) - 1);
        groupOfCode[code] = groupOfText.get(text)!;
      }
      keys[row] = groupOfCode[code];
    }
    return { keys, get: [(row) => this.at(row)], names, rows, size: rows.length };
  }
}
