import { keep } from "../backend/lifetime.ts";
import { detach, mapTensors } from "../nn/detach.ts";

/** The state of a recurrent model between two pieces of a sequence: outside the graph, and outside every scope. */
export class CarriedState {
  /** What the next piece starts from; undefined before the first. */
  state: unknown;
  readonly #caller: string;
  #next: unknown;

  /** @param caller whose error it is if the model has no state */
  constructor(caller: string) {
    this.#caller = caller;
  }

  /** What the piece under way ends in. */
  set next(state: unknown) {
    if (state === undefined)
      throw new TypeError(`${this.#caller}: model.forward must return { output, state }, as nn.LSTM does`);
    this.#dispose(this.#next);
    this.#next = mapTensors(detach(state), (tensor) => {
      keep(tensor.raw);
      return tensor;
    });
  }

  /** On to the next piece. */
  advance(): void {
    this.#dispose(this.state);
    this.state = this.#next;
    this.#next = undefined;
  }

  dispose(): void {
    this.advance();
    this.advance();
  }

  #dispose(state: unknown): void {
    mapTensors(state, (tensor) => {
      tensor.dispose();
      return tensor;
    });
  }
}
