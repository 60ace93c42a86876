import { defaultGenerator, type Generator, generator } from "../random/index.ts";
import { cos, sin } from "../util/trigonometry.ts";
import { TensorDataset } from "./tensorDataset.ts";

export interface ToyOptions {
  /** Points in all, dealt out to the classes in turn. Default 300. */
  readonly count?: number;
  /** Standard deviation of the normal noise on both coordinates. */
  readonly noise?: number;
  /** The points depend on this seed and on nothing else. */
  readonly seed?: number;
  /** Noise is drawn from here. Default: the generator that `random.seed` seeds. */
  readonly generator?: Generator;
}

export interface ClassesOptions extends ToyOptions {
  readonly classes?: number;
}

export interface SpiralOptions extends ClassesOptions {
  /** How often an arm winds about the centre. Default 1. */
  readonly turns?: number;
}

/**
 * Arms that wind about one centre, a class an arm, in a disc of radius 1: inputs `[count, 2]`, class indices.
 * The arm's point at t in (0, 1] lies at distance t, turned by t · turns. Two arms and noise 0.02 by default.
 *
 * @throws RangeError if count, classes, noise or turns is out of range
 * @example
 * const points = data.spirals({ count: 400, turns: 1.5, noise: 0.03, seed: 1 });
 */
export function spirals({
  classes = 2,
  turns = 1,
  noise = 0.02,
  ...options
}: SpiralOptions = {}): TensorDataset {
  checkClasses("spirals", classes);
  if (!Number.isFinite(turns)) throw new RangeError(`spirals: turns must be finite, got ${turns}`);
  return points("spirals", classes, noise, options, (label, t) => {
    const angle = 2 * Math.PI * (t * turns + label / classes);
    return [t * cos(angle), t * sin(angle)];
  });
}

/**
 * Two half circles of radius 1 that reach into each other: inputs `[count, 2]`, class indices 0 and 1.
 * Upper: (cos θ, sin θ), lower: (1 − cos θ, ½ − sin θ), θ from 0 to π. Noise 0.1 by default.
 *
 * @throws RangeError if count or noise is out of range
 * @example
 * const points = data.moons({ count: 200, seed: 1 });
 */
export function moons({ noise = 0.1, ...options }: ToyOptions = {}): TensorDataset {
  return points("moons", 2, noise, options, (label, t) => {
    const [x, y] = [cos(Math.PI * t), sin(Math.PI * t)];
    return label === 0 ? [x, y] : [1 - x, 0.5 - y];
  });
}

/**
 * Normally distributed heaps, a class a heap, whose centres lie evenly on a circle of radius 1: inputs `[count, 2]`,
 * class indices. Three heaps and noise 0.25 by default; from about 0.5 on they overlap.
 *
 * @throws RangeError if count, classes or noise is out of range
 * @example
 * const points = data.blobs({ classes: 4, noise: 0.2, seed: 1 });
 */
export function blobs({ classes = 3, noise = 0.25, ...options }: ClassesOptions = {}): TensorDataset {
  checkClasses("blobs", classes);
  return points("blobs", classes, noise, options, (label) => {
    const angle = (2 * Math.PI * label) / classes;
    return [cos(angle), sin(angle)];
  });
}

/** `placeOf(label, t)` with noise; t walks evenly through (0, 1] within each class. */
function points(
  operation: string,
  classes: number,
  noise: number,
  { count = 300, ...options }: ToyOptions,
  placeOf: (label: number, t: number) => readonly [number, number],
): TensorDataset {
  if (!(Number.isInteger(count) && count >= classes)) {
    throw new RangeError(
      `${operation}: count must be an integer >= ${classes}, a point a class, got ${count}`,
    );
  }
  if (!(noise >= 0 && noise < Infinity))
    throw new RangeError(`${operation}: noise must be >= 0, got ${noise}`);
  const source =
    options.generator ?? (options.seed === undefined ? defaultGenerator() : generator(options.seed));
  const data = new Float32Array(2 * count);
  const labels = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    const label = index % classes;
    const inClass = Math.ceil((count - label) / classes);
    const [x, y] = placeOf(label, (Math.floor(index / classes) + 1) / inClass);
    labels[index] = label;
    data[2 * index] = x + noise * source.normal();
    data[2 * index + 1] = y + noise * source.normal();
  }
  return new TensorDataset({ data, shape: [count, 2] }, labels, { featureNames: ["x", "y"] });
}

function checkClasses(operation: string, classes: number): void {
  if (!(Number.isInteger(classes) && classes >= 1)) {
    throw new RangeError(`${operation}: classes must be an integer >= 1, got ${classes}`);
  }
}
