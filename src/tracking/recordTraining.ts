import { basename, relative } from "node:path";
import type { Module } from "../nn/index.ts";
import type { Callback, Histogram, History, Training } from "../train/index.ts";
import { gradientNormsOf } from "../train/gradientNorms.ts";
import { histogramsOf } from "../train/weightHistograms.ts";
import { dotted } from "../util/dotted.ts";
import { describeTraining } from "./describeTraining.ts";

const histogramBins = 40;

/** What is asked of a run. */
export interface Recorder {
  readonly id: string;
  readonly folder: string;
  readonly status: string;
  log(values: Readonly<Record<string, number>>, options: { readonly step: number }): void;
  histogram(name: string, values: Histogram, options: { readonly step: number }): void;
  artifact(path: string, options: { readonly name: string }): string;
  keepWeights(name: string, model: Module): Promise<string>;
  addParams(params: Readonly<Record<string, unknown>>): void;
  noteDatasets(): void;
  finish(status: "finished" | "interrupted" | "failed", reason?: string): void;
}

/** How far a history has been written down. */
interface Progress {
  readonly run: Recorder;
  /** Before the metrics' names, where several trainings share a run. */
  readonly prefix: string;
  histogramEpoch: number;
}

/**
 * What writes trainings into runs.
 * @param runOf the run of a training, begun when the training begins
 * @param own whether they end with their trainings
 */
export function recordTrainings(
  trainings: readonly Training[],
  settings: Readonly<Record<string, unknown>>,
  runOf: (training: Training) => Recorder,
  own: boolean,
): Callback {
  const progress = new Map<History, Progress>();
  const shared = !own && trainings.length > 1;

  const writeHistograms = (history: History, { parts: { model } }: Training, at: Progress): void => {
    const epoch = history.epochs.length;
    if (at.histogramEpoch === epoch) return;
    at.histogramEpoch = epoch;
    const latest = history.weightHistograms.at(-1);
    const histograms = latest?.epoch === epoch ? latest.histograms : histogramsOf(model, histogramBins);
    const step = history.stepLosses.length;
    for (const [name, histogram] of Object.entries(histograms))
      at.run.histogram(at.prefix + name, histogram, { step });
  };

  const keepCheckpoints = ({ checkpoints }: History, { run }: Progress): void => {
    for (const path of checkpoints)
      if (relative(run.folder, path).startsWith(".."))
        run.artifact(path, { name: `checkpoints/${basename(path)}` });
  };

  return {
    name: "track",
    runsLast: true,
    onStart(history, training) {
      const run = runOf(training);
      const prefix = shared ? `${training.name}.` : "";
      const at = { run, prefix, histogramEpoch: -1 };
      progress.set(history, at);
      history.run = run.id;
      const described = { ...settings, ...describeTraining(training.parts) };
      run.addParams(shared ? { [training.name]: described } : described);
      run.noteDatasets();
      writeHistograms(history, training, at);
    },
    onStep(history) {
      const { run, prefix } = progress.get(history)!;
      const step = history.stepLosses.length;
      const values: Record<string, number> = { [`${prefix}loss`]: history.stepLosses[step - 1] };
      const norms = history.gradientNorms[history.gradientNorms.length - 1];
      if (norms?.step === step) addNorms(values, prefix, norms);
      run.log(values, { step });
    },
    onEpoch(history, training) {
      const at = progress.get(history)!;
      const { run, prefix } = at;
      const record = history.epochs[history.epochs.length - 1];
      const { metrics = {}, validationMetrics = {} } = record;
      const values: Record<string, number | undefined> = {
        epoch: record.epoch,
        trainingLoss: record.loss,
        trainingAccuracy: record.accuracy,
        validationLoss: record.validationLoss,
        validationAccuracy: record.validationAccuracy,
        penalty: record.penalty,
        learningRate: record.learningRate,
        ...metrics,
        ...Object.fromEntries(
          Object.entries(validationMetrics).map(([name, value]) => [`validation.${name}`, value]),
        ),
      };
      const known: Record<string, number> = {};
      for (const [name, value] of Object.entries(values))
        if (value !== undefined) known[prefix + name] = value;
      const step = history.stepLosses.length;
      if (history.gradientNorms.at(-1)?.step !== step)
        addNorms(known, prefix, gradientNormsOf(training.parts.model));
      run.log(known, { step });
      writeHistograms(history, training, at);
    },
    async onEnd(history, training) {
      const at = progress.get(history)!;
      keepCheckpoints(history, at);
      const { run, prefix } = at;
      await run.keepWeights(`${prefix}model.safetensors`, training.parts.model);
      if (!own) return;
      const { status, failure } = history;
      if (status === "diverged" || status === "failed") run.finish("failed", failure);
      else run.finish(status === "interrupted" ? "interrupted" : "finished");
    },
  };
}

function addNorms(
  values: Record<string, number>,
  prefix: string,
  { norms, total }: ReturnType<typeof gradientNormsOf>,
): void {
  const title = `${prefix}gradientNorm`;
  values[title] = total;
  for (const name in norms) values[dotted(title, name)] = norms[name];
}
