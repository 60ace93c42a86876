/**
 * What the images of a GAN are worth: a digit of which few examples are left, and a classifier that learns from them alone,
 * with made ones added, and, for comparison, with the few repeated as often. `npm run bench -- --gan`
 */
import { FEW, kinds, MADE, type MadeImages, madeImages, SCARCE } from "./madeImages.ts";
import { table } from "./table.ts";

const EPOCHS = 800;
const seeds = [1, 2, 3, 4, 5];

const started = performance.now();
const results: MadeImages[] = [];
for (const seed of seeds) results.push(await madeImages(seed, EPOCHS));
const seconds = (performance.now() - started) / 1000;

const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;
/** Their mean, and each. */
const summed = (values: readonly number[]): string[] => [
  percent(values.reduce((sum, value) => sum + value, 0) / values.length),
  values.map(percent).join(", "),
];
console.log(
  `digits, ${FEW} images of an ${SCARCE} to learn from, ${MADE} more made by a GAN over ${EPOCHS} epochs; ` +
    `accuracy on held-out images, ${seeds.length} seeds, ${seconds.toFixed(0)} s\n`,
);
console.log(
  table(
    ["learned from", "all digits", `the ${SCARCE}s`, "by seed"],
    kinds.map((kind) => [
      kind,
      summed(results.map(({ overall }) => overall[kind]))[0],
      ...summed(results.map(({ scarce }) => scarce[kind])),
    ]),
  ),
);
const [mean, each] = summed(results.map(({ recognized }) => recognized));
console.log(`\nmade images that a classifier of real ones takes for an ${SCARCE}: ${mean} (${each})`);
