// pow, log1p and softplus on four float32 lanes, computed in float64 two by two: where one function feeds another, the float32
// rounding of the first would be magnified past 2 ulp. The Taylor series end below 2⁻⁴⁰ of their value.
import { high, low, narrowed } from "./lanes";

// Adding 1.5·2⁵² rounds to an integer, which then stands in the low bits.
const ROUNDER: f64 = 6755399441055744;
const ROUNDER_BITS: i64 = 0x4338000000000000;
const SQRT_HALF_BITS: i64 = 0x3fe6a09e667f3bcd;
const LN2: f64 = 0.6931471805599453;

// @ts-ignore: decorator
@inline
function horner(sum: v128, x: v128, coefficient: f64): v128 {
  return f64x2.add(f64x2.mul(sum, x), f64x2.splat(coefficient));
}

// e^x = 2^k e^r with |r| <= ½ ln 2. The range ends well past float32's.
// @ts-ignore: decorator
@inline
function expPair(x: v128): v128 {
  const bounded = f64x2.pmax(f64x2.pmin(x, f64x2.splat(200)), f64x2.splat(-200));
  const shifted = f64x2.add(f64x2.mul(bounded, f64x2.splat(1.4426950408889634)), f64x2.splat(ROUNDER));
  const r = f64x2.sub(bounded, f64x2.mul(f64x2.sub(shifted, f64x2.splat(ROUNDER)), f64x2.splat(LN2)));
  let sum = f64x2.splat(1.0 / 3628800);
  sum = horner(sum, r, 1.0 / 362880);
  sum = horner(sum, r, 1.0 / 40320);
  sum = horner(sum, r, 1.0 / 5040);
  sum = horner(sum, r, 1.0 / 720);
  sum = horner(sum, r, 1.0 / 120);
  sum = horner(sum, r, 1.0 / 24);
  sum = horner(sum, r, 1.0 / 6);
  sum = horner(sum, r, 0.5);
  sum = horner(sum, r, 1);
  sum = horner(sum, r, 1);
  const k = i64x2.sub(shifted, i64x2.splat(ROUNDER_BITS));
  return f64x2.mul(sum, i64x2.shl(i64x2.add(k, i64x2.splat(1023)), 52));
}

// ln x = e ln 2 + ln m with m in [√½, √2], for x >= 0; with s = (m − 1) / (m + 1), ln m = 2 (s + s³/3 + s⁵/5 + …).
// @ts-ignore: decorator
@inline
function logPair(x: v128): v128 {
  const offset = i64x2.sub(x, i64x2.splat(SQRT_HALF_BITS));
  const exponent = f64x2.sub(i64x2.add(i64x2.shr_s(offset, 52), i64x2.splat(ROUNDER_BITS)), f64x2.splat(ROUNDER));
  const mantissa = i64x2.add(v128.and(offset, i64x2.splat(0x000fffffffffffff)), i64x2.splat(SQRT_HALF_BITS));
  const one = f64x2.splat(1);
  const s = f64x2.div(f64x2.sub(mantissa, one), f64x2.add(mantissa, one));
  const square = f64x2.mul(s, s);
  let sum = f64x2.splat(2.0 / 17);
  sum = horner(sum, square, 2.0 / 15);
  sum = horner(sum, square, 2.0 / 13);
  sum = horner(sum, square, 2.0 / 11);
  sum = horner(sum, square, 2.0 / 9);
  sum = horner(sum, square, 2.0 / 7);
  sum = horner(sum, square, 2.0 / 5);
  sum = horner(sum, square, 2.0 / 3);
  sum = horner(sum, square, 2);
  const result = f64x2.add(f64x2.mul(sum, s), f64x2.mul(exponent, f64x2.splat(LN2)));
  // ∞ and NaN are their own logarithm.
  const finite = v128.bitselect(result, x, f64x2.lt(x, f64x2.splat(Infinity)));
  return v128.bitselect(f64x2.splat(-Infinity), finite, f64x2.eq(x, f64x2.splat(0)));
}

// x^y as e^(y ln |x|), then the sign and C's special values: x⁰ = 1^y = 1 even for NaN, (−1)^±∞ = 1, and a negative
// number has whole powers only.
export function pow4(x: v128, y: v128): v128 {
  const magnitude = f32x4.abs(x), one = f32x4.splat(1), zero = f32x4.splat(0), infinity = f32x4.splat(Infinity);
  const power = narrowed(
    expPair(f64x2.mul(low(y), logPair(low(magnitude)))),
    expPair(f64x2.mul(high(y), logPair(high(magnitude)))),
  );
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
  const log = v128.bitselect(x, logPair(f64x2.add(x, f64x2.splat(1))), f64x2.lt(f64x2.abs(x), f64x2.splat(1e-8)));
  return v128.bitselect(f64x2.splat(NaN), log, f64x2.lt(x, f64x2.splat(-1)));
}

export function log1p4(x: v128): v128 {
  return narrowed(log1pPair(low(x)), log1pPair(high(x)));
}

// ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|).
// @ts-ignore: decorator
@inline
function softplusPair(x: v128): v128 {
  return f64x2.add(f64x2.max(x, f64x2.splat(0)), log1pPair(expPair(f64x2.neg(f64x2.abs(x)))));
}

export function softplus4(x: v128): v128 {
  return narrowed(softplusPair(low(x)), softplusPair(high(x)));
}
