import type { Module } from "../nn/index.ts";
import { Tensor } from "../tensor/tensor.ts";

/** What a batch brings beside its inputs. */
export interface ForwardOptions {
  /** Steps of each sequence, `[n]`, where they lie side by side. */
  readonly lengths?: Tensor | undefined;
  /** The state that the window before ended in. */
  readonly state?: unknown;
}

/** What a model made of a batch: its prediction, and the state it ended in, where it is recurrent. */
export interface Forward {
  readonly prediction: Tensor;
  readonly state: unknown;
}

/**
 * Run a model: `forward(inputs)`, or `forward(inputs, { lengths, state })` where there is something to say. It answers its
 * prediction, or `{ output, state }`, as recurrent layers do.
 * @throws TypeError if it answers something else
 */
export function forward(model: Module, inputs: Tensor, options: ForwardOptions = {}): Forward {
  const { lengths, state } = options;
  const given = { ...(lengths && { lengths }), ...(state !== undefined && { state }) };
  const answer: unknown =
    Object.keys(given).length > 0 ? model.forward(inputs, given) : model.forward(inputs);
  if (answer instanceof Tensor) return { prediction: answer, state: undefined };
  const recurrence = answer as { output?: unknown; state?: unknown } | null | undefined;
  if (recurrence?.output instanceof Tensor) return { prediction: recurrence.output, state: recurrence.state };
  throw new TypeError(
    `${model.constructor.name}.forward must return a tensor, or { output, state } as nn.LSTM does, got ` +
      (answer === null ? "null" : typeof answer),
  );
}
