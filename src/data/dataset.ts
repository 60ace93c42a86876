import type { Tensor } from "../tensor/tensor.ts";

/** Some examples, ready for a model: inputs `[n, …]` and their labels `[n, …]`. */
export interface Batch {
  readonly inputs: Tensor;
  readonly labels: Tensor;
  /**
   * Steps of each example, `[n]`, where sequences of several lengths lie side by side. `train.fit` and its kin give them to
   * the model: `forward(inputs, { lengths })`.
   */
  readonly lengths?: Tensor;
  /** How many examples. */
  readonly size: number;
}

/** Examples that can be counted and taken by index. A loader, `split` and `train.fit` ask for nothing more. */
export interface Dataset {
  /** How many examples. */
  readonly length: number;
  /** The examples at `indices`, in that order, as new tensors. */
  batch(indices: ArrayLike<number>): Batch;
  /** The class of each example, where examples have one: what a stratified split goes by. */
  readonly classes?: ArrayLike<number> | undefined;
}
