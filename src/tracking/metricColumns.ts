/** What the values of one metric come to. NaN and infinities count among `count` and `last`, not among the extremes. */
export interface MetricSummary {
  readonly count: number;
  /** The value at the greatest step. */
  readonly last: number;
  readonly lastStep: number;
  readonly min: number;
  readonly max: number;
}

/** The values of one metric in a run, in the order of steps. */
export interface Curve {
  readonly steps: Float64Array;
  /** Milliseconds since 1970. */
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** A growing curve, in the order of writing, with its summary. */
export class CurveBuilder {
  #steps = new Float64Array(64);
  #times = new Float64Array(64);
  #values = new Float64Array(64);
  #count = 0;
  #last = NaN;
  #lastStep = -Infinity;
  #min = Infinity;
  #max = -Infinity;

  add(step: number, time: number, value: number): void {
    const at = this.#count;
    if (at === this.#steps.length) this.reserve(2 * at);
    this.#steps[at] = step;
    this.#times[at] = time;
    this.#values[at] = value;
    this.#count = at + 1;
    if (step >= this.#lastStep) {
      this.#last = value;
      this.#lastStep = step;
    }
    // A comparison with NaN is false.
    if (value < this.#min && value !== -Infinity) this.#min = value;
    if (value > this.#max && value !== Infinity) this.#max = value;
  }

  addAll({ steps, times, values }: Curve): void {
    this.reserve(this.#count + steps.length);
    for (let index = 0; index < steps.length; index++) this.add(steps[index], times[index], values[index]);
  }

  get curve(): Curve {
    const count = this.#count;
    return {
      steps: this.#steps.subarray(0, count),
      times: this.#times.subarray(0, count),
      values: this.#values.subarray(0, count),
    };
  }

  get summary(): MetricSummary {
    const { min, max } = { min: this.#min, max: this.#max };
    return {
      count: this.#count,
      last: this.#last,
      lastStep: this.#lastStep,
      min: min === Infinity ? NaN : min,
      max: max === -Infinity ? NaN : max,
    };
  }

  /** Take room for so many. */
  reserve(size: number): void {
    if (size <= this.#steps.length) return;
    const larger = (old: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
      const array = new Float64Array(size);
      array.set(old);
      return array;
    };
    this.#steps = larger(this.#steps);
    this.#times = larger(this.#times);
    this.#values = larger(this.#values);
  }
}

/** Both together, as if `later` had been logged after `earlier`. */
export function joinedSummary(earlier: MetricSummary, later: MetricSummary): MetricSummary {
  const end = later.lastStep >= earlier.lastStep ? later : earlier;
  return {
    count: earlier.count + later.count,
    last: end.last,
    lastStep: end.lastStep,
    min: least(earlier.min, later.min, 1),
    max: least(earlier.max, later.max, -1),
  };
}

const least = (a: number, b: number, sign: 1 | -1): number =>
  Number.isNaN(a) ? b : Number.isNaN(b) ? a : sign * a <= sign * b ? a : b;

/** In the order of steps, and of times where steps are equal; most curves are already. */
export function inOrder(curve: Curve): Curve {
  const { steps, times, values } = curve;
  let ordered = true;
  for (let index = 1; ordered && index < steps.length; index++)
    ordered =
      steps[index] > steps[index - 1] ||
      (steps[index] === steps[index - 1] && times[index] >= times[index - 1]);
  if (ordered) return curve;
  const order = Uint32Array.from(steps, (_, index) => index).sort(
    (a, b) => steps[a] - steps[b] || times[a] - times[b] || a - b,
  );
  const pick = (array: Float64Array): Float64Array => Float64Array.from(order, (place) => array[place]);
  return { steps: pick(steps), times: pick(times), values: pick(values) };
}

/** Add the numbers of a metric line. */
export function addLine(builders: Map<string, CurveBuilder>, line: Readonly<Record<string, unknown>>): void {
  const { step, time } = line;
  if (typeof step !== "number" || typeof time !== "number") return;
  for (const name in line) {
    if (name === "step" || name === "time") continue;
    const value = line[name];
    // "NaN" and "Infinity", which JSON has no numbers for.
    builderOf(builders, name).add(step, time, typeof value === "number" ? value : Number(value));
  }
}

export function builderOf(builders: Map<string, CurveBuilder>, name: string): CurveBuilder {
  let builder = builders.get(name);
  if (!builder) builders.set(name, (builder = new CurveBuilder()));
  return builder;
}
