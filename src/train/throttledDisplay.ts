import { type DisplayHandle, host } from "../util/host.ts";

/** A page that is redrawn more often falls behind. */
const millisecondsBetween = 100;

/** Something shown that is drawn again as its subject changes, at most ten times a second, and once at the end. */
export class ThrottledDisplay {
  readonly #draw: () => unknown;
  readonly #handle: DisplayHandle;
  #drawnAt: number;

  constructor(draw: () => unknown) {
    this.#draw = draw;
    this.#handle = host.display(draw());
    this.#drawnAt = performance.now();
  }

  /** Draw again, unless that was done a moment ago. */
  refresh(): void {
    if (performance.now() - this.#drawnAt >= millisecondsBetween) this.finish();
  }

  /** Draw the last state. */
  finish(): void {
    this.#handle.update(this.#draw());
    this.#drawnAt = performance.now();
  }
}
