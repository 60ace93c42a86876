import { type Displayable, type DisplayHandle, host, jupyterDisplay, type MimeBundle } from "../util/host.ts";

/** A page that is redrawn more often falls behind. */
const millisecondsBetween = 100;

/** A line that says how far a download has got. */
export class DownloadProgress {
  readonly #name: string;
  readonly #size: number;
  readonly #handle: DisplayHandle;
  #received = 0;
  #drawnAt = 0;

  constructor(name: string, size: number) {
    this.#name = name;
    this.#size = size;
    this.#handle = host.display(this.#line("connecting"));
  }

  update(received: number): void {
    this.#received = received;
    if (performance.now() - this.#drawnAt < millisecondsBetween) return;
    this.#drawnAt = performance.now();
    this.#handle.update(this.#line("downloading"));
  }

  finish(outcome: string): void {
    this.#handle.update(this.#line(outcome));
  }

  #line(state: string): Displayable {
    const percent = Math.floor((100 * this.#received) / this.#size);
    const text = `${this.#name} · ${state} · ${megabytes(this.#received)} of ${megabytes(this.#size)} MB, ${percent} %`;
    return { [jupyterDisplay]: (): MimeBundle => ({ "text/plain": text }) };
  }
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
