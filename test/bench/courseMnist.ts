/**
 * What the course promises of MNIST, each as a user would write it: dropout, batch normalization and augmentation, exact
 * zeros by L1, early stopping, and what augmentation is worth where images are few. MNIST comes as `data.load` finds it.
 * `npm run bench -- --course`, or some of it: `npm run bench -- --course --tasks dropout,l1`
 */
import { augment, data, losses, nn, optim, random, regularizers, train } from "../../src/index.ts";
import { table } from "./table.ts";

const [training, test] = [await data.load("mnist"), await data.load("mnist", { part: "test" })];
const jitter = augment.compose(
  augment.rotate({ degrees: [-10, 10] }),
  augment.scale({ factor: [0.9, 1.1] }),
  augment.translate({ x: [-2, 2], y: [-2, 2] }),
);

function perceptron(hidden: number, drop: number): nn.Sequential {
  return new nn.Sequential(
    new nn.Flatten(),
    new nn.Linear(784, hidden),
    new nn.ReLU(),
    new nn.Dropout(drop),
    new nn.Linear(hidden, hidden),
    new nn.ReLU(),
    new nn.Dropout(drop),
    new nn.Linear(hidden, 10),
  );
}

/** Batch normalization takes the mean away, and a bias before it with the mean. */
function convolution(): nn.Sequential {
  const block = (from: number, to: number): nn.Module[] => [
    new nn.Conv2d(from, to, 3, { padding: 1, bias: false }),
    new nn.BatchNorm2d(to),
    new nn.ReLU(),
  ];
  return new nn.Sequential(
    ...block(1, 16),
    new nn.MaxPool2d(2),
    ...block(16, 32),
    new nn.MaxPool2d(2),
    ...block(32, 64),
    new nn.Flatten(),
    new nn.Dropout(0.3),
    new nn.Linear(7 * 7 * 64, 10),
  );
}

interface Recipe {
  readonly epochs: number;
  readonly learningRate: number;
  readonly examples?: data.Dataset;
  readonly batchSize?: number;
  readonly augmented?: boolean;
  readonly regularizer?: train.Regularizer;
  readonly validation?: data.Dataset;
  readonly callbacks?: train.Callback[];
}

/** Adam on one cycle of the learning rate. */
function fit(model: nn.Module, recipe: Recipe): Promise<train.History> {
  const { epochs, learningRate, examples = training, batchSize = 64, augmented, ...rest } = recipe;
  const loader = new data.DataLoader(examples, {
    batchSize,
    shuffle: true,
    ...(augmented && { augment: jitter }),
  });
  const schedule = optim.schedules.oneCycle(epochs * loader.length);
  const optimizer = new optim.Adam(model.parameters(), { learningRate, schedule });
  return train.fit(model, {
    data: loader,
    loss: losses.crossEntropy,
    optimizer,
    epochs,
    progress: false,
    ...rest,
  });
}

const evaluate = (model: nn.Module, examples: data.Dataset = test): train.Evaluation =>
  train.evaluate(model, examples, { loss: losses.crossEntropy });
const percent = (fraction: number | undefined): string => `${(100 * fraction!).toFixed(2)} %`;
const lines: string[][] = [];
const report = (what: string, model: nn.Module, { epochs, seconds }: train.History, note = ""): void => {
  lines.push([what, percent(evaluate(model).accuracy), `${epochs.length}`, seconds.toFixed(0), note]);
};

const runs: Record<string, () => Promise<void>> = {
  async dropout() {
    random.seed(1);
    const model = perceptron(512, 0.3);
    report("MLP with dropout", model, await fit(model, { epochs: 15, learningRate: 0.002 }));
  },

  async convolution() {
    random.seed(1);
    const model = convolution();
    const history = await fit(model, { epochs: 6, learningRate: 0.005, augmented: true });
    report("CNN with batch normalization, augmented", model, history);
  },

  async l1() {
    for (const lambda of [0, 3e-5]) {
      random.seed(1);
      const model = perceptron(512, 0);
      const wide = model.parameters()[0];
      const regularizer = regularizers.l1(lambda, { only: [wide] });
      const history = await fit(model, { epochs: 10, learningRate: 0.001, regularizer });
      const { fraction, dropped } = regularizers.featureSelection(wide);
      const note = `${percent(fraction)} of 784×512 weights exactly 0, ${dropped.length} pixels unread`;
      report(`MLP, L1 with λ = ${lambda}`, model, history, note);
    }
  },

  async earlyStopping() {
    random.seed(1);
    const [few, validation] = data.split(training, [0.1, 0.9], { seed: 1, stratified: true });
    const model = perceptron(512, 0);
    const history = await fit(model, {
      examples: few,
      validation,
      epochs: 50,
      learningRate: 0.001,
      callbacks: [train.earlyStopping({ patience: 5 })],
    });
    const { restoredEpoch, epochs } = history;
    const [best, last] = [epochs[restoredEpoch! - 1], epochs.at(-1)!];
    const again = evaluate(model, validation).loss;
    const note =
      `validation loss ${best.validationLoss!.toFixed(4)} in epoch ${best.epoch}, ` +
      `${last.validationLoss!.toFixed(4)} in the last, ${again.toFixed(4)} restored`;
    report("MLP on 6,000 images, early stopping", model, history, note);
  },

  async augmentation() {
    const few = (seed: number): data.Dataset =>
      data.split(training, [1 / 60, 59 / 60], { seed, stratified: true })[0];
    for (const seed of [1, 2, 3])
      for (const augmented of [false, true]) {
        random.seed(seed);
        const model = convolution();
        const examples = few(seed);
        const history = await fit(model, {
          examples,
          epochs: 60,
          learningRate: 0.005,
          batchSize: 50,
          augmented,
        });
        const what = `CNN on ${examples.length} images, seed ${seed}`;
        report(what, model, history, augmented ? "augmented" : "as they are");
      }
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in runs));
if (unknown !== undefined)
  throw new RangeError(`bench: --course has no "${unknown}"; known: ${Object.keys(runs).join(", ")}`);
for (const [name, run] of Object.entries(runs)) if (wanted.length === 0 || wanted.includes(name)) await run();
console.log(`${table(["MNIST, accuracy on the 10,000 test images", "", "epochs", "seconds", ""], lines)}\n`);
