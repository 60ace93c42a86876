import { ConfusionMatrix } from "../train/index.ts";
import { Figure } from "./figure.ts";
import { kindOf } from "./histories.ts";
import { short } from "./layout.ts";
import { amounts } from "./palette.ts";

/**
 * How often each class was taken for each: rows are what examples are, columns what they were taken for. Colours show
 * the fraction of the row, so that classes with few examples are seen as well; the numbers are counts.
 *
 * @param matrix what `train.confusionMatrix` returned
 * @throws TypeError if it is something else
 * @example
 * plot.confusionMatrix(train.confusionMatrix(train.predict(model, heldOut), heldOut.classes));
 */
export function confusionMatrix(matrix: ConfusionMatrix): Figure {
  if (!(matrix instanceof ConfusionMatrix))
    throw new TypeError(
      `plot.confusionMatrix: give train.confusionMatrix(train.predict(model, heldOut), heldOut.classes), got ${kindOf(matrix)}`,
    );
  const { counts, classNames, accuracy, total } = matrix;
  const percent = counts.map((row) => {
    const examples = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => short(examples === 0 ? 0 : (100 * count) / examples, 4));
  });
  const size = counts.length;
  const title = `Confusion matrix: ${(100 * accuracy).toFixed(1)} % of ${total} right`;
  return new Figure({
    data: [
      {
        type: "heatmap",
        z: percent,
        x: [...classNames],
        y: [...classNames],
        zmin: 0,
        zmax: 100,
        colorscale: amounts,
        colorbar: { title: { text: "% of class", side: "top" }, thickness: 14 },
        xgap: 1,
        ygap: 1,
        // Empty cells stay quiet, and past thirty classes there is no room for numbers.
        ...(size <= 30 && {
          text: counts.map((row) => row.map((count) => (count === 0 ? "" : String(count)))) as never,
          texttemplate: "%{text}",
        }),
        customdata: counts as never,
        hovertemplate: "%{y} taken for %{x}: %{customdata} (%{z:.1f} %)<extra></extra>",
      },
    ],
    layout: {
      title: { text: title },
      xaxis: { title: { text: "predicted class" }, type: "category", constrain: "domain", showgrid: false },
      yaxis: {
        title: { text: "actual class" },
        type: "category",
        autorange: "reversed",
        scaleanchor: "x",
        constrain: "domain",
        showgrid: false,
      },
      height: Math.min(900, Math.max(360, 160 + 32 * size)),
      margin: { l: 90, r: 20, t: 50, b: 70 },
    },
    text: `${title}\n${matrix.toString()}`,
  });
}
