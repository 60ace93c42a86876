import { describe, expect, test } from "vitest";
import { DataLoader, load } from "../../src/data/index.ts";
import * as losses from "../../src/losses/index.ts";
import * as nn from "../../src/nn/index.ts";
import * as optim from "../../src/optim/index.ts";
import { generator, seed } from "../../src/random/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import * as train from "../../src/train/index.ts";

/** Counts modulo the classes, or stays with the chances given; its state is how many it has read. */
class Scripted extends nn.Module {
  readonly read: number[][] = [];
  readonly chances: readonly number[] | undefined;
  constructor(chances?: readonly number[]) {
    super();
    this.chances = chances;
  }
  forward(indices: Tensor, { state }: { state?: Tensor } = {}): nn.Recurrence<Tensor> {
    this.read.push([...indices.data]);
    const count = (state?.item() ?? 0) + indices.numel;
    const logits = this.chances
      ? this.chances.map((chance) => Math.log(chance))
      : [0, 1, 2, 3].map((index) => (index === count % 4 ? 1 : 0));
    return {
      output: Tensor.concat([Tensor.zeros([1, indices.numel - 1, 4]), Tensor.from(logits, [1, 1, 4])], 1),
      state: tensor([count]),
    };
  }
}

describe("generate", () => {
  test("reads the start once, then each index that it chose, with the state carried", () => {
    const model = new Scripted();
    expect([...train.generate(model, { start: [0, 1], length: 4, temperature: 0 })]).toEqual([2, 3, 0, 1]);
    expect(model.read).toEqual([[0, 1], [2], [3], [0]]);
    const state = tensor([7]);
    expect([...train.generate(model, { start: [0], length: 2, temperature: 0, state })]).toEqual([0, 1]);
    expect(state.item()).toBe(7);
  });

  test("stops before the end", () => {
    const model = new Scripted();
    expect([...train.generate(model, { start: [0], length: 9, end: 3, temperature: 0 })]).toEqual([1, 2]);
    expect([...train.generate(model, { start: [0], length: 9, end: 1, temperature: 0 })]).toEqual([]);
  });

  test("draws from softmax(z / τ), and repeats with its generator", () => {
    const chances = [0.5, 0.25, 0.2, 0.05];
    const count = (temperature: number): number[] => {
      const model = new Scripted(chances);
      const drawn = train.generate(model, { start: [0], length: 4000, temperature, generator: generator(3) });
      return chances.map((_, index) => drawn.filter((each) => each === index).length / 4000);
    };
    for (const temperature of [1, 0.5, 2]) {
      const powers = chances.map((chance) => chance ** (1 / temperature));
      const total = powers.reduce((sum, power) => sum + power, 0);
      const found = count(temperature);
      found.forEach((share, index) => expect(Math.abs(share - powers[index] / total)).toBeLessThan(0.025));
      expect(count(temperature)).toEqual(found);
    }
    expect(count(1e-300)).toEqual([1, 0, 0, 0]);
  });

  test("leaves modes as they were, and no tensor behind", () => {
    const model = Object.assign(new Scripted(), { dropout: new nn.Dropout() });
    const before = Tensor.memory().tensors;
    train.generate(model, { start: [0], length: 5 });
    expect(Tensor.memory().tensors).toBe(before);
    expect(model.training && model.dropout.training).toBe(true);
  });

  test("errors", () => {
    const model = new Scripted();
    expect(() => train.generate(model, { start: [], length: 1 })).toThrow("generate: start is empty");
    expect(() => train.generate(model, { start: [0], length: 0 })).toThrow(
      "generate: length must be an integer >= 1, got 0",
    );
    expect(() => train.generate(model, { start: [0], length: 1, temperature: -1 })).toThrow(
      "generate: temperature must be >= 0, got -1",
    );
    const stateless = Object.assign(new Scripted(), { forward: () => Tensor.zeros([1, 1, 4]) });
    expect(() => train.generate(stateless, { start: [0], length: 1 })).toThrow(
      "generate: model.forward must return { output, state }, as nn.LSTM does",
    );
  });
});

class CharacterModel extends nn.Module {
  embedding = new nn.Embedding(4, 8);
  recurrent = new nn.LSTM(8, 16);
  output = new nn.Linear(16, 4);
  forward(characters: Tensor, options: nn.SequenceOptions<nn.LSTMState> = {}): nn.Recurrence<nn.LSTMState> {
    const { output, state } = this.recurrent.forward(this.embedding.forward(characters), options);
    const [batch, times, size] = output.shape;
    const logits = this.output.forward(output.reshape([batch * times, size]));
    return { output: logits.reshape([batch, times, 4]), state };
  }
}

test("hello is learned to certainty: each next character above 0.99, and it says so itself", async () => {
  seed(1);
  const hello = await load("hello");
  const model = new CharacterModel();
  await train.fit(model, {
    data: new DataLoader(hello, { batchSize: "all" }),
    loss: losses.crossEntropy,
    optimizer: new optim.Adam(model.parameters(), { learningRate: 0.05 }),
    epochs: 100,
    progress: false,
  });
  const { inputs, labels } = hello.batch([0]);
  const chances = Tensor.noGrad(() => model.forward(inputs).output.softmax());
  [...labels.data].forEach((next, step) =>
    expect(chances.data[step * 4 + next], `after ${"hell".slice(0, step + 1)}`).toBeGreaterThan(0.99),
  );
  const start = hello.vocabulary.encode("h");
  expect(hello.vocabulary.decode(train.generate(model, { start, length: 4 }))).toBe("ello");
});
