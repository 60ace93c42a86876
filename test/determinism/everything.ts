/**
 * Trains a network on digits with everything that is random and everything that remembers: augmentation in the loader
 * and ahead of its turn, dropout, batch normalization, Adam under a schedule, a penalty, callbacks. Prints a line a
 * step, and at last the SHA-256 of the history and of the model's state. Whatever the number of threads and the width
 * of vectors, and wherever it was ended and resumed, it must print the same at last.
 *
 * Run: GRADBOOK_THREADS=2 GRADBOOK_SIMD=128 node test/determinism/everything.ts CHECKPOINT [resume]
 */
import { createHash } from "node:crypto";
import { augment, data, losses, nn, optim, random, regularizers, train } from "../../src/index.ts";

const [path, mode] = process.argv.slice(2);
// What is resumed must not depend on where its session begins.
random.seed(mode === "resume" ? 99 : 2024);
const digits = await data.load("digits");
const [training, validation] = data.split(digits, [0.3, 0.2, 0.5], { seed: 1, stratified: true });
const model = new nn.Sequential(
  new nn.Conv2d(1, 16, 3, { padding: 1 }),
  new nn.BatchNorm2d(16),
  new nn.ReLU(),
  new nn.Flatten(),
  new nn.Dropout(0.2),
  new nn.Linear(1024, 64),
  new nn.ReLU(),
  new nn.Dropout(0.4, { generator: random.generator(5) }),
  new nn.Linear(64, 10),
);
const history = await train.fit(model, {
  data: new data.DataLoader(training, {
    batchSize: 64,
    shuffle: true,
    augment: augment.compose(
      augment.rotate({ degrees: [-10, 10] }),
      augment.translate({ x: [-1, 1], y: [-1, 1] }),
      augment.noise({ standardDeviation: 0.05 }),
    ),
    prefetch: 2,
  }),
  validation,
  loss: losses.crossEntropy,
  optimizer: new optim.Adam(model.parameters(), {
    learningRate: 0.003,
    schedule: optim.schedules.oneCycle(50),
    clipGradients: { norm: 5 },
  }),
  regularizer: regularizers.elasticNet({ l1: 1e-5, l2: 1e-4 }),
  metrics: { wrong: (prediction, labels) => 1 - train.accuracy(prediction, labels) },
  epochs: 5,
  progress: false,
  callbacks: [
    train.checkpoint(path, { everySteps: 1 }),
    train.reduceLearningRateOnPlateau({ patience: 1, factor: 0.9, monitor: "accuracy", mode: "min" }),
    train.earlyStopping({ patience: 3 }),
    train.gradientNorms({ every: 7 }),
    train.weightHistograms(),
    { onStep: ({ stepLosses }) => console.log(stepLosses.length) },
  ],
  ...(mode === "resume" && { resume: path }),
});
const { stepLosses, epochs, gradientNorms, weightHistograms, status, restoredEpoch } = history;
if (!(epochs[4].validationAccuracy! > 0.8)) throw new Error(`it did not learn: ${history.toString()}`);
const hash = createHash("sha256").update(
  JSON.stringify({ stepLosses, epochs, gradientNorms, weightHistograms, status, restoredEpoch }),
);
for (const { data } of Object.values(model.stateDict())) hash.update(data);
console.log(hash.digest("hex"));
