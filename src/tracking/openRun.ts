import { readdirSync } from "node:fs";
import { basename, relative } from "node:path";
import type { Tensor } from "../tensor/tensor.ts";
import type { Module } from "../nn/index.ts";
import type { Callback, Histogram, Tracker, Training } from "../train/index.ts";
import { histogramOf } from "../train/weightHistograms.ts";
import { type Displayable, jupyterDisplay, type MimeBundle } from "../util/host.ts";
import { Artifacts } from "./artifacts.ts";
import { artifactsOf, readProgress, type RunStatus } from "./events.ts";
import { LiveCurves } from "./liveCurves.ts";
import { metricRecord } from "./metricLines.ts";
import { checkedParameters, checkedTags, kindOf } from "./parameters.ts";
import { recordTrainings } from "./recordTraining.ts";
import { RunLife } from "./runLife.ts";
import { addRepository, makeRunFolder } from "./runFolder.ts";
import type { RunRecord } from "./runRecord.ts";
import { RunWriter } from "./runWriter.ts";
import { readRun } from "./storedRun.ts";
import { tellOnce } from "./trouble.ts";
import { writeWaitingLines } from "./waitingFiles.ts";
import { ownProcess } from "./writerProcess.ts";

export interface StepOptions {
  /** Where on the axis. Default: one after this writer's last. */
  readonly step?: number;
}

/** A run being recorded by this process: one of its writers, if there are several. */
export class Run implements Displayable, Tracker {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly #writer: RunWriter;
  readonly #artifacts: Artifacts;
  readonly #curves: LiveCurves | undefined;
  readonly #life: RunLife;
  #step: number;
  #kept = true;

  /** Use `track.run` or `track.resume`. */
  constructor(id: string, name: string, folder: string, lastStep: number, live: boolean = false) {
    this.id = id;
    this.name = name;
    this.folder = folder;
    this.#step = lastStep;
    this.#writer = new RunWriter(folder, this.#tell);
    this.#artifacts = new Artifacts(folder, (artifacts) => this.#writer.event({ artifacts }), this.#tell);
    this.#curves = live ? new LiveCurves(this) : undefined;
    this.#life = new RunLife({
      id,
      name,
      onEnd: (status, reason) => this.#end(status, reason),
      onCellEnd: () => this.#curves?.end(),
      onReturn: () => this.join(),
    });
  }

  get status(): RunStatus {
    return this.#life.status;
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
    this.#writer.datasets = record.datasets;
    try {
      makeRunFolder(this.folder, record, this.#writer.eventsFile, { time: Date.now(), writer: ownProcess() });
    } catch (error) {
      this.#kept = false;
      this.#tell(error as Error);
      return;
    }
    this.#live();
    addRepository(this.folder, record).catch(this.#tell);
  }

  /**
   * Write on to a run that is there.
   * @internal
   */
  join(): void {
    this.#writer.event({ writer: ownProcess() });
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
    this.#writer.metrics(metricRecord(step, values));
    this.#step = step;
    this.#curves?.add(step, values);
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
    this.#writer.histogram({ step, time: Date.now(), name, low, high, counts });
  }

  /** Keep a text, such as what a model generated. */
  text(name: string, text: string, options: StepOptions = {}): void {
    const step = this.#nextStep("text", { step: options.step ?? this.#step });
    this.#writer.event({ text: { name, text, step } });
  }

  /** Replace the notes. */
  note(notes: string): void {
    this.#life.goOn("note");
    this.#writer.event({ notes });
  }

  /** Add tags. */
  tag(...tags: string[]): void {
    this.#life.goOn("tag");
    this.#writer.event({ tags: checkedTags("run.tag", tags) });
  }

  /** Add parameters, or replace them. @throws TypeError if one cannot be written as JSON */
  addParams(params: Readonly<Record<string, unknown>>): void {
    this.#life.goOn("addParams");
    this.#writer.event({ params: checkedParameters("run.addParams", params) });
  }

  /**
   * Keep a file or folder with the run: a copy of it, or contents that are at hand, and their SHA-256 in the run's record.
   * What had this name before is replaced.
   *
   * @param path of the file, or with `contents` the name that they get
   * @param options.name what it is called in the run; default the file's own name
   * @returns where it is kept
   * @throws Error if there is no such file
   * @throws RangeError if the name leads out of the run's folder, or a folder holds it
   * @example
   * run.artifact("confusion.png");
   * run.artifact("sample.txt", { contents: "Once upon a time" });
   */
  artifact(
    path: string,
    options: { readonly name?: string; readonly contents?: string | Uint8Array } = {},
  ): string {
    this.#life.goOn("artifact");
    const { contents, name = contents === undefined ? basename(path) : path } = options;
    return this.#artifacts.keep(path, name, contents);
  }

  /**
   * Keep a model's weights as an artifact; `model.load(path)` takes them back.
   * @returns where they are kept
   */
  keepWeights(name: string, model: Module): Promise<string> {
    return this.#artifacts.keepWeights(name, model);
  }

  /** Follow trainings, as `train.fit({ track: run })` asks for. */
  follow(trainings: readonly Training[], settings: Readonly<Record<string, unknown>>): Callback {
    this.#life.goOn("follow");
    return recordTrainings(trainings, settings, () => this, false);
  }

  /** Where an artifact of this name lies, for whoever writes it: `train.checkpoint(run.artifactPath("best.safetensors"))`. */
  artifactPath(name: string): string {
    return this.#artifacts.path(name);
  }

  /**
   * End the run; what is logged afterwards is an error. A process that ends does this for the runs it has begun.
   * @param status default "finished"
   * @param reason why it failed, in words
   */
  finish(status: "finished" | "interrupted" | "failed" = "finished", reason?: string): void {
    this.#life.finish(status, reason);
    this.#curves?.end();
  }

  /** End it as `using run = …` goes out of scope. */
  [Symbol.dispose](): void {
    this.finish();
  }

  /** Keep the checksums of data files that were read since it began. */
  noteDatasets(): void {
    this.#writer.noteDatasets();
  }

  toString(): string {
    return `Run "${this.name}" ${this.id}: ${this.status}, step ${this.#step}, in ${relative(process.cwd(), this.folder) || "."}`;
  }

  [jupyterDisplay](): MimeBundle {
    writeWaitingLines();
    const stored = this.#kept && readRun(this.folder);
    return stored ? stored[jupyterDisplay]() : { "text/plain": this.toString() };
  }

  #live(): void {
    this.#writer.live();
    this.#life.begin();
  }

  #end(status: "finished" | "interrupted" | "failed", reason: string | undefined): void {
    this.noteDatasets();
    this.#artifacts.noteOthers(() => artifactsOf(readProgress(this.folder, readdirSync(this.folder)).events));
    this.#writer.end(status, reason);
  }

  #nextStep(method: string, { step = this.#step + 1 }: StepOptions): number {
    this.#life.goOn(method);
    if (!Number.isFinite(step))
      throw new TypeError(`run.${method}: step must be a finite number, got ${kindOf(step)}`);
    return step;
  }

  #tell = (error: Error): void => tellOnce(this, error);
}

const isHistogram = (value: object): value is Histogram => "counts" in value && "low" in value;
