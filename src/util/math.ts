/**
 * exp, expm1, log, log1p, tanh, sigmoid, softplus and pow in float64, from + − × ÷ alone. ECMAScript leaves the last
 * bits of `Math.exp` and its kin to the engine; these give the same bits on every machine. Error: at most 2 units in
 * the last place, 4 for tanh (test/util/math.test.ts); for pow see there.
 */
const LOG2_E = 1.4426950408889634;
/** ln 2 = LN2_HIGH + LN2_LOW; the high part ends in zeros, so that its product with a small integer is exact. */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const SQRT_HALF_BITS = 0x3fe6a09e;

const words = new Uint32Array(2);
const float = new Float64Array(words.buffer);

/** 2ᵏ for −1022 ≤ k ≤ 1023. */
function powerOfTwo(k: number): number {
  words[0] = 0;
  words[1] = (k + 1023) << 20;
  return float[0];
}

/** y·2ᵏ, in two factors so that neither leaves the range of float64. */
function scale(y: number, k: number): number {
  const half = k >> 1;
  return y * powerOfTwo(half) * powerOfTwo(k - half);
}

/** eʳ − 1 for |r| ≤ ½ ln 2: the Taylor series up to r¹⁴, whose remainder is below 2⁻⁵⁷. */
function expm1Reduced(r: number): number {
  let sum = 1 / 87178291200;
  sum = sum * r + 1 / 6227020800;
  sum = sum * r + 1 / 479001600;
  sum = sum * r + 1 / 39916800;
  sum = sum * r + 1 / 3628800;
  sum = sum * r + 1 / 362880;
  sum = sum * r + 1 / 40320;
  sum = sum * r + 1 / 5040;
  sum = sum * r + 1 / 720;
  sum = sum * r + 1 / 120;
  sum = sum * r + 1 / 24;
  sum = sum * r + 1 / 6;
  sum = sum * r + 1 / 2;
  return r + r * r * sum;
}

/** eˣ. */
export function exp(x: number): number {
  if (!(x > -746)) return x < 0 ? 0 : x; // below the smallest denormal, or NaN
  if (x > 710) return Infinity;
  const k = Math.floor(x * LOG2_E + 0.5);
  return scale(1 + expm1Reduced(x - k * LN2_HIGH - k * LN2_LOW), k);
}

/** eˣ − 1, exact in the leading digits where x is near 0. */
export function expm1(x: number): number {
  if (!(x > -38)) return x < 0 ? -1 : x;
  if (x > 709) return exp(x);
  const k = Math.floor(x * LOG2_E + 0.5);
  const reduced = expm1Reduced(x - k * LN2_HIGH - k * LN2_LOW);
  if (k === 0) return x === 0 ? x : reduced; // the series would lose the sign of −0
  const power = powerOfTwo(k);
  return power * reduced + (power - 1);
}

/** ln(1 + f) for 1 + f in [√½, √2]: with s = f / (2 + f), ln(1 + f) = f − s(f − R), R = ⅔s² + ⅖s⁴ + … */
function log1pReduced(f: number): number {
  const s = f / (2 + f);
  const z = s * s;
  let sum = 2 / 23;
  sum = sum * z + 2 / 21;
  sum = sum * z + 2 / 19;
  sum = sum * z + 2 / 17;
  sum = sum * z + 2 / 15;
  sum = sum * z + 2 / 13;
  sum = sum * z + 2 / 11;
  sum = sum * z + 2 / 9;
  sum = sum * z + 2 / 7;
  sum = sum * z + 2 / 5;
  sum = sum * z + 2 / 3;
  return f - s * (f - z * sum);
}

/** The natural logarithm: −∞ at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let exponent = 0;
  float[0] = x;
  if (words[1] < 0x00100000) {
    float[0] = x * 18014398509481984; // 2⁵⁴ lifts a denormal into the normal range
    exponent = -54;
  }
  const offset = words[1] - SQRT_HALF_BITS;
  exponent += offset >> 20;
  words[1] = SQRT_HALF_BITS + (offset & 0xfffff);
  const reduced = log1pReduced(float[0] - 1);
  return exponent === 0 ? reduced : exponent * LN2_HIGH + (reduced + exponent * LN2_LOW);
}

/** ln(1 + x), exact in the leading digits where x is near 0. */
export function log1p(x: number): number {
  if (x > -0.29 && x < 0.41) return x === 0 ? x : log1pReduced(x);
  const sum = 1 + x;
  // (x − (sum − 1)) is what rounding took from 1 + x; dividing by the sum turns it into a step of the logarithm.
  return sum > 0 && sum < Infinity ? log(sum) + (x - (sum - 1)) / sum : log(sum);
}

/** tanh x = (e²ˣ − 1) / (e²ˣ + 1). */
export function tanh(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude > 22) return x > 0 ? 1 : -1;
  const grown = expm1(2 * magnitude);
  const result = grown / (grown + 2);
  return x < 0 || Object.is(x, -0) ? -result : result;
}

/** σ(x) = 1 / (1 + e⁻ˣ), never from a power that overflows. */
export function sigmoid(x: number): number {
  const decayed = exp(-Math.abs(x));
  return (x < 0 ? decayed : 1) / (1 + decayed);
}

/** ln(1 + eˣ), never from a power that overflows. */
export function softplus(x: number): number {
  return Math.max(x, 0) + log1p(exp(-Math.abs(x)));
}

/** Up to here whole powers are products. */
const PRODUCT_LIMIT = 64;

/**
 * xʸ: whole powers up to ±64 by repeated squaring, others as exp(y ln |x|), whose relative error is about
 * |y ln x| · 2⁻⁵³. Special values as in C and PyTorch: x⁰ and 1ʸ are 1 even for NaN, (−1)^±∞ is 1, and a negative
 * number has whole powers only.
 */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  const whole = Number.isInteger(y);
  if (whole && Math.abs(y) <= PRODUCT_LIMIT) return wholePower(x, y);
  if (x === -1 && Math.abs(y) === Infinity) return 1;
  if (x < 0 && x > -Infinity && !whole && Math.abs(y) < Infinity) return NaN;
  const magnitude = exp(y * log(Math.abs(x)));
  const negative = x < 0 || Object.is(x, -0);
  return negative && whole && y % 2 !== 0 ? -magnitude : magnitude;
}

function wholePower(x: number, n: number): number {
  let [product, square] = [1, x];
  for (let rest = Math.abs(n); rest > 0; rest >>= 1) {
    if (rest & 1) product *= square;
    square *= square;
  }
  if (n > 0) return product;
  // The power may overflow where its reciprocal is still a number.
  return Math.abs(product) === Infinity ? wholePower(1 / x, -n) : 1 / product;
}
