// sin and cos on four float32 lanes, computed in float64 two by two.
import { high, low, narrowed } from "./lanes";

const TWO_OVER_PI: f64 = 0.6366197723675814;
// π/2 in two parts; the first ends in 24 zero bits, so that its product with a number of quarter turns is exact.
const HALF_PI_1: f64 = 1.570796325802803;
const HALF_PI_2: f64 = 9.920935796805404e-10;
// From here on a float32 is a whole number, and quarter turns pass those 24 bits.
const LARGE: f32 = 16777216;
const ROUNDER: f64 = 6755399441055744;

// @ts-ignore: decorator
@inline
function horner(sum: v128, x: v128, coefficient: f64): v128 {
  return f64x2.add(f64x2.mul(sum, x), f64x2.splat(coefficient));
}

// sin(quarters · π/2 + r) for |r| <= π/4, by the Taylor series up to r¹³; `quarters` stand in the low bits.
// @ts-ignore: decorator
@inline
function turned(quarters: v128, r: v128): v128 {
  const square = f64x2.mul(r, r);
  let sine = f64x2.splat(-1.0 / 39916800);
  sine = horner(sine, square, 1.0 / 362880);
  sine = horner(sine, square, -1.0 / 5040);
  sine = horner(sine, square, 1.0 / 120);
  sine = horner(sine, square, -1.0 / 6);
  sine = f64x2.add(r, f64x2.mul(f64x2.mul(r, square), sine));
  let cosine = f64x2.splat(1.0 / 479001600);
  cosine = horner(cosine, square, -1.0 / 3628800);
  cosine = horner(cosine, square, 1.0 / 40320);
  cosine = horner(cosine, square, -1.0 / 720);
  cosine = horner(cosine, square, 1.0 / 24);
  cosine = horner(cosine, square, -0.5);
  cosine = horner(cosine, square, 1);
  // The lowest bit swaps the two, the next one turns the sign: each moved to the top, and spread over the lane.
  const swapped = i64x2.shr_s(i64x2.shl(quarters, 63), 63);
  const sign = v128.and(i64x2.shl(quarters, 62), f64x2.splat(-0.0));
  return v128.xor(v128.bitselect(cosine, sine, swapped), sign);
}

// @ts-ignore: decorator
@inline
function pair(x: v128, ahead: i64): v128 {
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(TWO_OVER_PI)), f64x2.splat(ROUNDER));
  const quarters = f64x2.sub(shifted, f64x2.splat(ROUNDER));
  const near = f64x2.sub(x, f64x2.mul(quarters, f64x2.splat(HALF_PI_1)));
  const r = f64x2.sub(near, f64x2.mul(quarters, f64x2.splat(HALF_PI_2)));
  return turned(i64x2.add(shifted, i64x2.splat(ahead)), r);
}

// 64 binary digits of 2/π from place `at` on; the point stands before place 64.
function digits(at: i32): u64 {
  const skip = at & 63, first = word(at >> 6);
  return skip == 0 ? first : (first << skip) | (word((at >> 6) + 1) >> (64 - skip));
}

function word(index: i32): u64 {
  switch (index) {
    case 0: return 0;
    case 1: return 0xa2f9836e4e441529;
    case 2: return 0xfc2757d1f534ddc0;
    case 3: return 0xdb6295993c439041;
    default: return 0xfe5163abdebbc561;
  }
}

// Payne and Hanek's reduction. |x| = m 2^e is a whole number, so of the digits of 2/π only 96 count: those before make
// multiples of four quarter turns, those after are too small to see.
function large(x: f32, ahead: i64): f32 {
  const bits = reinterpret<u32>(x) & 0x7fffffff;
  if (bits >= 0x7f800000) return NaN;
  const m = <u64>((bits & 0x007fffff) | 0x00800000), place = <i32>(bits >> 23) - 150 + 62;
  // Four quarter turns are 2⁶⁴.
  const turns = m * digits(place) + ((m * (digits(place + 64) >> 32)) >> 32);
  const nearest = (turns + 0x2000000000000000) >> 62;
  const angle = <f64>(<i64>(turns - (nearest << 62))) * (1.5707963267948966 / 4611686018427387904.0);
  const quarters = x < 0 ? -<i64>nearest : <i64>nearest;
  return <f32>f64x2.extract_lane(turned(i64x2.splat(quarters + ahead), f64x2.splat(x < 0 ? -angle : angle)), 0);
}

function quarterTurned(x: v128, ahead: i64): v128 {
  let result = narrowed(pair(low(x), ahead), pair(high(x), ahead));
  // NaN and ∞ go that way too.
  const small = f32x4.lt(f32x4.abs(x), f32x4.splat(LARGE));
  if (i32x4.all_true(small)) return result;
  if (!i32x4.extract_lane(small, 0)) result = f32x4.replace_lane(result, 0, large(f32x4.extract_lane(x, 0), ahead));
  if (!i32x4.extract_lane(small, 1)) result = f32x4.replace_lane(result, 1, large(f32x4.extract_lane(x, 1), ahead));
  if (!i32x4.extract_lane(small, 2)) result = f32x4.replace_lane(result, 2, large(f32x4.extract_lane(x, 2), ahead));
  if (!i32x4.extract_lane(small, 3)) result = f32x4.replace_lane(result, 3, large(f32x4.extract_lane(x, 3), ahead));
  return result;
}

// The zeros keep their sign.
export function sin4(x: v128): v128 {
  return v128.bitselect(x, quarterTurned(x, 0), f32x4.eq(x, f32x4.splat(0)));
}

export function cos4(x: v128): v128 {
  return quarterTurned(x, 1);
}
