import { describe, expect, test } from "vitest";
import { DataLoader, TextDataset } from "../../src/data/index.ts";
import type { Batch } from "../../src/data/index.ts";
import * as losses from "../../src/losses/index.ts";
import * as nn from "../../src/nn/index.ts";
import * as optim from "../../src/optim/index.ts";
import { seed } from "../../src/random/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import * as train from "../../src/train/index.ts";

class CharacterModel extends nn.Module {
  embedding: nn.Embedding;
  recurrent: nn.LSTM;
  output: nn.Linear;
  /** What each forward was given. */
  calls: { steps: number; lengths: number[] | undefined; carried: boolean }[] = [];

  constructor(vocabularySize: number, hiddenSize = 8) {
    super();
    this.embedding = new nn.Embedding(vocabularySize, 5);
    this.recurrent = new nn.LSTM(5, hiddenSize);
    this.output = new nn.Linear(hiddenSize, vocabularySize);
  }

  forward(
    characters: Tensor,
    options: { lengths?: Tensor; state?: nn.LSTMState } = {},
  ): nn.Recurrence<nn.LSTMState> {
    const { lengths, state } = options;
    this.calls.push({
      steps: characters.shape[1],
      lengths: lengths && [...lengths.data],
      carried: state !== undefined,
    });
    const { output, state: last } = this.recurrent.forward(this.embedding.forward(characters), options);
    const [batch, times, size] = output.shape;
    const logits = this.output.forward(output.reshape([batch * times, size]));
    return { output: logits.reshape([batch, times, this.output.outputSize]), state: last };
  }
}

const words = new TextDataset(["ab", "a", "abacada", "bb", "cabd"], { boundary: "." });
const modelOf = (texts: TextDataset, hiddenSize?: number): CharacterModel => {
  seed(3);
  return new CharacterModel(texts.vocabulary.size, hiddenSize);
};
const quiet = { epochs: 1, progress: false, loss: losses.crossEntropy };

describe("texts of several lengths", () => {
  test("fit gives the model their lengths, and averages over characters, not over padding", async () => {
    const model = modelOf(words);
    const optimizer = new optim.SGD(model.parameters(), { learningRate: 0 });
    const data = new DataLoader(words, { batchSize: 2 });
    const history = await train.fit(model, { ...quiet, data, validation: words, optimizer });
    expect(model.calls.slice(0, 3).map(({ lengths }) => lengths)).toEqual([[3, 2], [8, 3], [5]]);
    // Each text alone has no padding, and its sum is over its own characters.
    let [sum, right, count] = [0, 0, 0];
    for (let index = 0; index < words.length; index++) {
      const { inputs, labels } = words.batch([index]);
      const { output } = model.forward(inputs);
      sum += losses.crossEntropy(output, labels, { reduction: "sum" }).item();
      right += train.accuracy(output, labels) * labels.numel;
      count += labels.numel;
    }
    const [epoch] = history.epochs;
    expect(epoch.loss).toBeCloseTo(sum / count, 6);
    expect(epoch.validationLoss).toBeCloseTo(sum / count, 6);
    expect(epoch.accuracy).toBeCloseTo(right / count, 12);
    expect(epoch.validationAccuracy).toBeCloseTo(right / count, 12);
  });

  test("accuracy and the confusion matrix leave ignored labels out", () => {
    const prediction = tensor([
      [2, 1],
      [0, 3],
      [5, 0],
      [0, 1],
    ]);
    expect(train.accuracy(prediction, [0, -100, 1, 1])).toBe(2 / 3);
    expect(train.confusionMatrix(prediction, tensor([0, -100, 1, 1], { dtype: "int32" })).counts).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });

  test("overfitOneBatch and learningRateFinder give lengths too, and leave no tensor behind", async () => {
    const model = modelOf(words);
    const optimizer = new optim.Adam(model.parameters(), { learningRate: 0.05 });
    const options = { data: new DataLoader(words, { batchSize: 5 }), loss: losses.crossEntropy, optimizer };
    await train.learningRateFinder(model, { ...options, steps: 5 });
    const before = Tensor.memory().tensors;
    expect((await train.overfitOneBatch(model, { ...options, fraction: 0.5 })).passed).toBe(true);
    await train.learningRateFinder(model, { ...options, steps: 5 });
    expect(Tensor.memory().tensors).toBe(before);
    expect(model.calls.every(({ lengths }) => lengths?.length === 5)).toBe(true);
  });
});

describe("windows: truncated back-propagation through time", () => {
  const text = new TextDataset(["abcabdabcabdaabbccddabc", "dcbadcbadcbadcbadcbadcb"]);

  test("equals the loop written by hand, state carried and detached, bit for bit", async () => {
    const trained = modelOf(text);
    const data = new DataLoader(text, { batchSize: 2 });
    const optimizer = new optim.Adam(trained.parameters(), { learningRate: 0.01 });
    const history = await train.fit(trained, { ...quiet, epochs: 2, data, optimizer, window: 8 });

    const model = modelOf(text);
    const byHand = new optim.Adam(model.parameters(), { learningRate: 0.01 });
    const expected: number[] = [];
    for (let epoch = 0; epoch < 2; epoch++) {
      const { inputs, labels } = text.batch([0, 1]);
      let numbers: { hidden: Float32Array; cell: Float32Array } | undefined;
      for (const [start, end] of [
        [0, 8],
        [8, 16],
        [16, 22],
      ]) {
        const carry = (values: Float32Array): Tensor => Tensor.from(values, [2, 8]);
        const state = numbers && { hidden: carry(numbers.hidden), cell: carry(numbers.cell) };
        const loss = byHand.minimize(() => {
          const answer = model.forward(inputs.slice(start, end, 1), state ? { state } : {});
          const { hidden, cell } = answer.state;
          numbers = { hidden: hidden.data as Float32Array, cell: cell.data as Float32Array };
          return losses.crossEntropy(answer.output, labels.slice(start, end, 1));
        });
        expected.push(loss);
      }
    }
    expect(history.stepLosses).toEqual(expected);
    expect(history.epochs.map(({ steps }) => steps)).toEqual([3, 6]);
    expect(trained.stateDict()).toEqual(model.stateDict());
  });

  test("a window as long as the sequence is the whole sequence", async () => {
    const curves: (readonly number[])[] = [];
    for (const options of [{}, { window: 22 }, { window: 100 }]) {
      const model = modelOf(text);
      const optimizer = new optim.Adam(model.parameters());
      const data = new DataLoader(text, { batchSize: 2 });
      curves.push((await train.fit(model, { ...quiet, epochs: 2, data, optimizer, ...options })).stepLosses);
    }
    expect(curves[1]).toEqual(curves[0]);
    expect(curves[2]).toEqual(curves[0]);
  });

  test("texts that end in different windows: lengths are those inside, states start anew with each batch", async () => {
    const model = modelOf(words);
    const optimizer = new optim.SGD(model.parameters(), { learningRate: 0 });
    const whole = train.evaluate(model, words, { loss: losses.crossEntropy }).loss;
    model.calls.length = 0;
    const data = new DataLoader(words, { batchSize: 3 });
    const history = await train.fit(model, { ...quiet, data, optimizer, window: 3 });
    expect(model.calls).toEqual([
      { steps: 3, lengths: [3, 2, 3], carried: false },
      { steps: 3, lengths: [1, 1, 3], carried: true },
      { steps: 2, lengths: [1, 1, 2], carried: true },
      { steps: 3, lengths: [3, 3], carried: false },
      { steps: 2, lengths: [1, 2], carried: true },
    ]);
    expect(history.epochs[0].loss).toBeCloseTo(whole, 6);
  });

  test("leaves nothing behind, whether it ends, diverges or is given up in the middle", async () => {
    const model = modelOf(text);
    const data = new DataLoader(text, { batchSize: 1 });
    const optimizer = new optim.SGD(model.parameters());
    const run = async (loss: train.Loss): Promise<train.History> =>
      await train.fit(model, { ...quiet, data, optimizer, loss, window: 4 });
    await run(losses.crossEntropy);
    const before = Tensor.memory().tensors;
    await run(losses.crossEntropy);
    expect(Tensor.memory().tensors).toBe(before);
    let calls = 0;
    const history = await run((prediction, labels) =>
      losses.crossEntropy(prediction, labels).mul(++calls > 3 ? NaN : 1),
    );
    expect([history.status, history.stepLosses.length]).toEqual(["diverged", 3]);
    expect(Tensor.memory().tensors).toBeLessThanOrEqual(before);
    calls = 0;
    const broken = run((prediction, labels) => {
      if (++calls > 3) throw new Error("broken");
      return losses.crossEntropy(prediction, labels);
    });
    await expect(broken).rejects.toThrow("broken");
    expect(Tensor.memory().tensors).toBeLessThanOrEqual(before);
  });

  test("what does not fit is said", async () => {
    const model = modelOf(words);
    const optimizer = new optim.SGD(model.parameters());
    const fit = async (part: Partial<train.FitOptions>): Promise<unknown> =>
      await train.fit(model, { ...quiet, data: new DataLoader(words), optimizer, ...part });
    await expect(fit({ window: 0 })).rejects.toThrow("fit: window must be an integer >= 1, got 0");
    const batch: Batch = {
      inputs: Tensor.zeros([2, 9], { dtype: "int32" }),
      labels: tensor([0, 1], { dtype: "int32" }),
      size: 2,
    };
    await expect(fit({ data: [batch], window: 4 })).rejects.toThrow(
      "fit: a window needs inputs [n, time, …] and a label for each step, got [2, 9] and [2]",
    );
    const stateless = Object.assign(modelOf(text), { forward: () => Tensor.zeros([1, 4, 4]) });
    await expect(
      train.fit(stateless, {
        ...quiet,
        data: new DataLoader(text, { batchSize: 1 }),
        optimizer: new optim.SGD(stateless.parameters()),
        window: 4,
      }),
    ).rejects.toThrow("fit with a window: model.forward must return { output, state }, as nn.LSTM does");
    const odd = Object.assign(modelOf(text), { forward: () => 3 });
    expect(() => train.evaluate(odd, words, { loss: losses.crossEntropy })).toThrow(
      "CharacterModel.forward must return a tensor, or { output, state } as nn.LSTM does, got number",
    );
  });
});

test("nn.detach keeps the structure and the numbers, and cuts the gradient", () => {
  const x = tensor([1, 2], { requiresGrad: true });
  const y = x.mul(2);
  const state = { parts: [y, { inner: y }], name: "a", none: null };
  const cut = nn.detach(state);
  expect(Object.keys(cut)).toEqual(["parts", "name", "none"]);
  const [first, second] = cut.parts as [Tensor, { inner: Tensor }];
  expect([[...first.data], [...second.inner.data], cut.name, cut.none]).toEqual([[2, 4], [2, 4], "a", null]);
  expect(first.requiresGrad || second.inner.requiresGrad).toBe(false);
});
