import { curve } from "./curve.ts";
import { Figure } from "./figure.ts";
import { kindOf } from "./histories.ts";
import { axis, layoutOf } from "./layout.ts";
import { colorsOf } from "./palette.ts";

type Norms = Readonly<Record<string, readonly number[]>>;

/**
 * How long the gradient is at each time step of recurrent layers, on a logarithmic axis: a line that falls toward the
 * first steps is the vanishing gradient. Norms of 0 have no place on the axis and are left out.
 *
 * @param norms what `train.timeStepGradientNorms` returns, or such lists of several models put together by name
 * @throws TypeError if there is something else
 * @example
 * const norms = train.timeStepGradientNorms(() => losses.crossEntropy(model.forward(inputs), labels), model);
 * plot.timeStepGradients(norms);
 */
export function timeStepGradients(norms: Norms): Figure {
  const valid =
    typeof norms === "object" &&
    norms !== null &&
    Object.values(norms).every(
      (list) => Array.isArray(list) && list.every((norm) => typeof norm === "number"),
    );
  if (!valid)
    throw new TypeError(
      `plot.timeStepGradients: give the norms by layer, { lstm: [0.1, 0.2, …] }, as train.timeStepGradientNorms ` +
        `returns them, got ${kindOf(norms)}`,
    );
  const names = Object.keys(norms);
  const labels = names.map((name) => name || "model");
  const colors = colorsOf(labels);
  const data = names.map((name, index) => {
    const steps = norms[name].flatMap((norm, at) => (norm > 0 ? [at + 1] : []));
    return curve(
      steps,
      steps.map((step) => norms[name][step - 1]),
      { name: labels[index], color: colors[index], markers: true, hover: "%{y:.3g}" },
    );
  });
  const layout = {
    ...layoutOf({
      title: "Gradient at each time step",
      xaxis: axis("time step"),
      yaxis: axis("‖∂loss / ∂h‖", { scale: "log" }),
      legend: "beside",
    }),
    hovermode: "x unified" as const,
  };
  return new Figure({ data, layout });
}
