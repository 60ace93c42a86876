import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { TensorDataset } from "./tensorDataset.ts";
import { verifiedFile } from "./verifiedFile.ts";

const sha256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22";
const pixels = 64;

/**
 * Optical recognition of handwritten digits (UCI): 1,797 images `[8, 8, 1]` of bytes 0–16, given out in [0, 1],
 * and the digit each shows. Source, licence and file format: datasets/digits/README.md.
 */
export async function digits(): Promise<TensorDataset> {
  const text = (await promisify(gunzip)(await verifiedFile("digits/digits.csv.gz", sha256))).toString(
    "latin1",
  );
  const lines = text.trimEnd().split("\n");
  const images = new Uint8Array(lines.length * pixels);
  const labels = new Int32Array(lines.length);
  lines.forEach((line, row) => {
    const values = line.split(",").map(Number);
    images.set(values.slice(0, pixels), row * pixels);
    labels[row] = values[pixels];
  });
  return new TensorDataset({ data: images, shape: [lines.length, 8, 8, 1] }, labels, {
    scale: 1 / 16,
    classNames: [..."0123456789"],
  });
}
