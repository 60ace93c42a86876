// exp, log, tanh and sigmoid on four float32 lanes, from + − × ÷ alone. A lane's bits never depend on its place,
// so a tail that fills one lane gives what a full vector gives. Coefficients: test/reference/polynomials.py.
import { high, low, narrowed } from "./lanes";

// @ts-ignore: decorator
@inline
function horner(sum: v128, x: v128, coefficient: f32): v128 {
  return f32x4.add(f32x4.mul(sum, x), f32x4.splat(coefficient));
}

// @ts-ignore: decorator
@inline
function powerOfTwo(k: v128): v128 {
  return i32x4.shl(i32x4.add(k, i32x4.splat(127)), 23);
}

// e^x = 2^k e^r with |r| <= ½ ln 2. The range ends just past overflow and underflow, where scaling makes ∞ and 0.
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  // pmin and pmax are one instruction each, and pass a NaN on as their first operand.
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104));
  // Adding 1.5·2²³ rounds to an integer, which then stands in the low bits.
  const shifted = f32x4.add(f32x4.mul(bounded, f32x4.splat(1.4426950408889634)), f32x4.splat(12582912));
  const rounded = f32x4.sub(shifted, f32x4.splat(12582912));
  let r = f32x4.sub(bounded, f32x4.mul(rounded, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(rounded, f32x4.splat(-2.12194440e-4)));
  let sum = f32x4.splat(0.00019908906);
  sum = horner(sum, r, 0.00139497814);
  sum = horner(sum, r, 0.00833328441);
  sum = horner(sum, r, 0.0416662246);
  sum = horner(sum, r, 0.166666672);
  sum = horner(sum, r, 0.5);
  sum = f32x4.add(f32x4.splat(1), f32x4.add(r, f32x4.mul(f32x4.mul(r, r), sum)));
  const k = i32x4.sub(shifted, i32x4.splat(0x4b400000));
  const half = i32x4.shr_s(k, 1);
  return f32x4.mul(f32x4.mul(sum, powerOfTwo(half)), powerOfTwo(i32x4.sub(k, half)));
}

// ln x = e ln 2 + ln m with m in [√½, √2].
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const denormal = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const lifted = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, denormal);
  const offset = i32x4.sub(lifted, i32x4.splat(0x3f3504f3));
  let exponent = f32x4.convert_i32x4_s(i32x4.shr_s(offset, 23));
  exponent = f32x4.sub(exponent, v128.and(denormal, f32x4.splat(23)));
  const mantissa = i32x4.add(v128.and(offset, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const f = f32x4.sub(mantissa, f32x4.splat(1));
  let sum = f32x4.splat(0.0693729296);
  sum = horner(sum, f, -0.118467353);
  sum = horner(sum, f, 0.118887991);
  sum = horner(sum, f, -0.123774871);
  sum = horner(sum, f, 0.142171174);
  sum = horner(sum, f, -0.166694835);
  sum = horner(sum, f, 0.200021878);
  sum = horner(sum, f, -0.249999836);
  sum = horner(sum, f, 0.333333135);
  const square = f32x4.mul(f, f);
  let small = f32x4.mul(f32x4.mul(square, f), sum);
  small = f32x4.add(small, f32x4.mul(exponent, f32x4.splat(-2.12194440e-4)));
  small = f32x4.sub(small, f32x4.mul(square, f32x4.splat(0.5)));
  let result = f32x4.add(f32x4.add(f, small), f32x4.mul(exponent, f32x4.splat(0.693359375)));
  result = v128.bitselect(x, result, f32x4.eq(x, f32x4.splat(Infinity)));
  result = v128.bitselect(f32x4.splat(-Infinity), result, f32x4.eq(x, f32x4.splat(0)));
  return v128.bitselect(result, f32x4.splat(NaN), f32x4.ge(x, f32x4.splat(0)));
}

// Near 0 an odd polynomial; further out 1 − 2 / (e^2|x| + 1) with the sign of x.
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const grown = exp4(f32x4.add(magnitude, magnitude));
  const far = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(grown, f32x4.splat(1))));
  const square = f32x4.mul(x, x);
  let sum = f32x4.splat(-0.00566477515);
  sum = horner(sum, square, 0.0206159968);
  sum = horner(sum, square, -0.0537386239);
  sum = horner(sum, square, 0.133315414);
  sum = horner(sum, square, -0.333332926);
  const near = f32x4.add(x, f32x4.mul(f32x4.mul(x, square), sum));
  const signed = v128.bitselect(x, far, f32x4.splat(-0.0));
  return v128.bitselect(near, signed, f32x4.lt(magnitude, f32x4.splat(0.625)));
}

// 1 / (1 + e^−|x|), times e^−|x| for negative x, so that no power overflows. The quotient is taken in float64, since
// three float32 roundings in a row pass 2 ulp.
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const decayed = exp4(f32x4.neg(f32x4.abs(x)));
  const numerator = v128.bitselect(decayed, f32x4.splat(1), f32x4.lt(x, f32x4.splat(0)));
  const one = f64x2.splat(1);
  return narrowed(
    f64x2.div(low(numerator), f64x2.add(one, low(decayed))),
    f64x2.div(high(numerator), f64x2.add(one, high(decayed))),
  );
}
