import { Optimizer, type OptimizerOptions, type OptimizerState } from "./optimizer.ts";
import { checkNonNegative } from "./options.ts";
import type { GroupOption, Optimized } from "./parameterGroups.ts";
import type { Schedule } from "./schedules.ts";

export interface LearningRateOptions extends OptimizerOptions {
  /** Multiplies η, step by step: `schedules.cosine(1000)`. Default: η stays. */
  readonly schedule?: Schedule;
}

/** A method with a learning rate η, which parameter groups may have of their own and a schedule changes. */
export abstract class LearningRateOptimizer extends Optimizer {
  /** η; change it whenever you like. */
  learningRate: number;
  readonly schedule: Schedule | undefined;
  readonly #initialRate: number;
  #factor = 1;

  constructor(parameters: Optimized, options: LearningRateOptions, learningRate: number) {
    super(parameters, options);
    const name = new.target.name;
    checkNonNegative(name, "learningRate", learningRate);
    if (learningRate === 0 && this.groups.some((group) => group.learningRate !== undefined))
      throw new RangeError(`${name}: learningRate must be > 0 when a group has its own, got 0`);
    this.learningRate = this.#initialRate = learningRate;
    this.schedule = options.schedule;
    if (this.schedule !== undefined && typeof this.schedule !== "function")
      throw new TypeError(`${name}: schedule must be a function of the step, such as schedules.cosine(1000)`);
  }

  /** η times the schedule's factor: what the next step will take. */
  get scheduledLearningRate(): number {
    return this.learningRate * factorAt(this.schedule, this.steps);
  }

  override stateDict(): OptimizerState {
    return { ...super.stateDict(), learningRate: this.learningRate };
  }

  override loadStateDict(state: OptimizerState): void {
    const { learningRate = this.learningRate } = state;
    checkNonNegative(`${this.constructor.name}.loadStateDict`, "learningRate", learningRate);
    super.loadStateDict(state);
    this.learningRate = learningRate;
  }

  protected override get groupOptions(): readonly GroupOption[] {
    return ["learningRate"];
  }

  protected override beforeStep(): void {
    checkNonNegative(this.constructor.name, "learningRate", this.learningRate);
    this.#factor = factorAt(this.schedule, this.steps);
  }

  /** η of parameter number `index` in the step under way. */
  protected rateOf(index: number): number {
    const own = this.groups[index].learningRate;
    // Without a change of η the ratio is exactly 1.
    const rate = own === undefined ? this.learningRate : own * (this.learningRate / this.#initialRate);
    return rate * this.#factor;
  }

  protected override stepSize(index: number): ReturnType<Optimizer["stepSize"]> {
    return this.rateOf(index);
  }
}

function factorAt(schedule: Schedule | undefined, step: number): number {
  if (!schedule) return 1;
  const factor: unknown = schedule(step);
  if (typeof factor === "function")
    throw new TypeError("schedule: it gives a function; call it first, as in schedules.cosine(1000)");
  if (!(typeof factor === "number" && factor >= 0 && factor < Infinity))
    throw new RangeError(`schedule: its factor at step ${step} must be >= 0, got ${String(factor)}`);
  return factor;
}
