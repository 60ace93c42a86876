import { Optimizer } from "../optim/index.ts";
import { kindOf } from "../tensor/requireTensor.ts";
import type { Callback } from "./callback.ts";
import { checkLoss, checkModel, wrong } from "./checkExamples.ts";
import type { TrainingParts } from "./trainingParts.ts";

/**
 * Find before the first step what would end a training later, when work would be lost.
 * @throws TypeError or RangeError that says what is missing, empty or of the wrong kind
 */
export function checkParts(operation: string, parts: TrainingParts, callbacks: unknown = []): void {
  const { model, data, validation, loss, optimizer, regularizer, metrics = {} } = parts;
  const refuse = (what: string, value: unknown, hint: string): never => {
    throw wrong(operation, what, value, hint);
  };
  checkModel(operation, model);
  checkLoss(operation, loss);
  if (!(optimizer instanceof Optimizer))
    refuse("optimizer must be one of optim", optimizer, "such as new optim.Adam(model.parameters())");
  if (!isIterable(data)) refuse("data must come in batches", data, "give new data.DataLoader(examples)");
  if (data.length === 0)
    throw new RangeError(
      `${operation}: data has no batch; is the data set empty, or smaller than a batch with dropLast?`,
    );
  if (validation !== undefined && typeof (validation as { batch?: unknown }).batch !== "function")
    refuse("validation must be a data set", validation, "give the examples themselves, without a loader");
  if (validation?.length === 0)
    throw new RangeError(`${operation}: the validation data set is empty; leave it out, or give it examples`);
  if (regularizer !== undefined && typeof regularizer !== "function")
    refuse("regularizer must be a function", regularizer, "such as regularizers.l2(0.001)");
  for (const [name, metric] of Object.entries(metrics))
    if (typeof metric !== "function")
      refuse(`metrics.${name} must be a function`, metric, "it takes prediction and labels");
  checkCallbacks(operation, callbacks);
}

function checkCallbacks(operation: string, callbacks: unknown): asserts callbacks is readonly Callback[] {
  if (!Array.isArray(callbacks))
    throw new TypeError(
      `${operation}: callbacks must be an array, got ${kindOf(callbacks)}; write [callback]`,
    );
  callbacks.forEach((callback: unknown, place) => {
    if (typeof callback === "object" && callback !== null) return;
    const hint = typeof callback === "function" ? "; call it, as in train.earlyStopping()" : "";
    throw new TypeError(`${operation}: callback ${place} is ${kindOf(callback)}${hint}`);
  });
}

const isIterable = (value: unknown): boolean =>
  typeof (value as Partial<Iterable<unknown>> | undefined)?.[Symbol.iterator] === "function";
