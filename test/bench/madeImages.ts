import { data, losses, nn, optim, random, train } from "../../src/index.ts";
import { ImageGan } from "./imageGan.ts";

/** The digit of which few images are left to learn from. */
export const SCARCE = 8;
export const FEW = 32;
/** A GAN that knows the few makes so many more. */
export const MADE = 128;

export const kinds = ["few real", "few real + made", "few real, repeated", "all real"] as const;
export type Kind = (typeof kinds)[number];

export interface MadeImages {
  readonly gan: ImageGan;
  readonly made: data.TensorDataset;
  readonly few: data.Subset;
  /** The part of the made images that a classifier of all real ones takes for what they are to be. */
  readonly recognized: number;
  /** Accuracy on held-out images, by what a classifier learned from: of all classes, and of the scarce one. */
  readonly overall: Readonly<Record<Kind, number>>;
  readonly scarce: Readonly<Record<Kind, number>>;
}

/** What made images are worth to a classifier to whose few real ones of a class they are added. */
export async function madeImages(seed: number, epochs: number): Promise<MadeImages> {
  const digits = await data.load("digits");
  const [training, heldOut] = data.split(digits, [0.5, 0.5], { seed, stratified: true });
  const few = new data.Subset(training, indicesOf(training, SCARCE).slice(0, FEW));
  const others = new data.Subset(
    training,
    indicesOf(training, (label) => label !== SCARCE),
  );
  const asked = new data.Subset(heldOut, indicesOf(heldOut, SCARCE));

  random.seed(seed);
  const gan = new ImageGan();
  gan.play(few, epochs);
  const made = new data.TensorDataset(gan.sample(MADE), new Array<number>(MADE).fill(SCARCE));

  const trainings: Record<Kind, data.Dataset> = {
    "few real": new data.ConcatDataset([others, few]),
    "few real + made": new data.ConcatDataset([others, few, made]),
    "few real, repeated": new data.ConcatDataset([
      others,
      few,
      ...new Array<data.Dataset>(MADE / FEW).fill(few),
    ]),
    "all real": training,
  };
  const overall: Partial<Record<Kind, number>> = {};
  const scarce: Partial<Record<Kind, number>> = {};
  let recognized = NaN;
  for (const kind of kinds) {
    const model = await classifier(trainings[kind], seed);
    overall[kind] = accuracy(model, heldOut);
    scarce[kind] = accuracy(model, asked);
    if (kind === "all real") recognized = accuracy(model, made);
  }
  return {
    gan,
    made,
    few,
    recognized,
    overall: overall as MadeImages["overall"],
    scarce: scarce as MadeImages["scarce"],
  };
}

/** A network that learned to name the digits of these examples. */
async function classifier(training: data.Dataset, seed: number): Promise<nn.Module> {
  random.seed(seed);
  const model = new nn.Sequential(
    new nn.Flatten(),
    new nn.Linear(64, 64),
    new nn.ReLU(),
    new nn.Linear(64, 10),
  );
  await train.fit(model, {
    data: new data.DataLoader(training, { batchSize: 32, shuffle: true }),
    loss: losses.crossEntropy,
    optimizer: new optim.Adam(model.parameters(), { learningRate: 0.003 }),
    epochs: 20,
    progress: false,
  });
  return model;
}

const accuracy = (model: nn.Module, examples: data.Dataset): number =>
  train.evaluate(model, examples, { loss: losses.crossEntropy }).accuracy!;

/** Where the examples of a class are, or of those that a test lets through. */
function indicesOf(dataset: data.Dataset, wanted: number | ((label: number) => boolean)): number[] {
  const classes = Array.from(dataset.classes!);
  const test = typeof wanted === "number" ? (label: number) => label === wanted : wanted;
  return [...classes.keys()].filter((index) => test(classes[index]));
}
