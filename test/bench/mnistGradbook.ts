/** Our LeNet on MNIST, a process that mnist.ts talks to: a line `<seed> <epoch>` an epoch; `mnistGradbook.ts <folder>`. */
import { createInterface } from "node:readline";
import { data, losses, nn, optim, random, train } from "../../src/index.ts";
import { lenet } from "./trainings.ts";

const folder = process.argv[2];

async function examples(part: string): Promise<data.TensorDataset> {
  const images = await data.idx(`${folder}/${part}-images-idx3-ubyte.gz`);
  const labels = await data.idx(`${folder}/${part}-labels-idx1-ubyte.gz`);
  return new data.TensorDataset({ data: images.data, shape: [...images.shape, 1] }, labels, {
    scale: 1 / 255,
  });
}

const [training, test] = [await examples("train"), await examples("t10k")];

interface Trainee {
  readonly model: nn.Module;
  readonly optimizer: optim.Adam;
  readonly loader: data.DataLoader;
}

function fresh(seed: number): Trainee {
  random.seed(seed);
  const model = lenet();
  const optimizer = new optim.Adam(model.parameters());
  return { model, optimizer, loader: new data.DataLoader(training, { batchSize: 64, shuffle: true }) };
}

let trainee: Trainee | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const [seed, epoch] = line.split(" ").map(Number);
  if (epoch === 1 || !trainee) trainee = fresh(seed);
  const { model, optimizer, loader } = trainee;
  const start = performance.now();
  for (const { inputs, labels } of loader)
    optimizer.minimize(() => losses.crossEntropy(model.forward(inputs), labels));
  const seconds = (performance.now() - start) / 1000;
  const { accuracy } = train.evaluate(model, test, { loss: losses.crossEntropy });
  console.log(JSON.stringify({ seconds, accuracy }));
}
