import type { RawArray } from "../backend/backend.ts";
import { keep } from "../backend/lifetime.ts";
import { restoreArrays, saveArrays, type StateDict } from "../nn/stateDict.ts";
import { collectSparsity, type Sparsity } from "../regularizers/sparsity.ts";
import { kindOf } from "../tensor/requireTensor.ts";
import { Tensor } from "../tensor/tensor.ts";
import { formatShape } from "../util/shape.ts";
import { checkClip, clipGradients, type ClipOptions } from "./clipGradients.ts";
import { type GroupOption, type Optimized, type ParameterGroup, readGroups } from "./parameterGroups.ts";
import { shrink } from "./shrink.ts";

/** What an optimizer remembers: save it beside the model's own to go on exactly where training stopped. */
export interface OptimizerState {
  /** Steps made so far; a schedule goes on from here. */
  readonly steps: number;
  /** η at that time, for the methods that have one. */
  readonly learningRate?: number;
  /** Its arrays by name and parameter: `"m.0"`, `"m.1"`, … */
  readonly arrays: StateDict;
}

/** What every optimizer can be asked to do. */
export interface OptimizerOptions {
  /** Clip the gradients before each step, `{ norm: c }` or `{ value: c }`. Default: they stay as they are. */
  readonly clipGradients?: ClipOptions;
}

/**
 * A gradient method over some parameters. One step: `minimize(() => loss)`.
 * A new method extends this (or `LearningRateOptimizer`), declares its arrays with `stateArrays`, says in `update`
 * what one parameter does, and in `stepSize` how far a unit of gradient moves it.
 *
 * @throws TypeError if there are no parameters, one needs no gradient, or one is there twice
 */
export abstract class Optimizer {
  readonly parameters: readonly Tensor[];
  /** What of each parameter its group says. */
  protected readonly groups: readonly Omit<ParameterGroup, "parameters">[];
  /** Their arrays, by which back-propagation tells a parameter from another tensor. */
  readonly #raws: ReadonlySet<RawArray>;
  readonly #clip: ClipOptions | undefined;
  readonly #state = new Map<string, RawArray>();
  #steps = 0;

  constructor(parameters: Optimized, options: OptimizerOptions = {}) {
    if (typeof options !== "object" || options === null)
      throw new TypeError(
        `${new.target.name}: options must be an object, such as { learningRate: 0.01 }, got ${String(options)}`,
      );
    const read = readGroups(new.target.name, parameters, this.groupOptions);
    this.parameters = read.parameters;
    this.groups = read.groups;
    this.#raws = new Set(this.parameters.map(({ raw }) => raw));
    this.#clip = options.clipGradients;
    if (this.#clip) checkClip(`${new.target.name}: clipGradients`, this.#clip);
  }

  /** Steps made so far, t in the equations. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * One step downhill: evaluate the loss, back-propagate, update, and free everything made on the way.
   * The gradients stay in `.grad` until the next step, to be looked at.
   *
   * A `regularizers.l1` in the loss has no gradient where a weight is 0, and steps along its subgradient λ sign(w)
   * jump back and forth over 0 for ever. So it is taken as a proximal step, in the method's own step sizes s: after the
   * step along the rest of the gradient (which is all that `.grad` holds), w ← sign(w) · max(|w| − sλ, 0). That goes
   * toward 0 as far as the subgradient would, but never across: weights that the loss does not need end at exactly 0.
   * (ISTA, https://doi.org/10.1137/080716542; for adaptive methods https://arxiv.org/abs/2007.07484)
   *
   * @param loss computes a scalar from the parameters
   * @returns the loss before the step
   * @throws TypeError if the loss is not a scalar
   * @example
   * const loss = optimizer.minimize(() => losses.crossEntropy(model.forward(images), labels));
   */
  minimize(loss: () => Tensor): number {
    if (typeof loss !== "function")
      throw new TypeError(
        `minimize: give it a function that computes the loss, () => loss, got ${kindOf(loss)}`,
      );
    this.zeroGrad();
    return Tensor.scope(() => {
      const { result: value, sparsity } = collectSparsity(this.#raws, () =>
        this.atGradientPoint(() => {
          const value = requireScalar(loss());
          value.backward();
          return value;
        }),
      );
      if (sparsity.size > 0) this.beforeShrinking();
      this.step();
      if (sparsity.size > 0) this.#shrink(sparsity);
      return value.item();
    });
  }

  /** Update every parameter that has a gradient. */
  step(): void {
    if (this.#clip) clipGradients(this.parameters, this.#clip);
    this.beforeStep();
    this.#steps++;
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
   * @throws RangeError if a name is missing or unknown, or steps is not an integer >= 0
   * @throws ShapeError if a shape differs
   */
  loadStateDict(state: OptimizerState): void {
    const name = `${this.constructor.name}.loadStateDict`;
    if (!(Number.isInteger(state.steps) && state.steps >= 0))
      throw new RangeError(`${name}: steps must be an integer >= 0, got ${state.steps}`);
    restoreArrays(name, this.#state, state.arrays);
    this.#steps = state.steps;
  }

  /** Which options a group of parameters may have of its own. */
  protected get groupOptions(): readonly GroupOption[] {
    return [];
  }

  /** Zeros, one array a parameter and shaped like it, which live and are saved as `name`. */
  protected stateArrays(name: string): RawArray[] {
    const arrays = this.arraysLikeParameters();
    for (const [index, array] of arrays.entries()) this.#state.set(`${name}.${index}`, array);
    return arrays;
  }

  /** Zeros, one array a parameter and shaped like it, which live but are not saved. */
  protected arraysLikeParameters(): RawArray[] {
    return this.parameters.map(({ raw }) => {
      const array = raw.backend.empty(raw.shape, raw.dtype);
      raw.backend.fill(array, 0);
      keep(array);
      return array;
    });
  }

  /** Run `work`, which evaluates the gradient, with the parameters where the method wants it. */
  protected atGradientPoint<T>(work: () => T): T {
    return work();
  }

  /** What changes once a step, before any parameter does. */
  protected beforeStep(): void {}

  /** The method itself: change parameter number `index` in place. */
  protected abstract update(w: RawArray, g: RawArray, index: number): void;

  /** How far a unit of gradient moves the weights of parameter number `index`: of all, or of each. */
  protected abstract stepSize(index: number): number | Tensor;

  /** A step is to come, and a proximal step after it. */
  protected beforeShrinking(): void {}

  /** A proximal step has moved parameter number `index`: for methods that remember their moves. */
  protected afterShrinking(_index: number, _move: Tensor): void {}

  #shrink(sparsity: Sparsity): void {
    Tensor.noGrad(() => {
      for (const [index, parameter] of this.parameters.entries()) {
        const lambda = sparsity.get(parameter.raw);
        if (lambda === undefined) continue;
        Tensor.scope(() => {
          const step = this.stepSize(index);
          const bound = typeof step === "number" ? step * lambda : step.mul(lambda);
          this.afterShrinking(index, shrink(parameter, bound));
        });
      }
    });
  }
}

function requireScalar(value: unknown): Tensor {
  if (value instanceof Tensor && value.numel === 1) return value;
  const got = value instanceof Tensor ? formatShape(value.shape) : kindOf(value);
  const hint =
    value instanceof Promise
      ? "the function must not be async: await what it needs before"
      : "return it, and reduce it with .mean() or .sum()";
  throw new TypeError(`minimize: the loss must be a scalar tensor, got ${got}; ${hint}`);
}
