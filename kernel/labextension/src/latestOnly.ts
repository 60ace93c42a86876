/**
 * Calls `draw` with the latest value it was given: the first at once, later ones at most every `interval`
 * milliseconds. Values that a newer one overtakes are never drawn, so a page cannot fall behind.
 */
export class LatestOnly<Value> {
  readonly #draw: (value: Value) => Promise<void>;
  readonly #interval: number;
  #waiting: { value: Value } | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(interval: number, draw: (value: Value) => Promise<void>) {
    this.#interval = interval;
    this.#draw = draw;
  }

  /** Resolves when this value, or a later one, has been drawn. */
  push(value: Value): Promise<void> {
    this.#waiting = { value };
    return (this.#running ??= this.#run().finally(() => (this.#running = undefined)));
  }

  /** Draws nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#waiting = undefined;
  }

  async #run(): Promise<void> {
    while (this.#waiting && !this.#stopped) {
      const { value } = this.#waiting;
      this.#waiting = undefined;
      const pause = new Promise((resolve) => setTimeout(resolve, this.#interval));
      await this.#draw(value);
      await pause;
    }
  }
}
