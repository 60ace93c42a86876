/** 10ᵏ for k from 0 to 22: those that a float64 holds exactly. */
const powers = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
/** The least whole number above which not all are float64. */
const exactUpTo = 9_007_199_254_740_992;
/** 2²⁷ + 1, which parts a float64 into two halves (Dekker 1971). */
const splitter = 134_217_729;
/** Four times what the rounding of the second part of a quotient can come to, in units of that part: 2⁻⁵⁰. */
const doubt = 8.881784197001252e-16;

/** So many digits are enough to tell any float64; the shortest text that does has no more. */
export const mostDigits = 17;
/** Of these, so many go into the first of two parts. */
export const firstDigits = 9;

/**
 * The float64 next to (first · 10ⁿ + second) · 10ᵉ, n being the number of digits in the second part: what `Number` makes of
 * the text, without there being one.
 *
 * Up to 2⁵³ it is one rounding of two exact numbers (Clinger 1990). Beyond, a quotient of twice the precision, whose second
 * part says how the first is to be rounded, unless it lies too near the middle between two numbers.
 *
 * @param first up to 9 digits as a whole number
 * @param second up to 8 digits more
 * @param secondDigits how many
 * @param exponent e
 * @returns NaN if it cannot tell: then let `Number` read the text
 */
export function decimal(first: number, second: number, secondDigits: number, exponent: number): number {
  // Exact: 30 bits by the 19 of 5⁸, and a power of two.
  const shifted = first * powers[secondDigits];
  const high = shifted + second;
  if (exponent < -22 || exponent > 22) return high === 0 ? 0 : NaN;
  if (high <= exactUpTo) return exponent < 0 ? high / powers[-exponent] : high * powers[exponent];
  if (exponent >= 0) return NaN;
  const low = second - (high - shifted);
  const divisor = powers[-exponent];
  const quotient = high / divisor;
  const remainder = high - quotient * divisor - productError(quotient, divisor);
  const rest = (remainder + low) / divisor;
  const rounded = quotient + rest * (1 - doubt);
  return rounded === quotient + rest * (1 + doubt) ? rounded : NaN;
}

/** What ab is more than its float64: exact, from products of halves. */
function productError(a: number, b: number): number {
  const [aHigh, bHigh] = [upperHalf(a), upperHalf(b)];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return aHigh * bHigh - a * b + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

function upperHalf(x: number): number {
  const spread = splitter * x;
  return spread - (spread - x);
}
