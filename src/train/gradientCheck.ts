import { Module } from "../nn/index.ts";
import { defaultGenerator } from "../random/index.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { type Displayable, jupyterDisplay, type MimeBundle } from "../util/host.ts";
import { formatShape, type Shape } from "../util/shape.ts";
import { htmlTable, textTable } from "../util/table.ts";
import { inFloat64 } from "./float64.ts";

export interface GradientCheckOptions {
  /** h, how far an element is moved to either side. Default 1e-6. */
  readonly step?: number;
  /** The greatest relative difference that passes. Default 1e-5. */
  readonly tolerance?: number;
  /** Elements checked of each parameter, spread evenly over it. Default 50. */
  readonly elements?: number;
}

/** The element of a parameter whose two gradients differ most. */
export interface CheckedParameter {
  readonly name: string;
  readonly shape: Shape;
  /** How many elements were checked. */
  readonly checked: number;
  /** How many of them lie at a kink, where any slope between that to the left and that to the right is right. */
  readonly kinks: number;
  /** Where it is: `[row, column]`. */
  readonly index: readonly number[];
  /** What back-propagation says. */
  readonly analytic: number;
  /** What the central difference says. */
  readonly numeric: number;
  /** |analytic − numeric|, less what rounding explains, against the greater of both. */
  readonly error: number;
}

/** What came of a gradient check. */
export class GradientCheck implements Displayable {
  readonly parameters: readonly CheckedParameter[];
  readonly tolerance: number;

  constructor(parameters: readonly CheckedParameter[], tolerance: number) {
    this.parameters = parameters;
    this.tolerance = tolerance;
  }

  get passed(): boolean {
    return this.parameters.every(({ error }) => error <= this.tolerance);
  }

  toString(): string {
    return `${this.#verdict()}\n${textTable(this.#cells(), columns)}`;
  }

  [jupyterDisplay](): MimeBundle {
    return {
      "text/html": `<p>${this.#verdict()}</p>${htmlTable(this.#cells(), columns)}`,
      "text/plain": this.toString(),
    };
  }

  [Symbol.for("nodejs.util.inspect.custom") as never](): string {
    return this.toString();
  }

  #verdict(): string {
    const wrong = this.parameters.filter(({ error }) => !(error <= this.tolerance));
    if (wrong.length > 0) return `gradientCheck: failed at ${wrong.map(placeOf).join(", ")}`;
    const kinks = this.parameters.reduce((sum, each) => sum + each.kinks, 0);
    return (
      `gradientCheck: passed, every relative difference is at most ${this.tolerance}` +
      (kinks > 0 ? `; at a kink, as ReLU's at 0, and between the slopes of both sides: ${kinks}` : "")
    );
  }

  #cells(): string[][] {
    return [
      ["worst element", "back-propagated", "central difference", "relative difference", "checked"],
      ...this.parameters.map((parameter) => [
        placeOf(parameter),
        parameter.analytic.toPrecision(6),
        parameter.numeric.toPrecision(6),
        parameter.error.toExponential(1),
        String(parameter.checked),
      ]),
    ];
  }
}

const columns = { right: "back-propagated,central difference,relative difference,checked" };

const placeOf = ({ name, index }: CheckedParameter): string =>
  index.length > 0 ? `${name}${formatShape(index)}` : name;

/**
 * Hold back-propagation against central differences: dL/dw ≈ (L(w + h) − L(w − h)) / 2h, in float64, since float32
 * has too few digits for differences. A parameter and element that disagree are named.
 *
 * A model's parameters become float64 while it runs, and everything made of them with them; frozen ones are not checked. Random numbers (dropout)
 * are the same at each evaluation. At a kink, as ReLU's at 0, where a bias of 0 meets black pixels, the slopes to the left
 * and to the right differ; there back-propagation passes with any slope between them, and `kinks` counts such elements.
 *
 * @param loss computes a scalar from the parameters
 * @param parameters a model, or float64 tensors that require gradients, by name
 * @param options.step h, default 1e-6
 * @param options.tolerance greatest relative difference that passes, default 1e-5
 * @throws TypeError if a tensor is not a float64 leaf, or the loss is computed in float32
 * @throws ShapeError if the loss is not a scalar
 * @example
 * train.gradientCheck(() => losses.crossEntropy(model.forward(images), labels), model).passed; // true
 * const w = tensor([1, 2], { dtype: "float64", requiresGrad: true });
 * train.gradientCheck(() => w.mul(w).sum(), { w });
 */
export function gradientCheck(
  loss: () => Tensor,
  parameters: Module | Readonly<Record<string, Tensor>>,
  options: GradientCheckOptions = {},
): GradientCheck {
  const { tolerance = 1e-5, step = 1e-6, elements = 50 } = options;
  if (!(step > 0)) throw new RangeError(`gradientCheck: step must be > 0, got ${step}`);
  if (parameters instanceof Module)
    return inFloat64(
      parameters,
      () => new GradientCheck(compare(loss, learning(parameters), step, elements, tolerance), tolerance),
    );
  for (const [name, tensor] of Object.entries(parameters))
    if (!tensor.requiresGrad || tensor.origin || tensor.dtype !== "float64")
      throw new TypeError(
        `gradientCheck: "${name}" must be a float64 leaf; make it with { dtype: "float64", requiresGrad: true }`,
      );
  return new GradientCheck(compare(loss, Object.entries(parameters), step, elements, tolerance), tolerance);
}

const learning = (model: Module): [string, Tensor][] =>
  model.namedParameters().filter(([, { requiresGrad }]) => requiresGrad);

function compare(
  loss: () => Tensor,
  parameters: readonly (readonly [string, Tensor])[],
  step: number,
  elements: number,
  tolerance: number,
): CheckedParameter[] {
  const generator = defaultGenerator();
  const randomness = generator.state();
  const evaluate = (): Tensor => {
    try {
      return loss();
    } finally {
      generator.restore(randomness);
    }
  };
  const value = Tensor.scope(() => {
    const result = evaluate();
    if (result.numel !== 1)
      throw new ShapeError(`gradientCheck: the loss must be a scalar, got ${formatShape(result.shape)}`);
    if (result.dtype !== "float64")
      throw new TypeError(
        "gradientCheck: the loss came out as float32, too coarse for differences; something on the way converts " +
          "to float32, or does not depend on the parameters",
      );
    for (const [, parameter] of parameters) parameter.grad = null;
    result.backward();
    return result.item();
  });
  const at = (): number => Tensor.noGrad(() => Tensor.scope(() => evaluate().item()));
  // A difference of two losses is off by a few units in their last place.
  const noise = (8 * Number.EPSILON * Math.max(1e-3, Math.abs(value))) / step;
  return parameters.map(([name, parameter]) => {
    const { data } = parameter.raw;
    const gradient = parameter.grad?.data;
    const stride = Math.max(1, Math.floor(data.length / elements));
    let worst = { place: 0, analytic: 0, numeric: 0, error: -1 };
    let [checked, kinks] = [0, 0];
    for (let place = 0; place < data.length && checked < elements; place += stride) {
      const before = data[place];
      const slopes = (h: number): [left: number, right: number] => {
        data[place] = before + h;
        const above = at();
        data[place] = before - h;
        const below = at();
        data[place] = before;
        return [(value - below) / h, (above - value) / h];
      };
      const sides = slopes(step);
      const [analytic, numeric] = [gradient?.[place] ?? 0, (sides[0] + sides[1]) / 2];
      const off = (by: number): number => {
        const gap = Math.max(0, by - noise);
        return gap === 0 ? 0 : gap / Math.max(Math.abs(analytic), Math.abs(numeric));
      };
      let error = off(Math.abs(analytic - numeric));
      if (error > tolerance && isKink(sides, slopes(step / 4), 8 * noise)) {
        const outside = off(Math.max(Math.min(...sides) - analytic, analytic - Math.max(...sides)));
        if (outside <= tolerance) [error, kinks] = [outside, kinks + 1];
      }
      if (!(error <= worst.error)) worst = { place, analytic, numeric, error };
      checked++;
    }
    const { place, analytic, numeric, error } = worst;
    const { shape } = parameter;
    return {
      name,
      shape,
      checked,
      kinks,
      index: indexOf(place, shape),
      analytic,
      numeric,
      error: Math.max(0, error),
    };
  });
}

/** Whether the slopes of both sides stay apart as one comes closer: where a function is smooth, they meet. */
const isKink = (far: [number, number], near: [number, number], noise: number): boolean =>
  Math.abs(near[1] - near[0]) > Math.abs(far[1] - far[0]) / 2 + noise;

function indexOf(place: number, shape: Shape): number[] {
  const index: number[] = [];
  for (let axis = shape.length - 1, rest = place; axis >= 0; axis--) {
    index.unshift(rest % shape[axis]);
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}
