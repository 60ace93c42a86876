import { host } from "../util/host.ts";
import type { RunStatus } from "./events.ts";
import { unfinished } from "./unfinished.ts";

type Ending = Exclude<RunStatus, "running" | "crashed">;

/** What happens to a run in its life. */
interface Living {
  readonly id: string;
  readonly name: string;
  /** Write how it ended. */
  onEnd(status: Ending, reason: string | undefined): void;
  /** Its cell has ended, whether or not the run had before. */
  onCellEnd(): void;
  /** A later cell goes on with it. */
  onReturn(): void;
}

/** From a run's begin to its end: by a call of `finish`, with its cell, or with its process. */
export class RunLife {
  readonly #run: Living;
  #status: RunStatus = "running";
  /** Ended with its cell, not by a call of `finish`: a later cell may go on with it. */
  #endedByCell = false;

  constructor(run: Living) {
    this.#run = run;
  }

  get status(): RunStatus {
    return this.#status;
  }

  /** From now on its cell and its process end it. */
  begin(): void {
    unfinished.add(this);
    host.whenCellEnds((how, reason) => {
      if (this.#status === "running") {
        this.#end(how, reason);
        this.#endedByCell = true;
      }
      this.#run.onCellEnd();
    });
  }

  finish(status: Ending = "finished", reason?: string): void {
    this.#endedByCell = false;
    if (this.#status === "running") this.#end(status, reason);
  }

  /**
   * Go on, with one whose cell has ended too.
   * @param method of the run, which was called
   * @throws Error if it has finished
   */
  goOn(method: string): void {
    if (this.#status === "running") return;
    const { id, name } = this.#run;
    if (!this.#endedByCell)
      throw new Error(
        `run.${method}: run "${name}" has ended (${this.#status}); go on with it by track.resume("${id}")`,
      );
    this.#status = "running";
    this.#endedByCell = false;
    this.#run.onReturn();
  }

  #end(status: Ending, reason: string | undefined): void {
    this.#run.onEnd(status, reason);
    this.#status = status;
    unfinished.delete(this);
  }
}
