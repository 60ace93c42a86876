import { LearningRateSearch } from "../train/index.ts";
import { curve } from "./curve.ts";
import { Figure } from "./figure.ts";
import { kindOf } from "./histories.ts";
import { axis, layoutOf, short } from "./layout.ts";
import { colorsOf, faded } from "./palette.ts";

/**
 * The loss at each learning rate that was tried, smoothed, with the suggestion marked: where the loss falls fastest.
 * @param search what `train.learningRateFinder` returned
 * @throws TypeError if it is something else
 * @example
 * plot.learningRateFinder(await train.learningRateFinder(model, { data: loader, loss: losses.crossEntropy, optimizer }));
 */
export function learningRateFinder(search: LearningRateSearch): Figure {
  if (!(search instanceof LearningRateSearch))
    throw new TypeError(
      `plot.learningRateFinder: give what train.learningRateFinder(model, { … }) returns, got ${kindOf(search)}; await it`,
    );
  const { learningRates, losses, smoothed, suggestion } = search;
  const [color] = colorsOf(["loss"]);
  const options = { color, hover: "%{y:.4f} at %{x:.2e}" };
  const data = [
    curve(learningRates, losses, { ...options, color: faded(color, 0.45), name: "each batch" }),
    curve(learningRates, smoothed, { ...options, name: "smoothed" }),
  ];
  if (suggestion !== undefined)
    data.push({
      type: "scatter",
      mode: "markers",
      name: `suggestion ${suggestion.toPrecision(2)}`,
      x: [suggestion],
      y: [smoothed[learningRates.indexOf(suggestion)]],
      marker: { color: "#D55E00", size: 11, symbol: "diamond" },
      hovertemplate: "%{x:.2e}",
    });
  const layout = {
    ...layoutOf({
      title: "Learning-rate finder",
      xaxis: { ...axis("learning rate", { scale: "log" }), tickformat: ".0e", dtick: 1 },
      yaxis: { ...axis("loss", { fromZero: false }), ...rangeOf(smoothed) },
    }),
    legend: { x: 0, y: 0, xanchor: "left" as const, yanchor: "bottom" as const, bgcolor: "rgba(0, 0, 0, 0)" },
  };
  return new Figure({ data, layout, text: search.toString() });
}

/**
 * The whole way down to the least loss, and where it lies at most learning rates, which do nothing yet. Where it explodes
 * in the end nothing else would show.
 */
function rangeOf(smoothed: readonly number[]): { range?: number[] } {
  if (smoothed.length === 0) return {};
  const ordered = smoothed.toSorted((a, b) => a - b);
  const [lowest, usual] = [ordered[0], ordered[Math.floor(ordered.length / 2)]];
  const down = smoothed.slice(0, smoothed.indexOf(lowest) + 1);
  const top = Math.max(...down, usual + 0.25 * Math.abs(usual));
  const room = 0.1 * (top - lowest);
  return { range: [short(lowest - room), short(top + room)] };
}
