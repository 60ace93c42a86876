import type { Module } from "../nn/index.ts";
import type { TrainingParts } from "../train/index.ts";

/** The settings of a training, as parameters of its run. */
export function describeTraining(parts: TrainingParts): Record<string, unknown> {
  const { model, data, validation, loss, optimizer, regularizer, window } = parts;
  const loader = data as { batchSize?: number; dataset?: { length: number } };
  return {
    model: {
      name: model.constructor.name,
      layers: layersOf(model),
      parameters: model.parameters().reduce((sum, { numel }) => sum + numel, 0),
    },
    optimizer: { name: optimizer.constructor.name, ...plainNumbersOf(optimizer) },
    loss: loss.name || "anonymous",
    batchSize: loader.batchSize,
    examples: loader.dataset?.length,
    validationExamples: validation?.length,
    regularizer: regularizer && (regularizer.name || "anonymous"),
    window,
  };
}

/** The layers that hold no others, by their classes. */
const layersOf = (model: Module): string =>
  model
    .namedModules()
    .map(([, module]) => module)
    .filter((module) => module.namedModules().length === 1)
    .map((module) => module.constructor.name)
    .join(", ");

/** An optimizer's own settings are its plain fields: learningRate, beta1, epsilonPlacement, … */
const plainNumbersOf = (optimizer: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(optimizer).filter(([, value]) => ["number", "string", "boolean"].includes(typeof value)),
  );
