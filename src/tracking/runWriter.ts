import { utimesSync } from "node:fs";
import { join } from "node:path";
// Not the global ones, which an interrupt of a cell clears.
import { clearInterval, setInterval } from "node:timers";
import { monotonicFactory } from "ulid";
import { filesRead } from "../data/filesRead.ts";
import { eventsFile, type RunEvent } from "./events.ts";
import { LineFile } from "./lineFile.ts";
import { metricLine, type MetricRecord } from "./metricLines.ts";
import type { RunHistogram } from "./storedRun.ts";
import { heartbeatMilliseconds } from "./writerProcess.ts";

const ulid = monotonicFactory();

/** The files of one of a run's writers, which nobody else writes to. What goes wrong is told to `onTrouble`. */
export class RunWriter {
  readonly #id: string = ulid();
  readonly #folder: string;
  readonly #onTrouble: (error: Error) => void;
  readonly #events: LineFile<RunEvent>;
  readonly #metrics: LineFile<MetricRecord>;
  readonly #histograms: LineFile<RunHistogram>;
  /** SHA-256 of the data files that the run's record tells of. */
  datasets: Readonly<Record<string, string>> = {};
  #ended = false;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(folder: string, onTrouble: (error: Error) => void) {
    const file = (kind: string): string => join(folder, `${kind}.${this.#id}.jsonl`);
    this.#folder = folder;
    this.#onTrouble = onTrouble;
    this.#events = new LineFile(join(folder, this.eventsFile), onTrouble);
    this.#metrics = new LineFile(file("metrics"), onTrouble, metricLine);
    this.#histograms = new LineFile(file("histograms"), onTrouble);
  }

  get eventsFile(): string {
    return eventsFile(this.#id);
  }

  /** Show other machines from now on, by touching a file, that it lives. */
  live(): void {
    this.#ended = false;
    const path = join(this.#folder, this.eventsFile);
    const touch = (): void => {
      try {
        utimesSync(path, new Date(), new Date());
      } catch (error) {
        this.#onTrouble(error as Error);
      }
    };
    this.#heartbeat = setInterval(touch, heartbeatMilliseconds).unref();
  }

  metrics(record: MetricRecord): void {
    this.#metrics.append(record);
  }

  histogram(histogram: RunHistogram): void {
    this.#histograms.append(histogram);
  }

  /** Written at once: it is rare, and others may wait for it. */
  event(event: Omit<RunEvent, "time">): void {
    this.#events.append({ time: Date.now(), ...event });
    // What comes after its end, such as weights that took so long to write, must not hold the file open.
    if (this.#ended) this.#events.close();
    else this.#events.flush();
  }

  /** Write the checksums of data files that were read since. */
  noteDatasets(): void {
    const datasets = filesRead();
    const fresh = Object.entries(datasets).filter(([name, sum]) => this.datasets[name] !== sum);
    if (fresh.length > 0) this.event({ datasets: Object.fromEntries(fresh) });
    this.datasets = datasets;
  }

  /** Write how it ended, after everything else, and let go of the files. */
  end(status: NonNullable<RunEvent["status"]>, reason?: string): void {
    for (const file of [this.#metrics, this.#histograms]) file.close();
    const lost = this.#metrics.lost + this.#histograms.lost;
    this.#ended = true;
    this.event({ status, ...(reason !== undefined && { reason }), ...(lost > 0 && { lost }) });
    clearInterval(this.#heartbeat);
  }
}
