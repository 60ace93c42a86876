/**
 * The characters that texts are made of, numbered in the order of their code points.
 *
 * @example
 * const vocabulary = new data.Vocabulary(["hello"]);
 * vocabulary.characters; // ["e", "h", "l", "o"]
 * vocabulary.encode("hello"); // Int32Array [1, 0, 2, 2, 3]
 */
export class Vocabulary {
  readonly characters: readonly string[];
  readonly #indexOf: ReadonlyMap<string, number>;

  /** @param texts whose characters it holds; `first` characters come before them, in that order */
  constructor(texts: Iterable<string>, first: readonly string[] = []) {
    const found = new Set<string>();
    for (const text of texts) for (const character of text) found.add(character);
    for (const character of first) found.delete(character);
    this.characters = [...first, ...[...found].toSorted((a, b) => a.codePointAt(0)! - b.codePointAt(0)!)];
    this.#indexOf = new Map(this.characters.map((character, index) => [character, index]));
  }

  /** How many characters: the classes that a model of them chooses from. */
  get size(): number {
    return this.characters.length;
  }

  /** @throws RangeError if a character is not in it */
  encode(text: string): Int32Array {
    return Int32Array.from([...text], (character) => {
      const index = this.#indexOf.get(character);
      if (index === undefined) {
        throw new RangeError(
          `Vocabulary: no character ${JSON.stringify(character)}; it holds ${JSON.stringify(this.characters.join(""))}`,
        );
      }
      return index;
    });
  }

  /** @throws RangeError if there is no character with such a number */
  decode(indices: ArrayLike<number>): string {
    return Array.from(indices, (index) => {
      if (!(index in this.characters)) {
        throw new RangeError(`Vocabulary: no character ${index}; they are numbered 0 to ${this.size - 1}`);
      }
      return this.characters[index];
    }).join("");
  }
}
