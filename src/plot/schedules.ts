import type { Schedule } from "../optim/schedules.ts";
import { curve } from "./curve.ts";
import { Figure } from "./figure.ts";
import { kindOf } from "./histories.ts";
import { axis, layoutOf } from "./layout.ts";
import { colorsOf } from "./palette.ts";

export interface SchedulesOptions {
  /** Steps to show. */
  readonly steps: number;
  /** η that the schedules multiply. Default 1: the factor itself. */
  readonly learningRate?: number;
  readonly scale?: "linear" | "log";
}

/**
 * What schedules make of the learning rate, step by step.
 * @param schedules one, or several by name
 * @throws RangeError unless steps is an integer >= 1
 * @throws TypeError if one is no function of the step
 * @example
 * const { cosine, warmUp, step } = optim.schedules;
 * plot.schedules({ "step": step(300), "warm-up, cosine": warmUp(100, cosine(900)) }, { steps: 1000, learningRate: 0.1 });
 */
export function schedules(
  schedules: Schedule | Readonly<Record<string, Schedule>>,
  options: SchedulesOptions,
): Figure {
  const { steps, learningRate = 1, scale = "linear" } = options ?? {};
  if (!(Number.isInteger(steps) && steps >= 1))
    throw new RangeError(`plot.schedules: steps must be an integer >= 1, got ${steps}`);
  const named = typeof schedules === "function" ? { schedule: schedules } : schedules;
  const names = Object.keys(named ?? {});
  const colors = colorsOf(names);
  const x = Array.from({ length: steps }, (_, step) => step);
  const data = names.map((name, index) => {
    const schedule: unknown = named[name];
    if (typeof schedule !== "function")
      throw new TypeError(
        `plot.schedules: "${name}" must be a function of the step, such as optim.schedules.cosine(900), got ${kindOf(schedule)}`,
      );
    const y = x.map((step) => learningRate * (schedule as Schedule)(step));
    // A rate that is held for a while jumps; one that glides would only look jagged.
    const steps = new Set(y).size < y.length / 10;
    return curve(x, y, { name, color: colors[index], hover: "%{y:.3g}", steps });
  });
  const layout = {
    ...layoutOf({
      title: "Learning-rate schedules",
      xaxis: axis("step"),
      yaxis: axis(learningRate === 1 ? "factor of the learning rate" : "learning rate", { scale }),
    }),
    hovermode: "x unified" as const,
  };
  return new Figure({ data, layout });
}
