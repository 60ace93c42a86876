import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as random from "../../src/random/index.ts";
import { Generator } from "../../src/random/index.ts";
import { splitmix32 } from "../../src/random/splitmix32.ts";

interface Golden {
  stateOneToFour: number[];
  bySeed: {
    seed: number;
    splitmix32: number[];
    bits: number[];
    uniform: number[];
    normal: number[];
    integer3000000000: number[];
    permutation10: number[];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL("../reference/generator.json", import.meta.url), "utf8"),
) as Golden;

const take = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

test("filling an array draws what bits draws one by one, and goes on from there", () => {
  const [one, many] = [new Generator(7), new Generator(7)];
  const words = many.fillBits(new Uint32Array(1000));
  expect([...words]).toEqual(take(1000, () => one.bits()));
  expect([...many.fillBits(new Uint32Array(0))]).toEqual([]);
  expect(many.state()).toEqual(one.state());
});

describe("golden values recomputed in Python (test/reference/generator.py)", () => {
  test("xoshiro128**: the first words from the state 1, 2, 3, 4", () => {
    const generator = new Generator(0);
    generator.restore({ words: [1, 2, 3, 4], spareNormal: null });
    expect(take(10, () => generator.bits())).toEqual(golden.stateOneToFour);
  });

  describe.each(golden.bySeed)("seed $seed", (expected) => {
    const fresh = (): Generator => random.generator(expected.seed);

    test("splitmix32 gives the same words", () => {
      expect(take(6, splitmix32(expected.seed))).toEqual(expected.splitmix32);
    });
    test("bits gives the same words", () => {
      const generator = fresh();
      expect(take(12, () => generator.bits())).toEqual(expected.bits);
    });
    test("uniform gives the same float64 numbers exactly", () => {
      const generator = fresh();
      expect(take(8, () => generator.uniform())).toEqual(expected.uniform);
    });
    test("normal gives the same numbers within 4 units in the last place of the logarithm", () => {
      const generator = fresh();
      for (const value of expected.normal) {
        expect(Math.abs(generator.normal() - value)).toBeLessThanOrEqual(
          1e-15 * Math.max(1, Math.abs(value)),
        );
      }
    });
    test("integer draws again where a remainder would be favoured", () => {
      const generator = fresh();
      expect(take(12, () => generator.integer(3_000_000_000))).toEqual(expected.integer3000000000);
    });
    test("permutation gives the same order", () => {
      expect([...fresh().permutation(10)]).toEqual(expected.permutation10);
    });
  });
});

describe("distributions", () => {
  test("uniform: 100,000 draws stay in [0, 1) with mean ½ and variance 1/12", () => {
    const generator = new Generator(5);
    const draws = take(100_000, () => generator.uniform());
    expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
    expect(mean(draws)).toBeCloseTo(0.5, 2);
    expect(variance(draws)).toBeCloseTo(1 / 12, 2);
  });

  test("normal: 100,000 draws have mean 0, variance 1, skewness 0 and kurtosis 3", () => {
    const generator = new Generator(6);
    const draws = take(100_000, () => generator.normal());
    expect(draws.every(Number.isFinite)).toBe(true);
    expect(Math.abs(mean(draws))).toBeLessThan(0.015);
    expect(Math.abs(variance(draws) - 1)).toBeLessThan(0.02);
    expect(Math.abs(mean(draws.map((draw) => draw * draw * draw)))).toBeLessThan(0.05);
    expect(Math.abs(mean(draws.map((draw) => draw * draw * draw * draw)) - 3)).toBeLessThan(0.15);
  });

  test("integer: χ² of 60,000 rolls of a die stays below the 99.9 % quantile", () => {
    const generator = new Generator(7);
    const counts = [0, 0, 0, 0, 0, 0];
    for (let roll = 0; roll < 60_000; roll++) counts[generator.integer(6)]++;
    const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(20.515);
  });

  test("categorical: χ² of 60,000 draws stays below the 99.9 % quantile, and weight 0 is never drawn", () => {
    const generator = new Generator(5);
    const weights = [3, 0, 1, 0.5, 1.5, 0];
    const counts = weights.map(() => 0);
    for (let i = 0; i < 60_000; i++) counts[generator.categorical(weights)]++;
    const likely = weights.map((weight, index) => [(60_000 * weight) / 6, counts[index]]);
    expect(likely.filter(([expected]) => expected === 0).every(([, count]) => count === 0)).toBe(true);
    const chiSquared = likely
      .filter(([expected]) => expected > 0)
      .reduce((sum, [expected, count]) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquared).toBeLessThan(16.27); // three degrees of freedom
  });

  test("shuffle: each of the 24 orders of four items is about equally likely", () => {
    const generator = new Generator(8);
    const counts = new Map<string, number>();
    for (let trial = 0; trial < 24_000; trial++) {
      const order = generator.shuffle([..."abcd"]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(49.728); // 99.9 % with 23 degrees of freedom
  });
});

describe("laws", () => {
  test("a saved state goes on exactly, the spare normal and JSON included", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4294967295 }), fc.nat(9), (seed, before) => {
        const generator = new Generator(seed);
        for (let draw = 0; draw < before; draw++) generator.normal();
        const saved = JSON.parse(JSON.stringify(generator.state()));
        const expected = take(5, () => generator.normal());
        const resumed = new Generator(0);
        resumed.restore(saved);
        expect(take(5, () => resumed.normal())).toEqual(expected);
      }),
    );
  });

  test("a permutation holds every index once", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(), (n, seed) => {
        const permutation = new Generator(seed >>> 0).permutation(n);
        expect([...permutation].sort((a, b) => a - b)).toEqual(take(n, () => 0).map((_, index) => index));
      }),
    );
  });

  test("random.seed repeats the default generator, and generators do not disturb each other", () => {
    random.seed(3);
    const first = take(4, () => random.defaultGenerator().normal());
    random.seed(3);
    random.generator(9).normal();
    expect(take(4, () => random.defaultGenerator().normal())).toEqual(first);
    random.seed(random.defaultSeed);
  });

  test("integer(1) is 0, integer(2³²) is the word itself", () => {
    expect(new Generator(1).integer(1)).toBe(0);
    expect(new Generator(1).integer(4294967296)).toBe(new Generator(1).bits());
  });
});

describe("errors name the value", () => {
  test.each([-1, 1.5, 4294967296, NaN])("seed %d", (seed) => {
    expect(() => random.generator(seed)).toThrow(
      new RangeError(`random: seed must be an integer from 0 to 4294967295, got ${seed}`),
    );
    const before = random.defaultGenerator().state();
    expect(() => random.seed(seed)).toThrow(RangeError);
    expect(random.defaultGenerator().state()).toEqual(before);
  });
  test.each([0, -3, 2.5, 4294967297])("integer(%d)", (n) => {
    expect(() => new Generator(1).integer(n)).toThrow(
      `integer: n must be an integer from 1 to 4294967296, got ${n}`,
    );
  });
  test("categorical: weights that give no choice", () => {
    const categorical = (weights: number[]): number => new Generator(1).categorical(weights);
    expect(() => categorical([1, -1])).toThrow("categorical: weight 1 must be >= 0 and finite, got -1");
    expect(() => categorical([NaN])).toThrow("categorical: weight 0 must be >= 0 and finite, got NaN");
    for (const none of [[], [0, 0]])
      expect(() => categorical(none)).toThrow("the weights must add up to a finite number above 0, got 0");
    expect(categorical([0, 0, 1e-320])).toBe(2);
  });

  test("permutation(-1)", () => {
    expect(() => new Generator(1).permutation(-1)).toThrow("permutation: n must be an integer from 0");
  });
  test("a state of zeros, xoshiro's fixed point, is refused", () => {
    expect(() => new Generator(1).restore({ words: [0, 0, 0, 0], spareNormal: null })).toThrow(
      "not all zero",
    );
  });
});

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]): number => {
  const center = mean(values);
  return mean(values.map((value) => (value - center) * (value - center)));
};
