import { decimal, firstDigits, mostDigits } from "./decimal.ts";
import { parseLine } from "./lines.ts";
import { addLine, builderOf, type CurveBuilder } from "./metricColumns.ts";

const [lineEnd, quote, plus, comma, minus, point, zero, nine, colon, lowerE, closing] =
  Buffer.from('\n"+,-.09:e}');
const beforeStep = Buffer.from('{"step":');
const beforeTime = Buffer.from(',"time":');

interface Field {
  /** What stands before the value: `,"loss":` */
  readonly text: Uint8Array;
  readonly name: string;
  /** From the first whole line on that has it. */
  builder?: CurveBuilder;
}

/**
 * Reads metric lines from their bytes, without a text or an object for each. Lines as `metricLine` writes them are read
 * here, most with the fields of the line before; whatever looks different is left to `JSON.parse`, and dropped if it is
 * torn.
 */
export class MetricReader {
  readonly #builders: Map<string, CurveBuilder>;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Those of the last line. */
  #fields: Field[] = [];
  #values = new Float64Array(16);

  /** @param builders by metric, to which it adds */
  constructor(builders: Map<string, CurveBuilder>) {
    this.#builders = builders;
  }

  /** @param bytes whole lines */
  read(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#at = 0;
    while (this.#at < bytes.length) {
      const start = this.#at;
      if (this.#line()) continue;
      const end = bytes.indexOf(lineEnd, start);
      const line = parseLine(bytes.toString("utf8", start, end));
      if (line) addLine(this.#builders, line);
      this.#at = end + 1;
    }
  }

  /** Add a line; nothing of it, and false, if it is not as expected. */
  #line(): boolean {
    const start = this.#at;
    if (!this.#skip(beforeStep)) return false;
    const step = this.#number();
    if (!this.#skip(beforeTime)) return false;
    const time = this.#number();
    // What is no number is not finite.
    if (!Number.isFinite(step + time)) return false;
    let count = 0;
    for (; this.#bytes[this.#at] === comma; count++) {
      const field = this.#fields[count];
      if (field === undefined || !this.#skip(field.text)) {
        const found = this.#field();
        if (!found) return false;
        this.#fields.length = count;
        this.#fields.push(found);
      }
      const value = this.#number();
      if (Number.isNaN(value)) return false;
      if (count === this.#values.length) this.#values = doubled(this.#values);
      this.#values[count] = value;
    }
    if (this.#bytes[this.#at] !== closing || this.#bytes[this.#at + 1] !== lineEnd) return false;
    this.#at += 2;
    for (let index = 0; index < count; index++) {
      const field = this.#fields[index];
      field.builder ??= this.#builderOf(field.name, this.#at - start);
      field.builder.add(step, time, this.#values[index]);
    }
    return true;
  }

  /** A new one gets room for the lines that follow here, if all are like the first. */
  #builderOf(name: string, lineBytes: number): CurveBuilder {
    const builder = this.#builders.get(name);
    if (builder) return builder;
    const made = builderOf(this.#builders, name);
    made.reserve(Math.ceil((this.#bytes.length - this.#at) / lineBytes) + 1);
    return made;
  }

  /** Go on behind a text that stands here. */
  #skip(text: Uint8Array): boolean {
    const bytes = this.#bytes;
    const start = this.#at;
    for (let index = 0; index < text.length; index++) if (bytes[start + index] !== text[index]) return false;
    this.#at = start + text.length;
    return true;
  }

  /** The field whose name stands here, going on behind it; undefined if there is none, or its name is spelled with escapes. */
  #field(): Field | undefined {
    const start = this.#at;
    const end = this.#bytes.indexOf(quote, start + 2);
    if (this.#bytes[start + 1] !== quote || end < 0 || this.#bytes[end + 1] !== colon) return undefined;
    const name = this.#bytes.toString("utf8", start + 2, end);
    if (name.includes("\\") || name.includes("\n")) return undefined;
    this.#at = end + 2;
    return { text: Uint8Array.from(this.#bytes.subarray(start, end + 2)), name };
  }

  /** The number that stands here, going on behind it; NaN if there is none. */
  #number(): number {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    const negative = bytes[at] === minus;
    if (negative) at++;
    const digitsAt = at;
    let [first, second, digits, exponent] = [0, 0, 0, 0];
    let pointAt = -1;
    for (; ; at++) {
      const byte = bytes[at];
      if (byte >= zero && byte <= nine) {
        // Zeros in front are no digits of the number.
        if (digits === 0 && byte === zero) continue;
        if (digits < firstDigits) first = 10 * first + (byte - zero);
        else if (digits < mostDigits) second = 10 * second + (byte - zero);
        digits++;
      } else if (byte === point && pointAt < 0) pointAt = at;
      else break;
    }
    if (at === digitsAt) return NaN;
    if (pointAt >= 0) exponent = pointAt + 1 - at;
    if (bytes[at] === lowerE) {
      const below = bytes[++at] === minus;
      if (below || bytes[at] === plus) at++;
      let tens = 0;
      for (; bytes[at] >= zero && bytes[at] <= nine; at++) tens = 10 * tens + (bytes[at] - zero);
      exponent += below ? -tens : tens;
    }
    this.#at = at;
    if (digits > mostDigits) return Number(bytes.toString("latin1", start, at));
    const value = decimal(first, second, Math.max(0, digits - firstDigits), exponent);
    if (Number.isNaN(value)) return Number(bytes.toString("latin1", start, at));
    return negative ? -value : value;
  }
}

function doubled(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * values.length);
  larger.set(values);
  return larger;
}
