import type { StateDict } from "../nn/index.ts";
import type { History } from "./history.ts";
import type { Training } from "./training.ts";

/** What a callback remembers of a training: values that survive JSON, and arrays by name. */
export interface CallbackState {
  readonly values: unknown;
  readonly arrays?: StateDict | undefined;
}

/**
 * What happens beside the training. Every hook is given the history so far and the training it belongs to, whose
 * `parts` hold model, optimizer, data and loss; in a race one callback serves all trainings in turn.
 */
export interface Callback {
  /** Before the first step. */
  onStart?(history: History, training: Training): void | Promise<void>;
  /** After each step; the gradients of that step are still in the parameters' `.grad`. */
  onStep?(history: History, training: Training): void | Promise<void>;
  /** After each epoch; `"stop"` ends the training. */
  onEpoch?(history: History, training: Training): "stop" | void | Promise<"stop" | void>;
  /** After the last, however it ended, by an error too: `history.status` says how. */
  onEnd?(history: History, training: Training): void | Promise<void>;
  /** By which its state is found again in a checkpoint. */
  readonly name?: string;
  /** What it must remember of a training to go on with it in another process. */
  save?(history: History): CallbackState | undefined;
  /** Go on from what `save` gave, before `onStart`. */
  restore?(history: History, state: CallbackState): void;
  /** After the others, whatever its place in the list: it looks at what they came to. */
  readonly runsLast?: boolean;
}
