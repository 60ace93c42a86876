import { appendFileSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { monotonicFactory } from "ulid";
import type { Histogram } from "../train/index.ts";
import { type Displayable, jupyterDisplay, type MimeBundle } from "../util/host.ts";
import { type ArtifactRecord, filesBelow, nameOf } from "./artifactRecord.ts";
import {
  artifactsOf,
  eventsFile,
  readProgress,
  type RunEvent,
  type RunProgress,
  type RunStatus,
  type RunText,
} from "./events.ts";
import { parseLines } from "./lines.ts";
import type { Curve, MetricSummary } from "./metricColumns.ts";
import { checkedParameters, flattened } from "./parameters.ts";
import { isMissing, type Parameters, readRecord, type Repository, type RunRecord } from "./runRecord.ts";
import { runFigure } from "./runFigure.ts";
import { readMetrics, type StoredMetrics } from "./storedMetrics.ts";

/** A histogram that was logged. */
export interface RunHistogram extends Histogram {
  readonly name: string;
  readonly step: number;
  readonly time: number;
}

/** A file that belongs to a run. */
export interface RunArtifact {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of what was kept, as the run's record tells; undefined until the run has ended for a file that was written by others. */
  readonly sha256: string | undefined;
}

const ulid = monotonicFactory();

/** A run as its files tell, at the moment it was read; `track.open(id)` reads it again. */
export class StoredRun implements Displayable {
  readonly id: string;
  readonly folder: string;
  readonly name: string;
  readonly started: Date;
  readonly status: RunStatus;
  /** Why it failed, where that is known. */
  readonly reason: string | undefined;
  /** Seconds from its start to its end, to now while it runs, or to its last sign of life. */
  readonly duration: number;
  readonly params: Parameters;
  readonly tags: readonly string[];
  readonly notes: string;
  readonly texts: readonly RunText[];
  readonly seed: number;
  readonly git: Repository | null;
  readonly versions: Readonly<Record<string, string>>;
  /** SHA-256 of the files that data came from. */
  readonly datasets: Readonly<Record<string, string>>;
  /** Lines that could not be written, as on a full disk. */
  readonly lost: number;
  readonly #files: readonly string[];
  readonly #artifacts: ReadonlyMap<string, ArtifactRecord>;
  #metrics: StoredMetrics | undefined;

  /** Use `track.open`. */
  constructor(folder: string, record: RunRecord, files: readonly string[], progress: RunProgress) {
    const { events, status, reason, until, lost } = progress;
    this.folder = folder;
    this.#files = files;
    this.#artifacts = artifactsOf(events);
    ({ id: this.id, name: this.name, seed: this.seed, git: this.git, versions: this.versions } = record);
    this.started = new Date(record.started);
    this.status = status;
    this.reason = reason;
    this.duration = Math.max(0, until - this.started.getTime()) / 1000;
    this.lost = lost;
    this.params = Object.assign({}, record.params, ...events.map(({ params }) => params)) as Parameters;
    this.tags = [...new Set([...record.tags, ...events.flatMap(({ tags }) => tags ?? [])])];
    this.notes = events.findLast(({ notes }) => notes !== undefined)?.notes ?? record.notes;
    this.texts = events.flatMap(({ text }) => text ?? []);
    this.datasets = Object.assign({}, record.datasets, ...events.map(({ datasets }) => datasets)) as Record<
      string,
      string
    >;
  }

  /** Parameters side by side: `{ "optimizer.learningRate": 0.01 }`. */
  get flatParams(): Readonly<Record<string, string | number | boolean | null>> {
    return flattened(this.params);
  }

  /** Last value, least and greatest of each metric, by its name. */
  get metrics(): Readonly<Record<string, MetricSummary>> {
    return Object.fromEntries(this.#read().summaries);
  }

  /**
   * The values of a metric over the steps.
   * @example
   * const { steps, values } = track.open(id).curve("loss");
   */
  curve(metric: string): Curve {
    return this.#read().curve(metric);
  }

  /** All histograms, in the order of steps. */
  histograms(): RunHistogram[] {
    const files = this.#files.filter((name) => /^histograms\.\w+\.jsonl$/.test(name));
    const lines = files.flatMap((name) => parseLines(readFileSync(join(this.folder, name))));
    return (lines as unknown as RunHistogram[]).toSorted((a, b) => a.step - b.step || a.time - b.time);
  }

  /** The files that were kept with it, by their names. */
  artifacts(): RunArtifact[] {
    const root = join(this.folder, "artifacts");
    return filesBelow(root)
      .map((path) => {
        const name = nameOf(root, path);
        return { name, path, bytes: statSync(path).size, sha256: this.#artifacts.get(name)?.sha256 };
      })
      .toSorted((a, b) => a.name.localeCompare(b.name));
  }

  /** How files differed from the commit; empty where they did not, or outside a repository. */
  diff(): string {
    return this.git?.diff === undefined ? "" : readFileSync(join(this.folder, this.git.diff), "utf8");
  }

  /**
   * Add tags, parameters or notes afterwards, also while the run is going on.
   * @throws TypeError if a parameter cannot be written as JSON
   * @example
   * track.open(id).annotate({ tags: ["best"], notes: "the one in the report" });
   */
  annotate(
    change: Pick<RunEvent, "tags" | "notes"> & { readonly params?: Readonly<Record<string, unknown>> },
  ): void {
    const { params, ...rest } = change;
    const event: RunEvent = {
      time: Date.now(),
      ...rest,
      ...(params && { params: checkedParameters("annotate", params) }),
    };
    // A file of its own, as every writer has: it disturbs nobody.
    appendFileSync(join(this.folder, eventsFile(ulid())), `${JSON.stringify(event)}\n`);
  }

  toString(): string {
    const params = Object.entries(this.flatParams).map(([name, value]) => `${name} ${value}`);
    const metrics = Object.entries(this.metrics).map(
      ([name, { last, min, max }]) => `${name} ${short(last)} (${short(min)} … ${short(max)})`,
    );
    return [
      `Run "${this.name}" ${this.id}: ${this.status}, ${this.duration.toFixed(1)} s`,
      ...(this.reason === undefined ? [] : [`  because ${this.reason}`]),
      ...(this.tags.length > 0 ? [`  tags     ${this.tags.join(", ")}`] : []),
      ...(params.length > 0 ? [`  params   ${params.join(", ")}`] : []),
      ...(metrics.length > 0 ? [`  metrics  ${metrics.join(", ")}`] : []),
    ].join("\n");
  }

  [jupyterDisplay](): MimeBundle {
    const names = Object.keys(this.metrics);
    if (names.length === 0) return { "text/plain": this.toString() };
    const curves = names.map((metric) => ({ metric, ...this.curve(metric) }));
    return runFigure(this.name, curves, this.toString(), this)[jupyterDisplay]();
  }

  #read(): StoredMetrics {
    const cache = join(dirname(this.folder), ".cache", `${this.id}.columns`);
    return (this.#metrics ??= readMetrics(this.folder, this.#files, cache));
  }
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** @returns undefined where there is no run in the folder */
export function readRun(folder: string): StoredRun | undefined {
  const record = readRecord(folder);
  if (!record) return undefined;
  try {
    const files = readdirSync(folder);
    return new StoredRun(folder, record, files, readProgress(folder, files));
  } catch (error) {
    // It is being deleted.
    if (isMissing(error)) return undefined;
    throw error;
  }
}
