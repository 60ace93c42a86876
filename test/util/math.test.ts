import { describe, expect, test } from "vitest";
import { exp, expm1, log, log1p, pow, sigmoid, softplus, tanh } from "../../src/util/math.ts";
import { cos, sin } from "../../src/util/trigonometry.ts";

const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/** The place of a float64 among all float64 numbers, so that neighbours differ by 1. */
function rank(x: number): bigint {
  double[0] = x;
  return bits[0] < 0n ? -(bits[0] & 0x7fffffffffffffffn) : bits[0];
}

function distance(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  const difference = Number(rank(a) - rank(b));
  return Number.isNaN(a) || Number.isNaN(b) ? Infinity : Math.abs(difference);
}

// V8's own functions err by less than 1 ulp, so they serve as truth here, where the same bits are not asked for.
const cases = {
  exp: { ours: exp, truth: Math.exp, from: -745, to: 709, ulps: 2 },
  expm1: { ours: expm1, truth: Math.expm1, from: -40, to: 40, ulps: 3 },
  log: { ours: log, truth: Math.log, from: 1e-9, to: 1e9, ulps: 2 },
  "log near 1": { ours: log, truth: Math.log, from: 0.5, to: 2, ulps: 2 },
  log1p: { ours: log1p, truth: Math.log1p, from: -0.999, to: 4, ulps: 3 },
  tanh: { ours: tanh, truth: Math.tanh, from: -25, to: 25, ulps: 5 },
  sin: { ours: sin, truth: Math.sin, from: -20, to: 20, ulps: 2 },
  "sin of large numbers": { ours: sin, truth: Math.sin, from: -1e18, to: 1.1e18, ulps: 2 },
  cos: { ours: cos, truth: Math.cos, from: -20, to: 20, ulps: 2 },
  "cos of large numbers": { ours: cos, truth: Math.cos, from: -2e6, to: 2.1e6, ulps: 2 },
};

describe.each(Object.entries(cases))("%s in float64", (_name, { ours, truth, from, to, ulps }) => {
  test("agrees with the engine's to the last digits", () => {
    for (let i = 0; i <= 100_000; i++) {
      const x = from + ((to - from) * i) / 100_000;
      expect(distance(ours(x), truth(x)), `at ${x}`).toBeLessThanOrEqual(ulps);
    }
  });

  test("agrees at the extremes", () => {
    for (const x of [
      0,
      -0,
      Infinity,
      -Infinity,
      NaN,
      5e-324,
      -5e-324,
      1e-310,
      1e308,
      -1e308,
      -1,
      1e-20,
      1e20,
    ])
      expect(distance(ours(x) + 0, truth(x) + 0), `at ${x}`).toBeLessThanOrEqual(ulps);
  });
});

test("sin and cos near multiples of π/2, and of the largest numbers", () => {
  for (let k = 1; k < 4_000_000; k += 997)
    for (const x of [k * (Math.PI / 2), -k * (Math.PI / 2)]) {
      expect(distance(sin(x), Math.sin(x)), `sin ${x}`).toBeLessThanOrEqual(2);
      expect(distance(cos(x), Math.cos(x)), `cos ${x}`).toBeLessThanOrEqual(2);
    }
  for (const x of [1.7976931348623157e308, 6381956970095103 * 2 ** 797, 2 ** 1000, -1e300]) {
    expect(distance(sin(x), Math.sin(x)), `sin ${x}`).toBeLessThanOrEqual(2);
    expect(distance(cos(x), Math.cos(x)), `cos ${x}`).toBeLessThanOrEqual(2);
  }
});

describe("pow", () => {
  test("whole powers are exact where they can be", () => {
    expect([pow(3, 5), pow(-2, 63), pow(10, 22), pow(2, -64), pow(0.5, 3)]).toEqual([
      ...[243, -(2 ** 63), 1e22, 2 ** -64, 0.125],
    ]);
  });

  test("others lie within |y ln x| roundings of the engine's", () => {
    for (let i = 1; i <= 20_000; i++) {
      const [x, y] = [i / 777, ((i * 7919) % 1009) / 50 - 10];
      const truth = Math.pow(x, y);
      const roundings = 4 + Math.abs(y * Math.log(x));
      expect(Math.abs(pow(x, y) - truth), `${x} ^ ${y}`).toBeLessThanOrEqual(roundings * 2.3e-16 * truth);
    }
  });
});

test("softplus: like x above, like eˣ below, ln 2 at 0", () => {
  expect([softplus(1000), softplus(Infinity), softplus(-Infinity)]).toEqual([1000, Infinity, 0]);
  expect(softplus(0)).toBe(Math.LN2);
  for (const x of [-30, -5, -0.1, 0.1, 5])
    expect(distance(softplus(x), Math.log1p(Math.exp(x)))).toBeLessThanOrEqual(4);
});

test("tanh, expm1, log1p and sin keep the sign of 0", () => {
  for (const f of [tanh, expm1, log1p, sin]) expect([f(0), f(-0)]).toEqual([0, -0]);
});

test("sigmoid: symmetric, and finite at ±1000", () => {
  for (const x of [0, 0.3, 5, 30]) expect(sigmoid(x) + sigmoid(-x)).toBeCloseTo(1, 15);
  expect(sigmoid(1000)).toBe(1);
  expect(sigmoid(-1000)).toBe(0);
  expect(sigmoid(-40)).toBeCloseTo(Math.exp(-40), 30);
});
