import type { RawArray } from "../backend/backend.ts";
import { keep } from "../backend/lifetime.ts";
import { restoreArrays, saveArrays, type StateDict } from "../nn/stateDict.ts";
import { Tensor } from "../tensor/tensor.ts";
import { formatShape } from "../util/shape.ts";

/** What an optimizer remembers: save it beside the model's own to go on exactly where training stopped. */
export interface OptimizerState {
  /** Steps made so far. */
  readonly steps: number;
  /** Its arrays by name and parameter: `"m.0"`, `"m.1"`, … */
  readonly arrays: StateDict;
}

/**
 * A gradient method over some parameters. One step: `minimize(() => loss)`.
 * A new method extends this, declares its arrays with `stateArrays`, and says in `update` what one parameter does.
 *
 * @throws TypeError if there are no parameters, one needs no gradient, or one is there twice
 */
export abstract class Optimizer {
  readonly parameters: readonly Tensor[];
  #steps = 0;
  readonly #state = new Map<string, RawArray>();

  constructor(parameters: Iterable<Tensor>) {
    this.parameters = [...parameters];
    const name = new.target.name;
    if (this.parameters.length === 0) {
      throw new TypeError(`${name}: no parameters to optimize; give it model.parameters()`);
    }
    this.parameters.forEach((parameter, index) => {
      if (!(parameter instanceof Tensor) || !parameter.requiresGrad) {
        throw new TypeError(
          `${name}: parameter ${index} does not require a gradient; make it with { requiresGrad: true }`,
        );
      }
      if (this.parameters.indexOf(parameter) !== index) {
        throw new TypeError(
          `${name}: parameters ${this.parameters.indexOf(parameter)} and ${index} are the same`,
        );
      }
    });
  }

  /** Steps made so far, t in the equations. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * One step downhill: evaluate the loss, back-propagate, update, and free everything made on the way.
   * The gradients stay in `.grad` until the next step, to be looked at.
   *
   * @param loss computes a scalar from the parameters
   * @returns the loss before the step
   * @throws TypeError if the loss is not a scalar
   * @example
   * const loss = optimizer.minimize(() => losses.crossEntropy(model.forward(images), labels));
   */
  minimize(loss: () => Tensor): number {
    this.zeroGrad();
    return Tensor.scope(() => {
      const value = loss();
      if (!(value instanceof Tensor) || value.numel !== 1) {
        const got = value instanceof Tensor ? formatShape(value.shape) : typeof value;
        throw new TypeError(
          `minimize: the loss must be a scalar tensor, got ${got}; return it, and reduce it with .mean() or .sum()`,
        );
      }
      value.backward();
      this.step();
      return value.item();
    });
  }

  /** Update every parameter that has a gradient. */
  step(): void {
    this.#steps++;
    this.beforeStep();
    this.parameters.forEach((parameter, index) => {
      if (parameter.grad) this.update(parameter.raw, parameter.grad.raw, index);
    });
  }

  /** Forget the gradients. */
  zeroGrad(): void {
    for (const parameter of this.parameters) parameter.grad = null;
  }

  /** A copy of all that the method remembers. */
  stateDict(): OptimizerState {
    return { steps: this.#steps, arrays: saveArrays(this.#state) };
  }

  /**
   * Go on from a saved state. Nothing changes if it does not fit.
   * @throws RangeError if a name is missing or unknown
   * @throws ShapeError if a shape differs
   */
  loadStateDict(state: OptimizerState): void {
    restoreArrays(`${this.constructor.name}.loadStateDict`, this.#state, state.arrays);
    this.#steps = state.steps;
  }

  /** Zeros, one array a parameter and shaped like it, which live and are saved as `name`. */
  protected stateArrays(name: string): RawArray[] {
    return this.parameters.map(({ raw }, index) => {
      const array = raw.backend.empty(raw.shape, raw.dtype);
      raw.backend.fill(array, 0);
      keep(array);
      this.#state.set(`${name}.${index}`, array);
      return array;
    });
  }

  /** What changes once a step, before any parameter does. */
  protected beforeStep(): void {}

  /** The method itself: change parameter number `index` in place. */
  protected abstract update(w: RawArray, g: RawArray, index: number): void;
}
