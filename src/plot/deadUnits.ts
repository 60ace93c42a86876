import type { History } from "../train/index.ts";
import { chosenNames } from "./chosenNames.ts";
import { curve } from "./curve.ts";
import { Figure } from "./figure.ts";
import { oneHistory } from "./histories.ts";
import { axis, epochAxis, layoutOf } from "./layout.ts";
import { shades } from "./palette.ts";

export interface DeadUnitsOptions {
  /** Which, by name, such as `"1 ReLU"`. Default: all whose outputs can be cut off at 0, the ReLUs. */
  readonly layers?: readonly string[];
}

/**
 * How many units of each layer answer 0 to every example, epoch after epoch: behind a ReLU they have no gradient, and
 * few of them come back.
 *
 * @param history of a training with the callback `train.activations(inputs)`
 * @throws TypeError if it is no history, or holds no activations
 * @throws RangeError if there is no such layer
 * @example
 * plot.deadUnits(await train.fit(model, { …, callbacks: [train.activations(inputs)] }));
 */
export function deadUnits(history: History, options: DeadUnitsOptions = {}): Figure {
  const { activations: records, status } = oneHistory("deadUnits", history);
  const names = chosenNames("deadUnits", {
    recordedBy: "train.activations(inputs)",
    status,
    known: Object.keys(records[0]?.dead ?? {}),
    asked: options.layers,
    usual: (name) => name.endsWith("ReLU"),
  });
  const colors = shades(names.length);
  const epochs = records.map(({ epoch }) => epoch);
  const data = names.map((name, index) =>
    curve(
      epochs,
      records.map(({ dead }) => 100 * dead[name]),
      { name, color: colors[index], markers: true, hover: "%{y:.1f} %" },
    ),
  );
  const percents = records.flatMap(({ dead }) => names.map((name) => 100 * dead[name]));
  const top = Math.max(10, 1.05 * Math.max(0, ...percents));
  const layout = {
    ...layoutOf({
      title: "Dead units",
      xaxis: epochAxis(epochs.at(-1) ?? 0),
      yaxis: {
        ...axis("units that answer 0 to all (%)"),
        // None is good news, which must not lie along the frame, nor one dead unit of a thousand look like the end.
        range: [-0.02 * top, top],
      },
      legend: "beside",
    }),
    hovermode: "x unified" as const,
  };
  const last = records[records.length - 1]?.dead;
  const text = names.map((name) => `${name} ${(100 * last[name]).toFixed(1)} %`);
  return new Figure({ data, layout, text: `Dead units: ${text.join(", ")}` });
}
