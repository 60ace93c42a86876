// sin and cos on four float32 lanes, computed in float64 two by two. Constants lie in memory, as in
// math.ts.
import { high, low, narrowed } from "./lanes";
import { constant, horner, SHIFT } from "./series";

const TWO_OVER_PI = memory.data<f64>([0.6366197723675814]);
// π/2 in two parts; the first ends in 24 zero bits, so that its product with a number of quarter turns is exact.
const HALF_PI = memory.data<f64>([1.570796325802803, 9.920935796805404e-10]);
// From here on a float32 is a whole number, and quarter turns pass those 24 bits.
const LARGE = memory.data<f32>([16777216]);
const SINE = memory.data<f64>([-1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6]);
const COSINE = memory.data<f64>([1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320, -1.0 / 720, 1.0 / 24, -0.5, 1]);
const SIGN = memory.data<f64>([-0.0]);
const LOWEST = memory.data<i64>([1]);

// sin(quarters · π/2 + r) for |r| <= π/4, by the Taylor series up to r¹³; `quarters` stand in the low bits.
// @ts-ignore: decorator
@inline
function turned(quarters: v128, r: v128): v128 {
  const square = f64x2.mul(r, r);
  let sine = constant(SINE, 0);
  sine = horner(sine, square, SINE, 1);
  sine = horner(sine, square, SINE, 2);
  sine = horner(sine, square, SINE, 3);
  sine = horner(sine, square, SINE, 4);
  sine = f64x2.add(r, f64x2.mul(f64x2.mul(r, square), sine));
  let cosine = constant(COSINE, 0);
  cosine = horner(cosine, square, COSINE, 1);
  cosine = horner(cosine, square, COSINE, 2);
  cosine = horner(cosine, square, COSINE, 3);
  cosine = horner(cosine, square, COSINE, 4);
  cosine = horner(cosine, square, COSINE, 5);
  cosine = horner(cosine, square, COSINE, 6);
  // The lowest bit swaps the two, the next one turns the sign.
  const swapped = i64x2.eq(v128.and(quarters, constant(LOWEST)), constant(LOWEST));
  const sign = v128.and(i64x2.shl(quarters, 62), constant(SIGN));
  return v128.xor(v128.bitselect(cosine, sine, swapped), sign);
}

// @ts-ignore: decorator
@inline
function pair(x: v128, ahead: i64): v128 {
  const shifted = f64x2.add(f64x2.mul(x, constant(TWO_OVER_PI)), constant(SHIFT));
  const quarters = f64x2.sub(shifted, constant(SHIFT));
  const near = f64x2.sub(x, f64x2.mul(quarters, constant(HALF_PI)));
  const r = f64x2.sub(near, f64x2.mul(quarters, constant(HALF_PI, 1)));
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
  const small = f32x4.lt(f32x4.abs(x), v128.load_splat<f32>(LARGE));
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
