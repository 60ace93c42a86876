import { observeForward, tensorsIn } from "../nn/observe.ts";
import { Tensor } from "../tensor/tensor.ts";
import { forward, type ForwardOptions } from "./forward.ts";
import type { TrainingParts } from "./trainingParts.ts";

/**
 * Where the numbers first stopped being finite, in words: the inputs, the labels, the weights, a layer, or the loss;
 * and what to try. It computes the batch once more, looking at what each layer makes of it; that is done only when a loss has failed.
 */
export function whereNonFinite(
  parts: TrainingParts,
  inputs: Tensor,
  labels: Tensor,
  options: ForwardOptions,
): string {
  const { learningRate } = parts.optimizer as { learningRate?: number };
  if (!isFinite(inputs))
    return `The inputs of the batch already hold ${kinds(inputs)}; look for gaps in the data.`;
  if (!isFinite(labels))
    return `The labels of the batch already hold ${kinds(labels)}; look for gaps in the data.`;
  return (
    `${inModel(parts, inputs, labels, options)} ` +
    `Try a smaller learningRate${learningRate === undefined ? "" : ` (it is ${learningRate})`}, ` +
    `inputs scaled to about [0, 1], or a loss that takes logits.`
  );
}

function inModel(
  { model, loss, regularizer }: TrainingParts,
  inputs: Tensor,
  labels: Tensor,
  options: ForwardOptions,
): string {
  for (const [name, weights] of model.namedParameters())
    if (!isFinite(weights))
      return `The weights ${name} already hold ${kinds(weights)}: an earlier step was too large, or its gradient overflowed.`;
  let layer: string | undefined;
  return Tensor.noGrad(() =>
    Tensor.scope(() => {
      let prediction!: Tensor;
      observeForward(
        model,
        (path, module, taken, output) => {
          const bad = tensorsIn(output).find((each) => !isFinite(each));
          if (!bad || layer !== undefined) return;
          const name = `${path === "" ? "the model itself" : `layer ${path}`} (${module.constructor.name})`;
          const origin = tensorsIn(taken).every(isFinite)
            ? "from an input that is finite"
            : "from what came before it";
          layer = `It first arose in ${name}, which made ${kinds(bad)} ${origin}.`;
        },
        () => (prediction = forward(model, inputs, options).prediction),
      );
      if (layer !== undefined) return layer;
      if (!isFinite(loss(prediction, labels)))
        return "It first arose in the loss itself: the model's output for this batch is finite.";
      if (regularizer && !isFinite(regularizer(model.parameters())))
        return "It first arose in the regularizer.";
      return "It did not arise again when the batch was computed once more.";
    }),
  );
}

const isFinite = (tensor: Tensor): boolean => tensor.raw.data.every(Number.isFinite);

/** "NaN", "∞", or both. */
function kinds(tensor: Tensor): string {
  const { data } = tensor.raw;
  const found = [data.some(Number.isNaN) && "NaN", data.some((x) => Math.abs(x) === Infinity) && "∞"];
  return found.filter((kind) => kind !== false).join(" and ");
}
