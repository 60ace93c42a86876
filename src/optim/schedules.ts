import { pow } from "../util/math.ts";
import { cos } from "../util/trigonometry.ts";
import { checkNonNegative } from "./options.ts";

/**
 * What η is multiplied by at a step, counted from 0: a pure function, so there is nothing to advance and nothing to
 * save beside the optimizer's own count of steps. Any function will do; these are the usual ones.
 *
 * Steps are updates, not epochs: an epoch has `loader.length` of them.
 *
 * @example
 * const optimizer = new optim.SGD(model.parameters(), {
 *   learningRate: 0.1,
 *   schedule: optim.schedules.warmUp(100, optim.schedules.cosine(900)),
 * });
 */
export type Schedule = (step: number) => number;

/**
 * A step down every so often: γ^⌊t / every⌋, PyTorch's `StepLR`.
 * @param every steps between two drops
 * @param factor γ, default 0.1
 * @throws RangeError unless every is an integer >= 1 and γ >= 0
 * @example
 * [0, 1, 2, 3].map(optim.schedules.step(2, 0.5)); // [1, 1, 0.5, 0.5]
 */
export function step(every: number, factor: number = 0.1): Schedule {
  checkSteps("step", "every", every);
  checkNonNegative("schedules.step", "factor", factor);
  return (t) => pow(factor, Math.floor(t / every));
}

/**
 * The same part off at every step: γᵗ, PyTorch's `ExponentialLR`.
 * @param factor γ, a little below 1
 * @throws RangeError if γ < 0
 * @example
 * [0, 1, 2].map(optim.schedules.exponential(0.5)); // [1, 0.5, 0.25]
 */
export function exponential(factor: number): Schedule {
  checkNonNegative("schedules.exponential", "factor", factor);
  return (t) => pow(factor, t);
}

/**
 * Half a cosine from 1 down to `lowest`: lowest + (1 − lowest)(1 + cos(π t / steps)) / 2, and `lowest` from then on.
 * (PyTorch's `CosineAnnealingLR` climbs again.) Loshchilov & Hutter 2017, https://arxiv.org/abs/1608.03983
 * @param steps how long the way down takes
 * @param lowest its end, as a part of η, default 0
 * @throws RangeError unless steps is an integer >= 1 and lowest >= 0
 * @example
 * [0, 5, 10, 20].map(optim.schedules.cosine(10)); // [1, 0.5, 0, 0]
 */
export function cosine(steps: number, lowest: number = 0): Schedule {
  checkSteps("cosine", "steps", steps);
  checkNonNegative("schedules.cosine", "lowest", lowest);
  return (t) => between(1, lowest, t / steps);
}

/**
 * Up in equal steps, (t + 1) / steps, then on with another schedule from its beginning, or at 1. Goyal et al. 2017,
 * https://arxiv.org/abs/1706.02677
 * @param steps how many steps until the whole η
 * @param then what follows, default nothing
 * @throws RangeError unless steps is an integer >= 1
 * @example
 * [0, 1, 2, 3].map(optim.schedules.warmUp(2, optim.schedules.exponential(0.5))); // [0.5, 1, 1, 0.5]
 */
export function warmUp(steps: number, then: Schedule = () => 1): Schedule {
  checkSteps("warmUp", "steps", steps);
  return (t) => (t < steps ? (t + 1) / steps : then(t - steps));
}

export interface OneCycleOptions {
  /** The part of the steps on which η rises. Default 0.3. */
  readonly rise?: number;
  /** Where it starts, as a part of η. Default 1/25. */
  readonly first?: number;
  /** Where it ends, as a part of η. Default 1/250,000. */
  readonly last?: number;
}

/**
 * Up to η and far down again, each by half a cosine, PyTorch's `OneCycleLR` without its cycle of momentum; η is
 * PyTorch's `max_lr`. Smith & Topin 2018, https://arxiv.org/abs/1708.07120
 * @param steps all of them; after the last it stays
 * @throws RangeError unless steps is an integer >= 2, rise lies in (0, 1), and first and last are >= 0
 * @example
 * const steps = 5 * loader.length;
 * const optimizer = new optim.Adam(model.parameters(), { learningRate: 0.01, schedule: optim.schedules.oneCycle(steps) });
 */
export function oneCycle(steps: number, options: OneCycleOptions = {}): Schedule {
  const { rise = 0.3, first = 1 / 25, last = 1 / 250_000 } = options;
  checkSteps("oneCycle", "steps", steps, 2);
  if (!(rise > 0 && rise < 1))
    throw new RangeError(`schedules.oneCycle: rise must lie in (0, 1), got ${rise}`);
  checkNonNegative("schedules.oneCycle", "first", first);
  checkNonNegative("schedules.oneCycle", "last", last);
  const [end, top] = [steps - 1, rise * steps - 1];
  // With few steps the rise may end before the first of them.
  return (t) =>
    t <= top ? between(first, 1, top > 0 ? t / top : 1) : between(1, last, (t - top) / (end - top));
}

/** Half a cosine from one value to another while `part` goes from 0 to 1. */
function between(from: number, to: number, part: number): number {
  if (part >= 1) return to;
  return to + ((from - to) * (1 + cos(Math.PI * part))) / 2;
}

function checkSteps(schedule: string, name: string, value: number, least: number = 1): void {
  if (!(Number.isInteger(value) && value >= least))
    throw new RangeError(`schedules.${schedule}: ${name} must be an integer >= ${least}, got ${value}`);
}
