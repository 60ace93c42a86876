/**
 * A character n-gram model with interpolated Kneser–Ney smoothing: what a language model without a network can do.
 *
 *     p(c | context) = max(n(context c) − D, 0) / n(context ·) + D · types(context) / n(context ·) · p(c | shorter context)
 *
 * down to 1/V for every character. n counts occurrences in the longest contexts, and in shorter ones how many different
 * characters stand before, since that is where a shorter context is asked: where the longer was not seen. A context at
 * the beginning of a text has nothing before it, and counts occurrences.
 * Ney, Essen & Kneser 1994, https://doi.org/10.1006/csla.1994.1001; Chen & Goodman 1999,
 * https://doi.org/10.1006/csla.1999.0128
 */
export class NGram {
  readonly order: number;
  readonly discount: number;
  readonly #vocabularySize: number;
  readonly #followers = new Map<string, Followers>();

  /** @param texts each begins and ends with a boundary that stands nowhere else in it */
  constructor(texts: readonly string[], order: number, discount: number, vocabularySize: number) {
    this.order = order;
    this.discount = discount;
    this.#vocabularySize = vocabularySize;
    const seen = new Set<string>();
    for (const text of texts)
      for (let place = 1; place < text.length; place++)
        for (let length = 0; length < order && length <= place; length++) {
          const context = text.slice(place - length, place);
          const whole = length === order - 1 || length === place;
          const longer = text.slice(place - length - 1, place + 1);
          if (!whole && seen.has(longer)) continue;
          if (!whole) seen.add(longer);
          this.#count(context, text[place]);
        }
  }

  /** Bits that a text costs, its first character given. */
  bits(text: string): number {
    let bits = 0;
    for (let place = 1; place < text.length; place++) {
      const context = text.slice(Math.max(0, place - this.order + 1), place);
      bits -= Math.log2(this.#probability(context, text[place]));
    }
    return bits;
  }

  #probability(context: string, next: string): number {
    const shorter = (): number =>
      context === "" ? 1 / this.#vocabularySize : this.#probability(context.slice(1), next);
    const followers = this.#followers.get(context);
    if (!followers) return shorter();
    const { total, counts } = followers;
    const own = Math.max((counts.get(next) ?? 0) - this.discount, 0);
    return own / total + ((this.discount * counts.size) / total) * shorter();
  }

  #count(context: string, next: string): void {
    const followers = this.#followers.get(context) ?? { total: 0, counts: new Map<string, number>() };
    followers.total++;
    followers.counts.set(next, (followers.counts.get(next) ?? 0) + 1);
    this.#followers.set(context, followers);
  }
}

interface Followers {
  total: number;
  readonly counts: Map<string, number>;
}

/** Bits a character of texts, which begin and end with a boundary. */
export function bitsPerCharacter(model: NGram, texts: readonly string[]): number {
  const characters = texts.reduce((sum, text) => sum + text.length - 1, 0);
  return texts.reduce((sum, text) => sum + model.bits(text), 0) / characters;
}
