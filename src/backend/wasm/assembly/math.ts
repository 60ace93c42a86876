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
const TANH = memory.data<f32>([-0.00566477515, 0.0206159968, -0.0537386239, 0.133315414, -0.333332926]);
const TANH_NEAR = memory.data<f32>([0.625]);
const TANH_FAR = memory.data<f32>([20]);
const ZERO = memory.data<f32>([0]);
const HALF = memory.data<f32>([0.5]);
const ONE = memory.data<f32>([1]);
const TWO = memory.data<f32>([2]);
const SIGN = memory.data<f32>([-0.0]);
const BIAS = memory.data<i32>([127]);

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

// e^r with |r| <= ½ ln 2, given x and `shifted`, whose low bits hold k: x = k ln 2 + r.
// @ts-ignore: decorator
@inline
function reducedExp(x: v128, shifted: v128): v128 {
  const rounded = f32x4.sub(shifted, constant(SHIFT));
  let r = f32x4.sub(x, f32x4.mul(rounded, constant(LN2)));
  r = f32x4.sub(r, f32x4.mul(rounded, constant(LN2, 1)));
  let sum = constant(EXP, 0);
  sum = horner(sum, r, EXP, 1);
  sum = horner(sum, r, EXP, 2);
  sum = horner(sum, r, EXP, 3);
  sum = horner(sum, r, EXP, 4);
  sum = horner(sum, r, EXP, 5);
  return f32x4.add(constant(ONE), f32x4.add(r, f32x4.mul(f32x4.mul(r, r), sum)));
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
  return f32x4.mul(f32x4.mul(reducedExp(x, shifted), powerOfTwo(half)), powerOfTwo(i32x4.sub(k, half)));
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

// Near 0 an odd polynomial; further out 1 − 2 / (e^2|x| + 1) with the sign of x.
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const magnitude = v128.andnot(x, constant(SIGN));
  // From 20 on the result is 1, and up to there one factor holds the power.
  const doubled = f32x4.pmin(f32x4.add(magnitude, magnitude), constant(TANH_FAR));
  const shifted = shiftedFor(doubled);
  const grown = f32x4.mul(reducedExp(doubled, shifted), powerOfTwo(i32x4.sub(shifted, constant(SHIFT))));
  const far = f32x4.sub(constant(ONE), f32x4.div(constant(TWO), f32x4.add(grown, constant(ONE))));
  const square = f32x4.mul(x, x);
  let sum = constant(TANH, 0);
  sum = horner(sum, square, TANH, 1);
  sum = horner(sum, square, TANH, 2);
  sum = horner(sum, square, TANH, 3);
  sum = horner(sum, square, TANH, 4);
  const near = f32x4.add(x, f32x4.mul(f32x4.mul(x, square), sum));
  return v128.bitselect(x, v128.bitselect(near, far, f32x4.lt(magnitude, constant(TANH_NEAR))), constant(SIGN));
}

// 1 / (1 + e^−|x|), times e^−|x| for negative x, so that no power overflows. What rounding took from the sum,
// e^−|x| − (sum − 1), is put right afterwards: with three float32 roundings in a row it would pass 2 ulp.
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const decayed = boundedExp(f32x4.pmax(v128.or(x, constant(SIGN)), constant(EXP_RANGE, 1)));
  const negative = f32x4.lt(x, constant(ZERO));
  const sum = f32x4.add(constant(ONE), decayed);
  const lost = f32x4.sub(decayed, f32x4.sub(sum, constant(ONE)));
  const quotient = f32x4.div(v128.bitselect(decayed, constant(ONE), negative), sum);
  // n / (sum + lost) = quotient · (1 − lost / sum) to first order, and 1 / sum is the sigmoid of |x|.
  const inverse = v128.bitselect(f32x4.sub(constant(ONE), quotient), quotient, negative);
  return f32x4.sub(quotient, f32x4.mul(quotient, f32x4.mul(lost, inverse)));
}
