// exp, log, tanh and sigmoid on four float32 lanes, from + − × ÷ alone. A lane's bits never depend on its place,
// so a tail that fills one lane gives what a full vector gives. Coefficients: test/reference/polynomials.py.
//
// Constants lie in memory: V8 builds one that is written out anew in every pass of a loop, in three instructions or
// four, and loads one from a table in one. That alone makes exp twice as fast.
const EXP_RANGE = memory.data<f32>([89, -104]);
const LOG2_E = memory.data<f32>([1.4426950408889634]);
// Adding 1.5·2²³ rounds to an integer, which then stands in the low bits.
const SHIFT = memory.data<f32>([12582912]);
// ln 2 in two parts, the first of so few bits that its product with an integer is exact.
const LN2 = memory.data<f32>([0.693359375, -2.12194440e-4]);
const EXP = memory.data<f32>([0.00019908906, 0.00139497814, 0.00833328441, 0.0416662246, 0.166666672, 0.5]);
const LOG = memory.data<f32>([
  0.0693729296, -0.118467353, 0.118887991, -0.123774871, 0.142171174, -0.166694835, 0.200021878, -0.249999836, 0.333333135,
]);
// The least normal number, the factor that lifts denormals above it, and the exponent of that.
const DENORMAL = memory.data<f32>([1.17549435e-38, 8388608, 23]);
// The bits of √½, and those of a mantissa.
const SQRT_HALF = memory.data<i32>([0x3f3504f3]);
const MANTISSA = memory.data<i32>([0x007fffff]);
const INFINITE = memory.data<f32>([Infinity, -Infinity, NaN]);
// Twice as far out tanh is ±1.
const TANH_FAR = memory.data<f32>([-20]);
// Of −x: past the first a sigmoid is 0, past the second it is 1; and 2⁻³².
const SIGMOID_RANGE = memory.data<f32>([104, -20, 2.3283064365386963e-10]);
const ZERO = memory.data<f32>([0]);
const HALF = memory.data<f32>([0.5]);
const ONE = memory.data<f32>([1]);
const SIGN = memory.data<f32>([-0.0]);
const BIAS = memory.data<i32>([127]);
// The bits of SHIFT less the bias of an exponent, and 32 more: what turns shifted's low bits into those of a power.
const UNBIASED = memory.data<i32>([0x4b400000 - 127]);
const LOWERED = memory.data<i32>([0x4b400000 - 127 + 32]);

// @ts-ignore: decorator
@inline
function constant(table: usize, index: usize = 0): v128 {
  return v128.load_splat<f32>(table + (index << 2));
}

// @ts-ignore: decorator
@inline
function horner(sum: v128, x: v128, table: usize, index: usize): v128 {
  return f32x4.add(f32x4.mul(sum, x), constant(table, index));
}

// @ts-ignore: decorator
@inline
function powerOfTwo(k: v128): v128 {
  return i32x4.shl(i32x4.add(k, constant(BIAS)), 23);
}

// e^r − 1 with |r| <= ½ ln 2, given x and `shifted`, whose low bits hold k: x = k ln 2 + r.
// @ts-ignore: decorator
@inline
function reducedExpm1(x: v128, shifted: v128): v128 {
  const rounded = f32x4.sub(shifted, constant(SHIFT));
  let r = f32x4.sub(x, f32x4.mul(rounded, constant(LN2)));
  r = f32x4.sub(r, f32x4.mul(rounded, constant(LN2, 1)));
  let sum = constant(EXP, 0);
  sum = horner(sum, r, EXP, 1);
  sum = horner(sum, r, EXP, 2);
  sum = horner(sum, r, EXP, 3);
  sum = horner(sum, r, EXP, 4);
  sum = horner(sum, r, EXP, 5);
  return f32x4.add(r, f32x4.mul(f32x4.mul(r, r), sum));
}

// @ts-ignore: decorator
@inline
function shiftedFor(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, constant(LOG2_E)), constant(SHIFT));
}

// e^x = 2^k e^r, for x that cannot leave the range. The power is taken in two factors, for ∞, denormals and 0.
// @ts-ignore: decorator
@inline
function boundedExp(x: v128): v128 {
  const shifted = shiftedFor(x);
  const k = i32x4.sub(shifted, constant(SHIFT));
  const half = i32x4.shr_s(k, 1);
  return f32x4.mul(f32x4.mul(f32x4.add(constant(ONE), reducedExpm1(x, shifted)), powerOfTwo(half)), powerOfTwo(i32x4.sub(k, half)));
}

// The range ends just past overflow and underflow, where scaling makes ∞ and 0. pmin and pmax are one instruction
// each, and pass a NaN on as their first operand.
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  return boundedExp(f32x4.pmax(f32x4.pmin(x, constant(EXP_RANGE)), constant(EXP_RANGE, 1)));
}

// ln x = e ln 2 + ln m with m in [√½, √2].
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const denormal = f32x4.lt(x, constant(DENORMAL));
  const lifted = v128.bitselect(f32x4.mul(x, constant(DENORMAL, 1)), x, denormal);
  const offset = i32x4.sub(lifted, constant(SQRT_HALF));
  let exponent = f32x4.convert_i32x4_s(i32x4.shr_s(offset, 23));
  exponent = f32x4.sub(exponent, v128.and(denormal, constant(DENORMAL, 2)));
  const mantissa = i32x4.add(v128.and(offset, constant(MANTISSA)), constant(SQRT_HALF));
  const f = f32x4.sub(mantissa, constant(ONE));
  let sum = constant(LOG, 0);
  sum = horner(sum, f, LOG, 1);
  sum = horner(sum, f, LOG, 2);
  sum = horner(sum, f, LOG, 3);
  sum = horner(sum, f, LOG, 4);
  sum = horner(sum, f, LOG, 5);
  sum = horner(sum, f, LOG, 6);
  sum = horner(sum, f, LOG, 7);
  sum = horner(sum, f, LOG, 8);
  const square = f32x4.mul(f, f);
  let small = f32x4.mul(f32x4.mul(square, f), sum);
  small = f32x4.add(small, f32x4.mul(exponent, constant(LN2, 1)));
  small = f32x4.sub(small, f32x4.mul(square, constant(HALF)));
  let result = f32x4.add(f32x4.add(f, small), f32x4.mul(exponent, constant(LN2)));
  result = v128.bitselect(x, result, f32x4.eq(x, constant(INFINITE)));
  result = v128.bitselect(constant(INFINITE, 1), result, f32x4.eq(x, constant(ZERO)));
  return v128.bitselect(result, constant(INFINITE, 2), f32x4.ge(x, constant(ZERO)));
}

// (1 − E) / (1 + E) with E = e^−2|x| = 2^k (1 + p) and the sign of x. Numerator and denominator are each rounded once,
// since 1 ± 2^k needs no rounding where p counts; and a denominator just below 2 is off by half of what one just above
// it would be.
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const negative = v128.or(x, constant(SIGN));
  const doubled = f32x4.pmax(f32x4.add(negative, negative), constant(TANH_FAR));
  const shifted = shiftedFor(doubled);
  const power = i32x4.shl(i32x4.sub(shifted, constant(UNBIASED)), 23), rest = f32x4.mul(power, reducedExpm1(doubled, shifted));
  const numerator = f32x4.sub(f32x4.sub(constant(ONE), power), rest);
  const denominator = f32x4.add(f32x4.add(constant(ONE), power), rest);
  return v128.or(f32x4.div(numerator, denominator), v128.and(x, constant(SIGN)));
}

// 2⁻³² / (2⁻³² + E) with E = 2⁻³² e^−x = 2^(k − 32) (1 + p), which no x takes out of the range: where e^−x alone would
// overflow, the quotient is denormal. The sum begins with its two smallest terms, so that only its last rounding counts.
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(f32x4.neg(x), constant(SIGMOID_RANGE)), constant(SIGMOID_RANGE, 1));
  const shifted = shiftedFor(bounded);
  const power = i32x4.shl(i32x4.sub(shifted, constant(LOWERED)), 23), rest = f32x4.mul(power, reducedExpm1(bounded, shifted));
  const one = constant(SIGMOID_RANGE, 2);
  const sum = f32x4.add(f32x4.add(f32x4.pmin(one, power), rest), f32x4.pmax(one, power));
  return f32x4.div(one, sum);
}
