// pow, log1p and softplus on four float32 lanes, computed in float64 two by two: where one function feeds another, the
// float32 rounding of the first would be magnified past 2 ulp. The Taylor series end where they change a result by
// less than 2⁻³² of itself. Constants lie in memory, as in math.ts.
import { high, low, narrowed } from "./lanes";
import { constant, horner, SHIFT } from "./series";

const EXP_RANGE = memory.data<f64>([200, -200]);
const LOG2_E = memory.data<f64>([1.4426950408889634]);
const LN2 = memory.data<f64>([0.6931471805599453]);
const EXP = memory.data<f64>([1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1]);
const LOG = memory.data<f64>([2.0 / 13, 2.0 / 11, 2.0 / 9, 2.0 / 7, 2.0 / 5, 2.0 / 3, 2]);
// The bits of √½, of a mantissa, of 2⁵², and how far the bits of 1 lie above those of √½.
const SQRT_HALF = memory.data<i64>([0x3fe6a09e667f3bcd]);
const MANTISSA = memory.data<i64>([0x000fffffffffffff]);
const INTEGER = memory.data<i64>([0x4330000000000000]);
const LIFT = memory.data<i64>([0x3ff0000000000000 - 0x3fe6a09e667f3bcd]);
// 2⁵² and the bias of an exponent.
const BIASED = memory.data<f64>([4503599627370496 + 1023]);
const BIAS = memory.data<i64>([1023]);
const INFINITE = memory.data<f64>([Infinity, -Infinity]);
const ONE = memory.data<f64>([1]);
const ZERO = memory.data<f64>([0]);
// Below it a number is its own logarithm of 1 + it.
const SMALL = memory.data<f64>([1e-8]);
// What the logarithm of a negative number is, and where 1 + x is one.
const NONE = memory.data<f64>([NaN, -1]);

// e^x = 2^k e^r with |r| <= ½ ln 2. The range ends well past float32's.
// @ts-ignore: decorator
@inline
function expPair(x: v128): v128 {
  const bounded = f64x2.pmax(f64x2.pmin(x, constant(EXP_RANGE)), constant(EXP_RANGE, 1));
  const shifted = f64x2.add(f64x2.mul(bounded, constant(LOG2_E)), constant(SHIFT));
  const r = f64x2.sub(bounded, f64x2.mul(f64x2.sub(shifted, constant(SHIFT)), constant(LN2)));
  let sum = constant(EXP, 0);
  sum = horner(sum, r, EXP, 1);
  sum = horner(sum, r, EXP, 2);
  sum = horner(sum, r, EXP, 3);
  sum = horner(sum, r, EXP, 4);
  sum = horner(sum, r, EXP, 5);
  sum = horner(sum, r, EXP, 6);
  sum = horner(sum, r, EXP, 7);
  sum = horner(sum, r, EXP, 8);
  const k = i64x2.sub(shifted, constant(SHIFT));
  return f64x2.mul(sum, i64x2.shl(i64x2.add(k, constant(BIAS)), 52));
}

// ln x = e ln 2 + ln m with m in [√½, √2], for x >= 0; with s = (m − 1) / (m + 1), ln m = 2 (s + s³/3 + s⁵/5 + …).
// @ts-ignore: decorator
@inline
function logPair(x: v128): v128 {
  const lifted = i64x2.add(x, constant(LIFT));
  const exponent = f64x2.sub(v128.or(i64x2.shr_u(lifted, 52), constant(INTEGER)), constant(BIASED));
  const mantissa = i64x2.add(v128.and(lifted, constant(MANTISSA)), constant(SQRT_HALF));
  const s = f64x2.div(f64x2.sub(mantissa, constant(ONE)), f64x2.add(mantissa, constant(ONE)));
  const square = f64x2.mul(s, s);
  let sum = constant(LOG, 0);
  sum = horner(sum, square, LOG, 1);
  sum = horner(sum, square, LOG, 2);
  sum = horner(sum, square, LOG, 3);
  sum = horner(sum, square, LOG, 4);
  sum = horner(sum, square, LOG, 5);
  sum = horner(sum, square, LOG, 6);
  return f64x2.add(f64x2.mul(sum, s), f64x2.mul(exponent, constant(LN2)));
}

// Of 0 it is −∞; ∞ and NaN are their own logarithm.
// @ts-ignore: decorator
@inline
function logOfAny(x: v128): v128 {
  const finite = v128.bitselect(logPair(x), x, f64x2.lt(x, constant(INFINITE)));
  return v128.bitselect(constant(INFINITE, 1), finite, f64x2.eq(x, constant(ZERO)));
}

// @ts-ignore: decorator
@inline
function powerPair(x: v128, y: v128): v128 {
  return expPair(f64x2.mul(y, logOfAny(x)));
}

// x^y as e^(y ln |x|), then the sign and C's special values: x⁰ = 1^y = 1 even for NaN, (−1)^±∞ = 1, and a negative
// number has whole powers only.
export function pow4(x: v128, y: v128): v128 {
  const magnitude = f32x4.abs(x), one = f32x4.splat(1), zero = f32x4.splat(0), infinity = f32x4.splat(Infinity);
  const power = narrowed(powerPair(low(magnitude), low(y)), powerPair(high(magnitude), high(y)));
  const endless = f32x4.eq(f32x4.abs(y), infinity);
  const half = f32x4.mul(y, f32x4.splat(0.5));
  const whole = f32x4.eq(f32x4.nearest(y), y), odd = v128.and(whole, f32x4.ne(f32x4.nearest(half), half));
  const signed = v128.or(power, v128.and(v128.and(x, odd), f32x4.splat(-0.0)));
  const undefined = v128.andnot(v128.and(f32x4.lt(x, zero), f32x4.lt(magnitude, infinity)), whole);
  const result = v128.bitselect(f32x4.splat(NaN), signed, undefined);
  const isOne = v128.or(v128.or(f32x4.eq(y, zero), f32x4.eq(x, one)), v128.and(f32x4.eq(magnitude, one), endless));
  return v128.bitselect(one, result, isOne);
}

// A small number is its own logarithm of 1 + it; below −1 there is none.
// @ts-ignore: decorator
@inline
function log1pPair(x: v128): v128 {
  const log = v128.bitselect(x, logOfAny(f64x2.add(x, constant(ONE))), f64x2.lt(f64x2.abs(x), constant(SMALL)));
  return v128.bitselect(constant(NONE), log, f64x2.lt(x, constant(NONE, 1)));
}

export function log1p4(x: v128): v128 {
  return narrowed(log1pPair(low(x)), log1pPair(high(x)));
}

// ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|), where the power lies between 0 and 1.
// @ts-ignore: decorator
@inline
function softplusPair(x: v128): v128 {
  const power = expPair(f64x2.neg(f64x2.abs(x)));
  const log = v128.bitselect(power, logPair(f64x2.add(power, constant(ONE))), f64x2.lt(power, constant(SMALL)));
  return f64x2.add(f64x2.max(x, constant(ZERO)), log);
}

export function softplus4(x: v128): v128 {
  return narrowed(softplusPair(low(x)), softplusPair(high(x)));
}
