import type { History } from "./history.ts";
import type { Training } from "./training.ts";

/**
 * What happens beside the training. Every hook is given the history so far and the training it belongs to, whose
 * `parts` hold model, optimizer, data and loss; in a race one callback serves all trainings in turn.
 */
export interface Callback {
  /** Before the first step. */
  onStart?(history: History, training: Training): void | Promise<void>;
  /** After each step; the gradients of that step are still in the parameters' `.grad`. */
  onStep?(history: History, training: Training): void;
  /** After each epoch; `"stop"` ends the training. */
  onEpoch?(history: History, training: Training): "stop" | void | Promise<"stop" | void>;
  /** After the last, however it ended: `history.status` says how. */
  onEnd?(history: History, training: Training): void | Promise<void>;
}
