import { DataLoader, load, split, type TensorDataset } from "../../src/data/index.ts";
import { Flatten, Linear, ReLU, Sequential } from "../../src/nn/index.ts";

/** A small network for digits. */
export const smallNetwork = (): Sequential =>
  new Sequential(new Flatten(), new Linear(64, 32), new ReLU(), new Linear(32, 10));

/** Digits: four fifths to train on, one to hold out. */
export async function digitsParts(): Promise<{
  training: ReturnType<typeof split>[number];
  validation: ReturnType<typeof split>[number];
}> {
  const digits: TensorDataset = await load("digits");
  const [training, validation] = split(digits, [0.8, 0.2], { seed: 1, stratified: true });
  return { training, validation };
}

export const shuffled = (dataset: ConstructorParameters<typeof DataLoader>[0]): DataLoader =>
  new DataLoader(dataset, { batchSize: 32, shuffle: true, seed: 3 });
