import { sumsOfSquares } from "../ops/sumsOfSquares.ts";
import type { Callback } from "./callback.ts";
import type { History } from "./history.ts";
import { checkCount } from "./monitor.ts";
import type { Training } from "./training.ts";

export interface UpdateRatiosOptions {
  /** Record each so many steps. Default 10: it takes a copy of the weights each time. */
  readonly every?: number;
}

/**
 * Record how far a step moves the weights of each parameter, as a part of their length, ‖Δw‖ / ‖w‖, and of all together,
 * into `history.updateRatios`. About 10⁻³ is healthy: much more and training jumps about, much less and it crawls.
 *
 * A parameter that is still 0 everywhere has no ratio yet and is left out.
 *
 * @param options.every record each so many steps, default 10
 * @throws RangeError unless `every` is an integer >= 1
 * @example
 * const history = await train.fit(model, { …, callbacks: [train.updateRatios()] });
 * history.updateRatios[0].ratios["0.weight"]; // 0.0021
 */
export function updateRatios(options: UpdateRatiosOptions = {}): Callback {
  const { every = 10 } = options;
  checkCount("updateRatios", "every", every);
  const before = new WeakMap<History, Map<string, ArrayLike<number>>>();
  const remember = (history: History, { parts: { model } }: Training): void => {
    const weights = model.namedParameters().map(([name, { raw }]) => [name, raw.data.slice()] as const);
    before.set(history, new Map(weights));
  };
  return {
    onStart(history, training) {
      if ((history.stepLosses.length + 1) % every === 0) remember(history, training);
    },
    onStep(history, training) {
      const step = history.stepLosses.length;
      const known = before.get(history);
      if (known && step % every === 0) history.updateRatios.push(ratiosOf(training, known, step));
      if ((step + 1) % every === 0) remember(history, training);
    },
  };
}

function ratiosOf(
  { parts: { model } }: Training,
  before: ReadonlyMap<string, ArrayLike<number>>,
  step: number,
): History["updateRatios"][number] {
  const ratios: Record<string, number> = {};
  let [moved, length] = [0, 0];
  for (const [name, { raw }] of model.namedParameters()) {
    const weights = before.get(name)!;
    const { backend, shape, dtype } = raw;
    const old = backend.from(weights, shape, dtype);
    const change = backend.binary("sub", raw, old);
    const [squaresOfChange, squares] = sumsOfSquares([change, old]);
    for (const array of [change, old]) array.release("updateRatios");
    moved += squaresOfChange;
    length += squares;
    if (squares > 0) ratios[name] = Math.sqrt(squaresOfChange / squares);
  }
  return { step, ratios, total: Math.sqrt(moved / length) };
}
