import {
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { clearInterval, setInterval } from "node:timers";
import { basename, dirname, isAbsolute, join, normalize, relative } from "node:path";
import { monotonicFactory } from "ulid";
import { filesRead } from "../data/filesRead.ts";
import { sessionSeed } from "../random/default.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Module } from "../nn/index.ts";
import type { Callback, Histogram, Tracker, Training } from "../train/index.ts";
import { histogramOf } from "../train/weightHistograms.ts";
import { type Displayable, jupyterDisplay, type MimeBundle } from "../util/host.ts";
import { eventsFile, type RunEvent, type RunStatus } from "./events.ts";
import { LineFile } from "./lineFile.ts";
import { checkedParameters, kindOf } from "./parameters.ts";
import { repositoryState } from "./repository.ts";
import { recordTrainings } from "./recordTraining.ts";
import { recordFile, type RunRecord } from "./runRecord.ts";
import { runsFolder } from "./runsFolder.ts";
import { tellOnce } from "./trouble.ts";
import { versions } from "./versions.ts";
import { heartbeatMilliseconds, ownProcess } from "./writerProcess.ts";

export interface RunOptions {
  /** What was chosen for this run, to find and compare it by: `{ learningRate: 0.01, layers: [64, 32] }`. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
  readonly notes?: string;
  /** Where runs are kept. Default: `GRADBOOK_RUNS`, or `runs` in the working directory. */
  readonly folder?: string;
}

export interface StepOptions {
  /** Where on the axis. Default: one after this writer's last. */
  readonly step?: number;
}

const ulid = monotonicFactory();
const unfinished = new Set<Run>();

// A process that ends well has finished its runs; one that is killed does not come here.
process.on("exit", (code) => {
  for (const run of unfinished)
    if (code === 0) run.finish();
    else run.finish("failed", `its process ended with exit code ${code}`);
});

/**
 * Start a run: a record of an experiment that survives the process, in a folder of its own.
 *
 * It keeps parameters, tags, notes, the seed, the git commit with what was changed since, versions and the checksums of
 * data files; `log` adds numbers. Any number of runs, processes and threads may record at once. A disk that is full or
 * read-only is told once, and the training goes on.
 *
 * @param name what the run is called in tables and legends; several may share a name
 * @throws TypeError if a parameter cannot be written as JSON
 * @example
 * const run = track.run("digits", { params: { learningRate: 0.01 }, tags: ["baseline"] });
 * for (let step = 1; step <= 100; step++) run.log({ loss: 1 / step }, { step });
 * run.finish();
 */
export function run(name: string, options: RunOptions = {}): Run {
  const { params = {}, tags = [], notes = "", folder } = options;
  if (typeof name !== "string" || name === "")
    throw new TypeError(`track.run: the first argument is the run's name, got ${kindOf(name)}`);
  const id = ulid();
  const record: RunRecord = {
    id,
    name,
    started: new Date().toISOString(),
    params: checkedParameters("track.run", params),
    tags: checkedTags("track.run", tags),
    notes: String(notes),
    seed: sessionSeed(),
    git: null,
    versions: versions(),
    datasets: filesRead(),
    directory: process.cwd(),
  };
  const started = new Run(id, name, join(runsFolder(folder), id), 0);
  started.begin(record);
  return started;
}

/** A run being recorded by this process: one of its writers, if there are several. */
export class Run implements Displayable, Tracker {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly #writer: string = ulid();
  readonly #events: LineFile;
  readonly #metrics: LineFile;
  readonly #histograms: LineFile;
  readonly #keys = new Map<string, string>();
  #heartbeat: NodeJS.Timeout | undefined;
  #datasets: Readonly<Record<string, string>> = {};
  #step: number;
  #status: RunStatus = "running";
  #kept = true;

  /** Use `track.run` or `track.resume`. */
  constructor(id: string, name: string, folder: string, lastStep: number) {
    this.id = id;
    this.name = name;
    this.folder = folder;
    this.#step = lastStep;
    const file = (kind: string): LineFile =>
      new LineFile(join(folder, `${kind}.${this.#writer}.jsonl`), this.#tell);
    this.#events = file("events");
    this.#metrics = file("metrics");
    this.#histograms = file("histograms");
  }

  get status(): RunStatus {
    return this.#status;
  }

  /** Whether anything of it can be kept: its folder could be made. */
  get kept(): boolean {
    return this.#kept;
  }

  /** The last step that was logged here. */
  get step(): number {
    return this.#step;
  }

  /**
   * Make the folder, whole or not at all: it takes its name when the record and this writer are in it.
   * @internal
   */
  begin(record: RunRecord): void {
    const temporary = join(dirname(this.folder), `.${this.id}.tmp`);
    const first: RunEvent = { time: Date.now(), writer: ownProcess() };
    this.#datasets = record.datasets;
    try {
      mkdirSync(temporary, { recursive: true });
      writeFileSync(join(temporary, recordFile), JSON.stringify(record, null, 1));
      writeFileSync(join(temporary, eventsFile(this.#writer)), `${JSON.stringify(first)}\n`);
      renameSync(temporary, this.folder);
    } catch (error) {
      this.#kept = false;
      this.#tell(error as Error);
      rmSync(temporary, { recursive: true, force: true });
      return;
    }
    this.#live();
    void this.#addRepository(record);
  }

  /**
   * Write on to a run that is there.
   * @internal
   */
  join(): void {
    this.#event({ writer: ownProcess() });
    this.#live();
  }

  /**
   * Keep numbers of one step, as one line.
   *
   * @param values by name, such as `{ loss: 0.31, accuracy: 0.9 }`; NaN and infinities are kept as such
   * @param options.step a number; default one after the last
   * @throws TypeError if a value is not a number, or a name is `step` or `time`
   * @throws Error if the run has finished
   * @example
   * run.log({ loss, accuracy }, { step });
   */
  log(values: Readonly<Record<string, number>>, options: StepOptions = {}): void {
    const step = this.#nextStep("log", options);
    let line = `{"step":${step},"time":${Date.now()}`;
    for (const name in values) {
      const value = values[name];
      if (typeof value !== "number") throw notANumber(name, value);
      line += this.#key(name) + (Number.isFinite(value) ? value : `"${value}"`);
    }
    this.#step = step;
    this.#metrics.append(`${line}}`);
  }

  /**
   * Keep how numbers are spread.
   * @param values numbers, a tensor, or a histogram as `train.weightHistograms` makes them
   * @param options.bins default 40
   * @example
   * run.histogram("weights", model.parameters()[0], { step });
   */
  histogram(
    name: string,
    values: Tensor | ArrayLike<number> | Histogram,
    options: StepOptions & { readonly bins?: number } = {},
  ): void {
    const { bins = 40 } = options;
    const step = this.#nextStep("histogram", { step: options.step ?? this.#step });
    const { low, high, counts } = isHistogram(values)
      ? values
      : histogramOf("data" in values ? values.data : values, bins);
    this.#histograms.append(JSON.stringify({ step, time: Date.now(), name, low, high, counts }));
  }

  /** Keep a text, such as what a model generated. */
  text(name: string, text: string, options: StepOptions = {}): void {
    const step = this.#nextStep("text", { step: options.step ?? this.#step });
    this.#event({ text: { name, text, step } });
  }

  /** Replace the notes. */
  note(notes: string): void {
    this.#open("note");
    this.#event({ notes });
  }

  /** Add tags. */
  tag(...tags: string[]): void {
    this.#open("tag");
    this.#event({ tags: checkedTags("run.tag", tags) });
  }

  /** Add parameters, or replace them. @throws TypeError if one cannot be written as JSON */
  addParams(params: Readonly<Record<string, unknown>>): void {
    this.#open("addParams");
    this.#event({ params: checkedParameters("run.addParams", params) });
  }

  /**
   * Keep a file or folder with the run: a copy of it, or contents that are at hand.
   *
   * @param path of the file, or with `contents` the name that they get
   * @param options.name what it is called in the run; default the file's own name
   * @returns where it is kept
   * @throws Error if there is no such file
   * @example
   * run.artifact("confusion.png");
   * run.artifact("sample.txt", { contents: "Once upon a time" });
   */
  artifact(
    path: string,
    options: { readonly name?: string; readonly contents?: string | Uint8Array } = {},
  ): string {
    this.#open("artifact");
    const { contents, name = contents === undefined ? basename(path) : path } = options;
    const target = this.artifactPath(name);
    if (contents === undefined) statSync(path);
    try {
      if (contents === undefined) cpSync(path, target, { recursive: true });
      else writeFileSync(target, contents);
    } catch (error) {
      this.#tell(error as Error);
    }
    return target;
  }

  /**
   * Keep a model's weights as an artifact; `model.load(path)` takes them back.
   * @returns where they are kept
   */
  async keepWeights(name: string, model: Module): Promise<string> {
    const target = this.artifactPath(name);
    try {
      if (this.#kept && existsSync(this.folder)) await model.save(target);
    } catch (error) {
      this.#tell(error as Error);
    }
    return target;
  }

  /** Follow trainings, as `train.fit({ track: run })` asks for. */
  follow(trainings: readonly Training[], settings: Readonly<Record<string, unknown>>): Callback {
    this.#open("follow");
    return recordTrainings(trainings, settings, () => this, false);
  }

  /** Where an artifact of this name lies, for whoever writes it: `train.checkpoint(run.artifactPath("best.safetensors"))`. */
  artifactPath(name: string): string {
    const inside = normalize(name);
    if (isAbsolute(inside) || inside.startsWith("..") || inside === ".")
      throw new RangeError(
        `run.artifact: the name ${JSON.stringify(name)} leads out of the run's folder; give { name: "…" }`,
      );
    const target = join(this.folder, "artifacts", inside);
    try {
      // Not recursive from above: a run that was deleted stays deleted.
      statSync(this.folder);
      mkdirSync(dirname(target), { recursive: true });
    } catch (error) {
      this.#tell(error as Error);
    }
    return target;
  }

  /**
   * End the run; what is logged afterwards is an error. A process that ends does this for the runs it has begun.
   * @param status default "finished"
   * @param reason why it failed, in words
   */
  finish(status: "finished" | "interrupted" | "failed" = "finished", reason?: string): void {
    if (this.#status !== "running") return;
    this.noteDatasets();
    const lost = this.#metrics.lost + this.#histograms.lost;
    this.#event({ status, ...(reason !== undefined && { reason }), ...(lost > 0 && { lost }) });
    this.#status = status;
    clearInterval(this.#heartbeat);
    unfinished.delete(this);
    for (const file of [this.#events, this.#metrics, this.#histograms]) file.close();
  }

  /** End it as `using run = …` goes out of scope. */
  [Symbol.dispose](): void {
    this.finish();
  }

  /** Keep the checksums of data files that were read since it began. */
  noteDatasets(): void {
    const datasets = filesRead();
    const fresh = Object.entries(datasets).filter(([name, sum]) => this.#datasets[name] !== sum);
    if (fresh.length > 0) this.#event({ datasets: Object.fromEntries(fresh) });
    this.#datasets = datasets;
  }

  toString(): string {
    return `Run "${this.name}" ${this.id}: ${this.#status}, step ${this.#step}, in ${relative(process.cwd(), this.folder) || "."}`;
  }

  [jupyterDisplay](): MimeBundle {
    return { "text/plain": this.toString() };
  }

  #live(): void {
    unfinished.add(this);
    const path = join(this.folder, eventsFile(this.#writer));
    this.#heartbeat = setInterval(() => {
      try {
        utimesSync(path, new Date(), new Date());
      } catch (error) {
        this.#tell(error as Error);
      }
    }, heartbeatMilliseconds).unref();
  }

  async #addRepository(record: RunRecord): Promise<void> {
    const state = await repositoryState(record.directory);
    if (!state) return;
    const { repository, diff } = state;
    try {
      // Beside the record: a list of runs reads every record, and a difference may be long.
      if (diff !== "") writeFileSync(join(this.folder, "changes.diff"), diff);
      const git = { ...repository, ...(diff !== "" && { diff: "changes.diff" }) };
      const temporary = join(this.folder, `.${recordFile}.tmp`);
      writeFileSync(temporary, JSON.stringify({ ...record, git }, null, 1));
      renameSync(temporary, join(this.folder, recordFile));
    } catch (error) {
      // A run that is over may have been deleted, and one whose folder is gone is told of when it logs.
      if (existsSync(this.folder)) this.#tell(error as Error);
    }
  }

  #event(event: Omit<RunEvent, "time">): void {
    this.#events.append(JSON.stringify({ time: Date.now(), ...event }));
  }

  #nextStep(method: string, { step = this.#step + 1 }: StepOptions): number {
    this.#open(method);
    if (!Number.isFinite(step))
      throw new TypeError(`run.${method}: step must be a finite number, got ${kindOf(step)}`);
    return step;
  }

  #open(method: string): void {
    if (this.#status === "running") return;
    throw new Error(
      `run.${method}: run "${this.name}" has ended (${this.#status}); go on with it by track.resume("${this.id}")`,
    );
  }

  /** `,"name":`, which is checked and quoted once. */
  #key(name: string): string {
    let key = this.#keys.get(name);
    if (key === undefined) {
      if (name === "step" || name === "time")
        throw new TypeError(
          `run.log: "${name}" is what each line has already; ${name === "step" ? "give it as { step }" : "choose another name"}`,
        );
      key = `,${JSON.stringify(name)}:`;
      this.#keys.set(name, key);
    }
    return key;
  }

  #tell = (error: Error): void => tellOnce(this, error);
}

const isHistogram = (value: object): value is Histogram => "counts" in value && "low" in value;

function notANumber(name: string, value: unknown): TypeError {
  const hint =
    typeof value === "object" && value && "item" in value
      ? "; a scalar tensor gives its number with .item()"
      : "";
  return new TypeError(`run.log: "${name}" must be a number, got ${kindOf(value)}${hint}`);
}

function checkedTags(operation: string, tags: readonly string[]): readonly string[] {
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === "string"))
    throw new TypeError(`${operation}: tags must be texts, such as ["baseline"], got ${kindOf(tags)}`);
  return tags;
}
