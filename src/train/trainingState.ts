import type { StateDict } from "../nn/index.ts";
import { Generator, type GeneratorState } from "../random/index.ts";
import type { Callback, CallbackState } from "./callback.ts";
import type { HistoryState } from "./history.ts";
import type { EpochSums, Training } from "./training.ts";
import { isRestorable } from "./trial.ts";

/** All that a training goes on from, apart from what its program says: arrays by name, and the rest in plain data. */
export interface TrainingState {
  /** The model's under their own names; `optimizer/…` and `callbacks/…` hold those of the others. */
  readonly arrays: StateDict;
  readonly values: {
    readonly history: HistoryState;
    readonly sums: EpochSums;
    /** Null for batches that cannot say where they stand. */
    readonly loader: unknown;
    readonly randomness: GeneratorState;
    /** Generators of the model's own, by the path to them. */
    readonly generators: Readonly<Record<string, GeneratorState>>;
    readonly optimizer: { readonly method: string; readonly steps: number; readonly learningRate?: number };
    readonly callbacks: Readonly<Record<string, unknown>>;
  };
}

/** The callbacks of each training, in the order in which they run. */
const companions = new WeakMap<Training, readonly Callback[]>();

/** Count callbacks to the state of a training. */
export function accompany(training: Training, callbacks: readonly Callback[]): void {
  companions.set(training, callbacks);
}

/**
 * Between two batches, the state of everything that changes while it trains.
 * @throws TypeError in mid-epoch if its batches cannot say where they stand
 */
export function saveTraining(training: Training): TrainingState {
  const { history, sums, randomness, parts } = training;
  const { model, optimizer, data } = parts;
  const { arrays: memory, ...optimizerState } = optimizer.stateDict();
  const callbacks = callbackStates(training);
  if (sums.batches > 0 && !isRestorable(data))
    throw new TypeError(
      "checkpoint: in mid-epoch the data must say where it stands, with state() and restore(); use a DataLoader",
    );
  return {
    arrays: {
      ...model.stateDict(),
      ...under("optimizer", memory),
      ...Object.assign({}, ...callbacks.map(([name, { arrays = {} }]) => under(`callbacks/${name}`, arrays))),
    },
    values: {
      history: history.state(),
      sums,
      loader: isRestorable(data) ? data.state() : null,
      randomness,
      generators: Object.fromEntries(generatorsOf(training).map(([path, own]) => [path, own.state()])),
      optimizer: { method: optimizer.constructor.name, ...optimizerState },
      callbacks: Object.fromEntries(callbacks.map(([name, { values }]) => [name, values])),
    },
  };
}

/**
 * Put a training where another one stood. Everything stays as it was if something does not fit.
 * @param source what the state comes from, for errors: a file
 * @throws RangeError, ShapeError or TypeError that says what is of another training, and each array that differs
 */
export function restoreTraining(training: Training, state: TrainingState, source: string): void {
  const before = saveTraining(training);
  try {
    apply(training, state, source);
  } catch (error) {
    apply(training, before, source);
    throw error;
  }
}

function apply(training: Training, { arrays, values }: TrainingState, source: string): void {
  const { model, optimizer, data } = training.parts;
  const method = optimizer.constructor.name;
  const saved = values.optimizer;
  const weights = Object.entries(arrays).filter(([name]) => !name.includes("/"));
  explain(`${source} is the checkpoint of another model`, () =>
    model.loadStateDict(Object.fromEntries(weights)),
  );
  if (saved.method !== method)
    throw new TypeError(`${source} is a checkpoint of ${saved.method}, and this optimizer is ${method}`);
  explain(`${source} is the checkpoint of an optimizer over other parameters`, () =>
    optimizer.loadStateDict({ ...saved, arrays: below("optimizer", arrays) }),
  );
  if (isRestorable(data) && values.loader !== null)
    explain(`${source} is the checkpoint of a training on other data`, () => data.restore(values.loader));
  else if (values.sums.batches > 0)
    throw new TypeError(`${source} was written in mid-epoch; to go on from there data must be a DataLoader`);
  training.history.restore(values.history);
  training.sums = values.sums;
  training.randomness = values.randomness;
  for (const [path, own] of generatorsOf(training))
    if (Object.hasOwn(values.generators, path)) own.restore(values.generators[path]);
  for (const [name, callback] of namedCallbacks(training)) {
    if (!Object.hasOwn(values.callbacks, name)) continue;
    const own = below(`callbacks/${name}`, arrays);
    const state: CallbackState = {
      values: values.callbacks[name],
      arrays: Object.keys(own).length > 0 ? own : undefined,
    };
    callback.restore?.(training.history, state);
  }
}

/** Callbacks that remember something, each under a name of its own: the second of a kind has a 2. */
function namedCallbacks(training: Training): [string, Callback][] {
  const counts = new Map<string, number>();
  return (companions.get(training) ?? [])
    .filter(({ save }) => save)
    .map((callback) => {
      const name = callback.name ?? "callback";
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return [count === 1 ? name : `${name}${count}`, callback];
    });
}

function callbackStates(training: Training): [string, CallbackState][] {
  return namedCallbacks(training).flatMap(([name, callback]) => {
    const state = callback.save?.(training.history);
    return state ? [[name, state] as [string, CallbackState]] : [];
  });
}

/** The model's own generators, such as a `Dropout`'s that was given one. */
function generatorsOf({ parts }: Training): [string, Generator][] {
  return parts.model.namedModules().flatMap(([path, module]) =>
    Object.entries(module)
      .filter((entry): entry is [string, Generator] => entry[1] instanceof Generator)
      .map(([key, own]): [string, Generator] => [path === "" ? key : `${path}.${key}`, own]),
  );
}

const under = (place: string, arrays: StateDict): StateDict =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${place}/${name}`, array]));

const below = (place: string, arrays: StateDict): StateDict =>
  Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(`${place}/`))
      .map(([name, array]) => [name.slice(place.length + 1), array]),
  );

/** Run `work`; an error of its learns what it means. */
function explain(meaning: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) error.message = `${meaning}: ${error.message}`;
    throw error;
  }
}
