import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { programOf } from "./peers/peers.ts";
import { Side } from "./side.ts";
import { table } from "./table.ts";

interface Epoch {
  readonly seconds: number;
  /** On the 10,000 test images, after the epoch. */
  readonly accuracy: number;
}

const seeds = [1, 2, 3];
const epochs = 5;
/** Seconds that an epoch may take. */
const limit = 600;

/**
 * LeNet on the 60,000 images of MNIST in `$GRADBOOK_DATASETS/mnist`, Adam, batches of 64, ours and PyTorch's in turns
 * epoch by epoch: test accuracy after the last epoch, and the time of an epoch.
 * @throws Error if the variable is not set, or a side fails
 */
export async function mnist(threads: number): Promise<void> {
  const datasets = process.env.GRADBOOK_DATASETS;
  if (!datasets)
    throw new Error(
      "bench: --mnist reads $GRADBOOK_DATASETS/mnist; set GRADBOOK_DATASETS to the folder above it",
    );
  const folder = join(datasets, "mnist");
  const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const environment = { GRADBOOK_THREADS: `${threads}` };
  const sides = [
    new Side("gradbook", [process.execPath, file("mnistGradbook.ts"), folder], environment),
    new Side("torch", [await programOf("torch"), file("peers/mnistPeer.py"), `${threads}`, folder]),
  ];
  const lines: string[][] = [];
  const last: number[][] = sides.map(() => []);
  const times: number[][] = sides.map(() => []);
  for (const seed of seeds) {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const cells: string[] = [];
      for (const [index, side] of sides.entries()) {
        const answer = await side.ask<Epoch>(`${seed} ${epoch}`, limit);
        if ("error" in answer) throw new Error(`bench: ${side.name}: ${answer.error}`);
        times[index].push(answer.seconds);
        if (epoch === epochs) last[index].push(answer.accuracy);
        cells.push(percent(answer.accuracy), answer.seconds.toFixed(2));
      }
      lines.push([`${seed}`, `${epoch}`, ...cells]);
    }
  }
  for (const side of sides) side.close();

  console.log(`LeNet on MNIST, Adam, batch 64, ${threads} thread(s); accuracy on the test images\n`);
  const heading = sides.flatMap(({ name }) => [name, "s/epoch"]);
  console.log(`${table(["seed", "epoch", ...heading], lines)}\n`);
  const medians = times.map((list) => list.toSorted((a, b) => a - b)[list.length >> 1]);
  sides.forEach(({ name }, index) => {
    const mean = last[index].reduce((sum, value) => sum + value, 0) / seeds.length;
    console.log(
      `${name}: ${percent(mean)} after ${epochs} epochs (mean of ${seeds.length} seeds), ` +
        `${medians[index].toFixed(2)} s an epoch (median)`,
    );
  });
  console.log(`PyTorch's epoch takes ${(medians[1] / medians[0]).toFixed(2)}× as long`);
}

const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;
