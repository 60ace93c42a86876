/**
 * SplitMix32: a counter in steps of the golden ratio, each value scrambled by MurmurHash3's finalizer.
 * It turns one seed into as many well-mixed words as a larger generator needs for its state.
 *
 * Source: Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators", §3, at 32 bits;
 * the finalizer is `fmix32` of Appleby's MurmurHash3.
 *
 * @param seed 32 bits, taken modulo 2³²
 * @returns a function that gives the next word, an integer in [0, 2³²)
 */
export function splitmix32(seed: number): () => number {
  let counter = seed >>> 0;
  return () => {
    counter = (counter + 0x9e3779b9) >>> 0;
    let word = counter;
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return (word ^ (word >>> 16)) >>> 0;
  };
}
