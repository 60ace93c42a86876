import { Generator } from "./generator.ts";

/** The seed in force until `random.seed` sets another: a fresh session always gives the same numbers. */
export const defaultSeed = 42;

const shared = new Generator(defaultSeed);
let latestSeed = defaultSeed;

/** The generator that everything random draws from unless it is given one of its own. */
export function defaultGenerator(): Generator {
  return shared;
}

/**
 * Seed the default generator: what follows repeats exactly, whatever was drawn before.
 * Without a call a session starts as after `random.seed(42)`.
 * @param seed an integer in [0, 2³²)
 * @example
 * random.seed(1);
 * const model = new nn.Linear(64, 10); // the same weights every time
 */
export function seed(seed: number): void {
  shared.seed(seed);
  latestSeed = seed;
}

/** The seed that `random.seed` set last. */
export const sessionSeed = (): number => latestSeed;

/**
 * A generator of its own, independent of the default one: what it gives depends on its seed and on nothing else.
 * @param seed an integer in [0, 2³²)
 * @example
 * const loader = new data.DataLoader(digits, { batchSize: 32, shuffle: true, generator: random.generator(3) });
 */
export function generator(seed: number): Generator {
  return new Generator(seed);
}
