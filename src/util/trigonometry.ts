/**
 * sin and cos in float64, from + − × ÷ alone, for the same bits on every machine. Error: at most 2 units in the last
 * place, however large x is (test/util/trigonometry.test.ts).
 */

/** π/2 in three parts of which the first two end in 20 zero bits, so that their products with whole numbers are exact. */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
const TWO_OVER_PI = 0.6366197723675814;
/** Beyond it a whole number of quarter turns has more than those 20 bits. */
const LARGE = 2 ** 20;

/** ⌊2/π · 2¹²¹⁶⌋ and ⌊π/2 · 2¹²⁸⌋: enough digits for the largest float64. */
const TWO_OVER_PI_BITS = 1216n;
const TWO_OVER_PI_DIGITS = BigInt(
  "0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1deb1cb129" +
    "a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27" +
    "cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b6bab",
);
const HALF_PI_DIGITS = 0x1921fb54442d18469898cc51701b839a2n;

/** x = quarters · π/2 + angle + rest, with |angle| ≤ π/4 and `rest` what rounding took from the angle. */
interface Reduced {
  readonly quarters: number;
  readonly angle: number;
  readonly rest: number;
}

/** sin x; NaN for ±∞. */
export function sin(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x === 0 ? x : NaN;
  const { quarters, angle, rest } = reduce(x);
  return turned(quarters, angle, rest);
}

/** cos x; NaN for ±∞. */
export function cos(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  const { quarters, angle, rest } = reduce(x);
  return turned(quarters + 1, angle, rest);
}

/** sin(quarters · π/2 + angle). */
function turned(quarters: number, angle: number, rest: number): number {
  const value = quarters % 2 === 0 ? sinReduced(angle, rest) : cosReduced(angle, rest);
  return (quarters & 2) === 0 ? value : -value;
}

/** r + (−r³/6 + r⁵/120 − …), the Taylor series up to r¹⁷. */
function sinReduced(r: number, rest: number): number {
  const square = r * r;
  let sum = 1 / 355687428096000;
  sum = sum * square - 1 / 1307674368000;
  sum = sum * square + 1 / 6227020800;
  sum = sum * square - 1 / 39916800;
  sum = sum * square + 1 / 362880;
  sum = sum * square - 1 / 5040;
  sum = sum * square + 1 / 120;
  sum = sum * square - 1 / 6;
  return r + (rest + r * square * sum);
}

/** 1 − r²/2 + (r⁴/24 − …), the Taylor series up to r¹⁶; what rounding takes from 1 − r²/2 is put back. */
function cosReduced(r: number, rest: number): number {
  const square = r * r;
  let sum = 1 / 20922789888000;
  sum = sum * square - 1 / 87178291200;
  sum = sum * square + 1 / 479001600;
  sum = sum * square - 1 / 3628800;
  sum = sum * square + 1 / 40320;
  sum = sum * square - 1 / 720;
  sum = sum * square + 1 / 24;
  const half = 0.5 * square;
  const leading = 1 - half;
  return leading + (1 - leading - half + (square * square * sum - r * rest));
}

function reduce(x: number): Reduced {
  if (Math.abs(x) >= LARGE) return reduceLarge(x);
  const quarters = Math.floor(x * TWO_OVER_PI + 0.5);
  const near = x - quarters * HALF_PI_1;
  const correction = quarters * HALF_PI_2;
  const middle = near - correction;
  // What rounding took from the difference (Knuth's two-sum), and the third part.
  const back = middle - near;
  const lost = near - (middle - back) + (-correction - back);
  const tail = lost - quarters * HALF_PI_3;
  const angle = middle + tail;
  return { quarters, angle, rest: middle - angle + tail };
}

/** Payne and Hanek's reduction: x is an integer times a power of 2, so x · 2/π modulo 4 is one long product. */
function reduceLarge(x: number): Reduced {
  const magnitude = Math.abs(x);
  let [mantissa, exponent] = [magnitude, 0];
  while (mantissa >= 2 ** 53) [mantissa, exponent] = [mantissa / 2, exponent + 1];
  while (!Number.isInteger(mantissa)) [mantissa, exponent] = [mantissa * 2, exponent - 1];
  const product = BigInt(mantissa) * TWO_OVER_PI_DIGITS;
  const quarterTurns = product >> (TWO_OVER_PI_BITS - BigInt(exponent) - 128n);
  const nearest = (quarterTurns + (1n << 127n)) >> 128n;
  const rest = quarterTurns - (nearest << 128n);
  const angle = Number((rest * HALF_PI_DIGITS) >> 128n) / 2 ** 128;
  const quarters = Number(nearest & 3n);
  return x > 0 ? { quarters, angle, rest: 0 } : { quarters: 4 - quarters, angle: -angle, rest: 0 };
}
