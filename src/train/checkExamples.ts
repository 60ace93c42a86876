import type { Dataset } from "../data/index.ts";
import { Module } from "../nn/index.ts";
import { kindOf } from "../tensor/requireTensor.ts";

/** @throws TypeError or RangeError unless a model is given examples, and there is one */
export function checkExamples(operation: string, model: unknown, dataset: Dataset): void {
  checkModel(operation, model);
  if (typeof (dataset as Partial<Dataset> | undefined)?.batch !== "function")
    throw wrong(operation, "it takes a data set", dataset, "give the examples themselves, without a loader");
  if (dataset.length === 0) throw new RangeError(`${operation}: the data set is empty`);
}

/** @throws TypeError */
export function checkLoss(operation: string, loss: unknown): void {
  if (typeof loss === "function") return;
  const hint = "give one of losses by its name, such as losses.crossEntropy";
  throw wrong(operation, "loss must be a function", loss, hint);
}

/** @throws TypeError */
export function checkModel(operation: string, model: unknown): void {
  if (!(model instanceof Module))
    throw wrong(operation, "the model must be a module", model, "give it a layer or nn.Sequential");
}

/** What an operation was given instead of what it takes. */
export const wrong = (operation: string, what: string, value: unknown, hint: string): TypeError =>
  new TypeError(`${operation}: ${what}, got ${kindOf(value)}; ${hint}`);
