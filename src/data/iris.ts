import { parseCsv } from "./csv.ts";
import { fromTable } from "./table.ts";
import { TensorDataset } from "./tensorDataset.ts";
import { verifiedFile } from "./verifiedFile.ts";

const sha256 = "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449";
const features = ["sepal length", "sepal width", "petal length", "petal width"];

/**
 * Fisher's irises: 150 flowers, four lengths in centimetres, three species of 50 each. Source, licence and file
 * format: datasets/iris/README.md.
 */
export async function iris(): Promise<TensorDataset> {
  const text = (await verifiedFile("iris/iris.csv", sha256)).toString("latin1");
  // Its first line counts rows and columns and names the classes.
  const classNames = text.slice(0, text.indexOf("\n")).split(",").slice(2);
  const table = parseCsv(text, { names: [...features, "species"] }, "iris.csv");
  const { inputs, labels } = fromTable(table, { inputs: features, labels: "species", classes: true });
  return new TensorDataset(inputs, labels, { classNames, featureNames: features });
}
