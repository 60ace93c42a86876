/** Models in training, through the public API: nothing here is fused or tuned for the benchmark. */
import { losses, nn, optim, Tensor } from "../../src/index.ts";

export interface Training {
  readonly model: nn.Module;
  /** Forward, loss, backward and Adam; answers the loss. */
  readonly step: () => number;
}

/** Training by Adam on one batch that stays. */
function training(model: nn.Module, loss: () => Tensor): Training {
  const optimizer = new optim.Adam(model.parameters());
  return { model, step: () => optimizer.minimize(loss) };
}

/** `count` class indices that go round. */
const classIndices = (count: number): Tensor =>
  Tensor.from(
    Int32Array.from({ length: count }, (_, i) => i % 10),
    [count],
  );

function classifier(): Training {
  const model = new nn.Sequential(
    new nn.Linear(784, 256),
    new nn.ReLU(),
    new nn.Linear(256, 128),
    new nn.ReLU(),
    new nn.Linear(128, 10),
  );
  const [inputs, labels] = [Tensor.randn([64, 784]), classIndices(64)];
  return training(model, () => losses.crossEntropy(model.forward(inputs), labels));
}

/** LeNet for images `[N, 28, 28, 1]` and ten classes. */
export function lenet(): nn.Sequential {
  return new nn.Sequential(
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
}

function imageClassifier(): Training {
  const model = lenet();
  const [images, labels] = [Tensor.randn([64, 28, 28, 1]), classIndices(64)];
  return training(model, () => losses.crossEntropy(model.forward(images), labels));
}

class CharacterModel extends nn.Module {
  lstm = new nn.LSTM(65, 128);
  output = new nn.Linear(128, 65);
  forward(characters: Tensor): Tensor {
    return this.output.forward(this.lstm.forward(characters).output.reshape([-1, 128]));
  }
}

function characterModel(): Training {
  const model = new CharacterModel();
  const ids = Int32Array.from({ length: 32 * 64 }, (_, i) => (i * 37) % 65);
  const oneHot = new Float32Array(ids.length * 65);
  ids.forEach((id, row) => (oneHot[row * 65 + id] = 1));
  const characters = Tensor.from(oneHot, [32, 64, 65]);
  const next = Tensor.from(ids.toReversed(), [ids.length]);
  return training(model, () => losses.crossEntropy(model.forward(characters), next));
}

function tinyRegression(): Training {
  const model = new nn.Sequential(
    new nn.Linear(2, 16),
    new nn.Tanh(),
    new nn.Linear(16, 16),
    new nn.Tanh(),
    new nn.Linear(16, 1),
  );
  const [inputs, targets] = [Tensor.randn([32, 2]), Tensor.randn([32, 1])];
  return training(model, () => losses.meanSquaredError(model.forward(inputs), targets));
}

export const trainings: Readonly<Record<string, () => Training>> = {
  T1: classifier,
  T2: imageClassifier,
  T3: characterModel,
  T4: tinyRegression,
};
