import { log } from "../util/math.ts";
import { splitmix32 } from "./splitmix32.ts";

/** All that a generator remembers: save it to go on later from exactly the same place. */
export interface GeneratorState {
  /** The four 32-bit words of xoshiro128**. */
  readonly words: readonly [number, number, number, number];
  /** The second normal of the last pair, not yet given out. */
  readonly spareNormal: number | null;
}

/**
 * A stream of random numbers, fixed by its seed: the same on every machine and every engine.
 *
 * The bits come from xoshiro128** 1.1 (128 bits of state, period 2¹²⁸ − 1), seeded by SplitMix32.
 * Source: Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4),
 * https://prng.di.unimi.it/xoshiro128starstar.c
 *
 * @throws RangeError if the seed is not an integer in [0, 2³²)
 * @example
 * const generator = new Generator(7);
 * generator.uniform();   // in [0, 1)
 * generator.integer(6);  // 0, 1, 2, 3, 4 or 5
 */
export class Generator {
  #words: Uint32Array;
  #spareNormal: number | null = null;

  constructor(seed: number) {
    this.#words = stateFromSeed(seed);
  }

  /** Start again from `seed`, as a new generator would. */
  seed(seed: number): void {
    this.#words = stateFromSeed(seed);
    this.#spareNormal = null;
  }

  /** The next 32 random bits, as an integer in [0, 2³²). Every sampler below draws from here. */
  bits(): number {
    const s = this.#words;
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  /** Fill an array with what `bits` would draw one after another, in a third of the time; answers the array. */
  fillBits(words: Uint32Array): Uint32Array {
    let [a, b, c, d] = this.#words;
    for (let i = 0; i < words.length; i++) {
      words[i] = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = rotateLeft(d, 11);
    }
    this.#words.set([a, b, c, d]);
    return words;
  }

  /** Uniform on [0, 1): a multiple of 2⁻⁵³, made of two draws (the upper 27 and the upper 26 bits). */
  uniform(): number {
    const upper = this.bits() >>> 5;
    const lower = this.bits() >>> 6;
    return (upper * 67108864 + lower) / 9007199254740992;
  }

  /**
   * Normal with mean 0 and variance 1, by Marsaglia's polar method: a point (u, v) uniform in the unit disc,
   * s = u² + v², gives two independent normals u√(−2 ln s / s) and v√(−2 ln s / s).
   * No sine or cosine, so no engine's approximation enters.
   * Source: Marsaglia & Bray 1964, SIAM Review 6(3).
   */
  normal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return spare;
    }
    let u: number, v: number, s: number;
    do {
      u = 2 * this.uniform() - 1;
      v = 2 * this.uniform() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    const scale = Math.sqrt((-2 * log(s)) / s);
    this.#spareNormal = v * scale;
    return u * scale;
  }

  /**
   * An integer in [0, n), each equally likely: the words that would favour small remainders are drawn again.
   * @throws RangeError if n is not an integer from 1 to 2³²
   */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 4294967296) {
      throw new RangeError(`integer: n must be an integer from 1 to 4294967296, got ${n}`);
    }
    const remainder = 4294967296 % n;
    let word: number;
    do word = this.bits();
    while (word < remainder);
    return word % n;
  }

  /**
   * An index of `weights`, each as likely as its weight is large; they need not add up to 1.
   * @throws RangeError if a weight is negative or not finite, or their sum is not above 0
   * @example
   * random.generator(7).categorical([0.5, 0, 0.25, 0.25]); // 0, 2 or 3
   */
  categorical(weights: ArrayLike<number>): number {
    let total = 0;
    for (let index = 0; index < weights.length; index++) {
      if (!(weights[index] >= 0 && weights[index] < Infinity))
        throw new RangeError(`categorical: weight ${index} must be >= 0 and finite, got ${weights[index]}`);
      total += weights[index];
    }
    if (!(total > 0 && total < Infinity))
      throw new RangeError(`categorical: the weights must add up to a finite number above 0, got ${total}`);
    const point = this.uniform() * total;
    let [sum, chosen] = [0, 0];
    for (let index = 0; index < weights.length; index++) {
      // Rounding may leave the sum of all short of the point: then it is the last with a weight.
      if (weights[index] === 0) continue;
      chosen = index;
      sum += weights[index];
      if (point < sum) break;
    }
    return chosen;
  }

  /** The numbers 0 … n − 1 in random order. */
  permutation(n: number): Int32Array {
    if (!Number.isInteger(n) || n < 0 || n > 2147483647) {
      throw new RangeError(`permutation: n must be an integer from 0 to 2147483647, got ${n}`);
    }
    return this.shuffle(Int32Array.from({ length: n }, (_, index) => index));
  }

  /** Put the items in random order, in place (Fisher–Yates), and return them. */
  shuffle<Items extends { readonly length: number; [index: number]: unknown }>(items: Items): Items {
    for (let last = items.length - 1; last > 0; last--) {
      const chosen = this.integer(last + 1);
      const item = items[last];
      items[last] = items[chosen];
      items[chosen] = item;
    }
    return items;
  }

  /** A copy of the state, plain data that survives JSON. */
  state(): GeneratorState {
    return { words: [...this.#words] as [number, number, number, number], spareNormal: this.#spareNormal };
  }

  /**
   * Go on from a saved state.
   * @throws RangeError if the words are not four 32-bit integers, or all zero (xoshiro's only fixed point)
   */
  restore(state: GeneratorState): void {
    const { words, spareNormal } = state;
    const valid = words.length === 4 && words.every((word) => word === word >>> 0) && words.some(Boolean);
    if (!valid) {
      throw new RangeError(
        `restore: state.words must be four 32-bit integers, not all zero, got [${words.join(", ")}]`,
      );
    }
    this.#words = Uint32Array.from(words);
    this.#spareNormal = spareNormal;
  }
}

function stateFromSeed(seed: number): Uint32Array {
  if (seed !== seed >>> 0) {
    throw new RangeError(`random: seed must be an integer from 0 to 4294967295, got ${seed}`);
  }
  const next = splitmix32(seed);
  return Uint32Array.from({ length: 4 }, next);
}

const rotateLeft = (word: number, count: number): number => (word << count) | (word >>> (32 - count));
