import { ThrottledDisplay } from "../train/throttledDisplay.ts";
import { downsample } from "../plot/downsample.ts";
import type { Figure } from "../plot/figure.ts";
import { type RunCurve, runFigure } from "./runFigure.ts";

/** So many points of a curve are held, so that drawing takes no longer as a run goes on. */
const mostPoints = 10_000;

/** The curves of a run, drawn while they grow, in the cell that logs. */
export class LiveCurves {
  readonly #run: { readonly name: string };
  readonly #curves = new Map<string, { metric: string; steps: number[]; values: number[] }>();
  #display: ThrottledDisplay | undefined;

  constructor(run: { readonly name: string }) {
    this.#run = run;
  }

  add(step: number, values: Readonly<Record<string, number>>): void {
    for (const [metric, value] of Object.entries(values)) {
      let curve = this.#curves.get(metric);
      if (!curve) this.#curves.set(metric, (curve = { metric, steps: [], values: [] }));
      curve.steps.push(step);
      curve.values.push(value);
      if (curve.steps.length > mostPoints) {
        const { x, y } = downsample(curve.steps, curve.values, mostPoints / 2);
        this.#curves.set(metric, { metric, steps: x, values: y });
      }
    }
    if (this.#display) this.#display.refresh();
    else this.#display = new ThrottledDisplay(() => this.#draw());
  }

  /** Draw the last state; what is added later is shown anew, where it is logged. */
  end(): void {
    this.#display?.finish();
    this.#display = undefined;
  }

  #draw(): Figure {
    const curves: RunCurve[] = [...this.#curves.values()];
    const last = curves.map(({ metric, values }) => `${metric} ${values[values.length - 1]?.toPrecision(4)}`);
    return runFigure(this.#run.name, curves, `${this.#run.name}: ${last.join(", ")}`, this);
  }
}
