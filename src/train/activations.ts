import { Flatten } from "../nn/index.ts";
import { inEvaluation, observeForward } from "../nn/observe.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Callback } from "./callback.ts";
import { forward } from "./forward.ts";
import type { Histogram, History, LayerActivations } from "./history.ts";
import { checkCount } from "./monitor.ts";
import type { Training } from "./training.ts";
import { histogramOf } from "./weightHistograms.ts";

export interface ActivationsOptions {
  /** Bins between the least and the greatest output. Default 40. */
  readonly bins?: number;
  /** Record each so many epochs. Default 1. */
  readonly every?: number;
}

/**
 * Record how the outputs of each layer are spread over some examples, before training and after each epoch, into
 * `history.activations`, with the fraction of its units that answer 0 to all of them: behind a ReLU such units are dead.
 *
 * A unit is a place on the last axis: a neuron of `Linear`, a channel of `Conv2d`. Layers inside others count on their
 * own, those around them do not; a layer's name is its path in the model and its kind. The model is in evaluation mode for it, and nothing of it changes.
 *
 * @param inputs the examples, always the same: `[N, …]`, as the model takes them; 100 are plenty
 * @param options.bins default 40
 * @param options.every record each so many epochs, default 1
 * @throws RangeError unless both are integers >= 1
 * @example
 * const { inputs } = heldOut.batch([0, 1, 2, 3, 4]);
 * const history = await train.fit(model, { …, callbacks: [train.activations(inputs)] });
 * history.activations.at(-1).dead["1 ReLU"]; // 0.25: a quarter of that layer
 */
export function activations(inputs: Tensor, options: ActivationsOptions = {}): Callback {
  const { bins = 40, every = 1 } = options;
  if (!(inputs instanceof Tensor))
    throw new TypeError(
      "activations: the first argument is a tensor of examples, such as heldOut.batch([0, 1, 2]).inputs",
    );
  checkCount("activations", "bins", bins);
  checkCount("activations", "every", every);
  const record = (history: History, { parts: { model } }: Training): void => {
    const epoch = history.epochs.length;
    if (epoch % every !== 0) return;
    const inner = new Set(
      model
        .namedModules()
        .filter(([, module]) => module.namedModules().length === 1)
        .map(([path]) => path),
    );
    const histograms: Record<string, Histogram> = {};
    const dead: Record<string, number> = {};
    const observe = (path: string, module: object, _inputs: unknown, output: unknown): void => {
      const answer = output instanceof Tensor ? output : (output as { output?: unknown } | null)?.output;
      // To flatten changes no number.
      if (!inner.has(path) || module instanceof Flatten || !(answer instanceof Tensor)) return;
      const name = `${path} ${module.constructor.name}`.trim();
      histograms[name] = histogramOf(answer.raw.data, bins);
      dead[name] = deadFraction(answer.raw.data, answer.size(-1));
    };
    inEvaluation(model, () =>
      Tensor.noGrad(() =>
        Tensor.scope(() => void observeForward(model, observe, () => forward(model, inputs, {}))),
      ),
    );
    history.activations.push({
      epoch,
      steps: history.stepLosses.length,
      histograms,
      dead,
    } satisfies LayerActivations);
  };
  return {
    onStart(history, training) {
      // A training that was resumed began before.
      if (history.stepLosses.length === 0) record(history, training);
    },
    onEpoch: record,
  };
}

function deadFraction(outputs: ArrayLike<number>, units: number): number {
  const alive = new Uint8Array(units);
  for (let index = 0; index < outputs.length; index++) if (outputs[index] !== 0) alive[index % units] = 1;
  return alive.reduce((dead, answers) => dead + (answers ? 0 : 1), 0) / units;
}
