import type { Tensor } from "../tensor/tensor.ts";

/** A number that says how good the predictions of a batch are, such as `train.accuracy`. */
export type Metric = (prediction: Tensor, labels: Tensor) => number;
export type Metrics = Readonly<Record<string, Metric>>;

/** Means of metrics over batches, each batch weighed by its examples. */
export class MetricMeans {
  readonly #metrics: Metrics;
  /** Of each metric times the examples of its batch. */
  readonly sums: Record<string, number>;
  examples: number;

  /** @param sums those of `examples` that were added before */
  constructor(metrics: Metrics, sums: Readonly<Record<string, number>> = {}, examples = 0) {
    this.#metrics = metrics;
    this.sums = { ...sums };
    this.examples = examples;
  }

  /** What the metrics say about a batch; `add` takes it up once the batch counts. */
  of(prediction: Tensor, labels: Tensor): Record<string, number> {
    return Object.fromEntries(
      Object.entries(this.#metrics).map(([name, metric]) => [name, metric(prediction, labels)]),
    );
  }

  add(values: Readonly<Record<string, number>>, examples: number): void {
    for (const [name, value] of Object.entries(values))
      this.sums[name] = (this.sums[name] ?? 0) + value * examples;
    this.examples += examples;
  }

  /** Undefined where no metric was asked for. */
  means(): Record<string, number> | undefined {
    const entries = Object.entries(this.sums).map(([name, sum]) => [name, sum / this.examples] as const);
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }
}
