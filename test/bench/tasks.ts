/** The benchmark's tasks through the public API: nothing here is fused or tuned for the benchmark. */
import { losses, nn, optim, random, Tensor } from "../../src/index.ts";

/** Makes a task ready and answers its step. */
type Task = () => () => void;

function classifier(): () => void {
  const model = new nn.Sequential(
    new nn.Linear(784, 256),
    new nn.ReLU(),
    new nn.Linear(256, 128),
    new nn.ReLU(),
    new nn.Linear(128, 10),
  );
  const optimizer = new optim.Adam(model.parameters());
  const inputs = Tensor.randn([64, 784]);
  const labels = Tensor.from(
    Int32Array.from({ length: 64 }, (_, i) => i % 10),
    [64],
  );
  return () => optimizer.minimize(() => losses.crossEntropy(model.forward(inputs), labels));
}

function leNet(): () => void {
  const model = new nn.Sequential(
    new nn.Conv2d(1, 8, 5),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(8, 16, 5),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(256, 128),
    new nn.ReLU(),
    new nn.Linear(128, 10),
  );
  const optimizer = new optim.Adam(model.parameters());
  const images = Tensor.uniform([64, 28, 28, 1]);
  const labels = Tensor.from(
    Int32Array.from({ length: 64 }, (_, i) => i % 10),
    [64],
  );
  return () => optimizer.minimize(() => losses.crossEntropy(model.forward(images), labels));
}

class CharacterModel extends nn.Module {
  lstm = new nn.LSTM(65, 128);
  output = new nn.Linear(128, 65);
  forward(characters: Tensor): Tensor {
    return this.output.forward(this.lstm.forward(characters).output.reshape([-1, 128]));
  }
}

function characterModel(): () => void {
  const model = new CharacterModel();
  const optimizer = new optim.Adam(model.parameters());
  const ids = Int32Array.from({ length: 32 * 64 }, (_, i) => (i * 37) % 65);
  const oneHot = new Float32Array(ids.length * 65);
  ids.forEach((id, row) => (oneHot[row * 65 + id] = 1));
  const characters = Tensor.from(oneHot, [32, 64, 65]);
  const next = Tensor.from(ids.toReversed(), [ids.length]);
  return () => optimizer.minimize(() => losses.crossEntropy(model.forward(characters), next));
}

function tinyRegression(): () => void {
  const model = new nn.Sequential(
    new nn.Linear(2, 16),
    new nn.Tanh(),
    new nn.Linear(16, 16),
    new nn.Tanh(),
    new nn.Linear(16, 1),
  );
  const optimizer = new optim.Adam(model.parameters());
  const [inputs, targets] = [Tensor.randn([32, 2]), Tensor.randn([32, 1])];
  return () => optimizer.minimize(() => losses.meanSquaredError(model.forward(inputs), targets));
}

function adamUpdate(): () => void {
  const weights = Tensor.randn([1_000_000], { requiresGrad: true });
  weights.grad = Tensor.randn([1_000_000]);
  const optimizer = new optim.Adam([weights]);
  return () => optimizer.step();
}

function product(m: number, k: number, n: number): () => void {
  const [a, b] = [Tensor.randn([m, k]), Tensor.randn([k, n])];
  return () => a.matmul(b).dispose();
}

function convolution(): () => void {
  const layer = new nn.Conv2d(32, 32, 3, { padding: 1 });
  const images = Tensor.uniform([32, 32, 32, 32], 0, 1, { requiresGrad: true });
  const upstream = Tensor.uniform([32, 32, 32, 32]);
  return () => {
    for (const leaf of [images, ...layer.parameters()]) leaf.grad = null;
    Tensor.scope(() => layer.forward(images).mul(upstream).sum().backward());
  };
}

/** Float32; a step is forward, loss, backward and Adam; of T7 forward and backward; of others what their name says. */
export const tasks: Readonly<Record<string, Task>> = {
  "T1 MLP 784-256-128-10, batch 64": classifier,
  "T2 LeNet 28×28, batch 64": leNet,
  "T3 character LSTM, hidden 128, 64 steps, batch 32": characterModel,
  "T4 MLP 2-16-16-1, batch 32": tinyRegression,
  "T5 Adam update of 1,000,000": adamUpdate,
  "T6 matmul 64×784×256": () => product(64, 784, 256),
  "T6 matmul 512³": () => product(512, 512, 512),
  "T6 matmul 1024³": () => product(1024, 1024, 1024),
  "T7 convolution 3×3, 32→32, 32×32, batch 32": convolution,
};

export function prepare(name: string): () => void {
  random.seed(1);
  return tasks[name]();
}
