/** Records a run and exports it: `exportForTensorBoard.ts <runs> <tensorboard>`; prints what TensorBoard must find. */
import * as track from "../../src/tracking/index.ts";

const [folder, target] = process.argv.slice(2);
const run = track.run("digits & more", {
  folder,
  params: { optimizer: { name: "Adam", learningRate: 0.01 }, batchSize: 32, shuffle: true, layers: [64, 32] },
  notes: "# first *try*",
});
for (let step = 1; step <= 50; step++)
  run.log({ loss: 2 / step, "validation.loss": step === 50 ? NaN : 3 / step }, { step });
run.histogram("1.weight", { low: -1, high: 2, counts: [1, 0, 5] }, { step: 10 });
run.histogram("1.weight", [0.5, 0.5, 1.5, 2.5], { step: 50, bins: 4 });
run.text("sample", "zwölf Boxkämpfer", { step: 50 });
run.finish();

const [stored] = track.findRuns({ folder });
const [written] = track.exportTensorBoard(target, [stored]);
const curve = (name: string): unknown => {
  const { steps, times, values } = stored.curve(name);
  // JSON has no NaN.
  return {
    steps: [...steps],
    times: [...times],
    values: Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
  };
};
console.log(
  JSON.stringify({
    folder: written,
    scalars: { loss: curve("loss"), "validation.loss": curve("validation.loss") },
    histograms: stored.histograms(),
    params: stored.flatParams,
    started: stored.started.getTime() / 1000,
  }),
);
