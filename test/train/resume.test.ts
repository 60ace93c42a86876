import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as augment from "../../src/data/augment/index.ts";
import { DataLoader, TensorDataset, TextDataset } from "../../src/data/index.ts";
import { crossEntropy } from "../../src/losses/index.ts";
import * as nn from "../../src/nn/index.ts";
import * as optim from "../../src/optim/index.ts";
import * as random from "../../src/random/index.ts";
import * as regularizers from "../../src/regularizers/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import * as train from "../../src/train/index.ts";
import { drift, driftWeights } from "./drift.ts";
import { recordingHost, textOf } from "./host.ts";

const folder = mkdtempSync(join(tmpdir(), "gradbook-resume-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** 20 images in two classes, dealt out in six batches. */
const images = (): TensorDataset =>
  new TensorDataset(
    { data: Float32Array.from({ length: 20 * 16 }, (_, i) => ((i * 29) % 31) / 31), shape: [20, 4, 4, 1] },
    Array.from({ length: 20 }, (_, index) => index % 2),
  );

interface Case {
  readonly model: nn.Module;
  readonly options: Omit<train.FitOptions, "epochs">;
}

/** A training with all that draws or remembers; the seed is that of its session. */
function everything(
  seed: number,
  callbacks: readonly train.Callback[],
  hidden = 6,
  optimizer = (parameters: Tensor[]): optim.Optimizer =>
    new optim.Adam(parameters, { learningRate: 0.02, schedule: optim.schedules.cosine(30) }),
): Case {
  random.seed(seed);
  const model = new nn.Sequential(
    new nn.Flatten(),
    new nn.Linear(16, hidden),
    new nn.BatchNorm1d(hidden),
    new nn.ReLU(),
    new nn.Dropout(0.3),
    new nn.Dropout(0.1, { generator: random.generator(seed) }),
    new nn.Linear(hidden, 2),
  );
  return {
    model,
    options: {
      data: new DataLoader(images(), {
        batchSize: 4,
        shuffle: true,
        augment: augment.noise({ standardDeviation: 0.1 }),
        prefetch: 2,
      }),
      validation: images(),
      loss: crossEntropy,
      optimizer: optimizer(model.parameters()),
      metrics: { zeros: (prediction) => prediction.data.filter((value) => value > 0).length },
      progress: false,
      callbacks,
    },
  };
}

/** What must be the same, to the last bit. */
const outcome = (model: nn.Module, history: train.History): unknown => {
  const { seconds: _, ...state } = history.state();
  return { ...state, restoredEpoch: history.restoredEpoch, weights: model.stateDict() };
};

describe("a training that is resumed", () => {
  const path = join(folder, "every", "{epoch}-{step}.safetensors");
  // First in the list: it is to save what the others came to all the same.
  const callbacks = (): train.Callback[] => [
    train.checkpoint(path, { everySteps: 1 }),
    train.reduceLearningRateOnPlateau({ patience: 1, factor: 0.5, monitor: "accuracy", mode: "min" }),
    train.earlyStopping({ patience: 2, monitor: "accuracy", mode: "min" }),
    // A second of its kind, which remembers something else.
    train.earlyStopping({ patience: 4 }),
    train.gradientNorms(),
    train.weightHistograms(),
  ];
  let whole: unknown;
  let session: unknown;

  beforeAll(async () => {
    const { model, options } = everything(1, callbacks());
    const history = await train.fit(model, { ...options, epochs: 4 });
    whole = outcome(model, history);
    session = random.defaultGenerator().state();
  });

  test("goes on bit for bit from after any step and any epoch", async () => {
    const files = readdirSync(join(folder, "every"));
    // After each of five steps an epoch, the last included, and once more with the epoch's record.
    expect(files.length).toBeGreaterThanOrEqual(18);
    for (const file of files) {
      const { model, options } = everything(77, callbacks());
      const resume = join(folder, "every", file);
      const history = await train.fit(model, { ...options, epochs: 4, resume });
      expect(outcome(model, history), file).toEqual(whole);
      expect(random.defaultGenerator().state(), file).toEqual(session);
    }
  });

  const { SGD, Momentum, Nesterov, AdaGrad, RMSProp, AdaDelta, Adam, AdamW } = optim;
  test.each(Object.entries({ SGD, Momentum, Nesterov, AdaGrad, RMSProp, AdaDelta, Adam, AdamW }))(
    "%s with a schedule, clipping and a group's own rate, in mid-epoch",
    async (name, Method) => {
      const place = join(folder, name, "{step}.safetensors");
      const run = async (seed: number, resume?: string): Promise<unknown> => {
        const saving = [train.checkpoint(place, { everySteps: 2 })];
        const { model, options } = everything(seed, saving, 6, ([weight, ...rest]) => {
          const group = { parameters: [weight], ...(name !== "AdaDelta" && { learningRate: 0.05 }) };
          const schedule = optim.schedules.oneCycle(10);
          return new Method([group, ...rest], { schedule, clipGradients: { norm: 0.1 } });
        });
        const regularizer = regularizers.l1(0.01);
        const history = await train.fit(model, {
          ...options,
          regularizer,
          epochs: 2,
          ...(resume && { resume }),
        });
        return [outcome(model, history), options.optimizer.stateDict()];
      };
      const expected = await run(5);
      expect(await run(6, join(folder, name, "7.safetensors"))).toEqual(expected);
    },
  );

  test("in windows of a sequence, between two batches", async () => {
    const texts = new TextDataset(["hello world", "to be or not to be", "gradient descent"]);
    const make = (seed: number): Case => {
      random.seed(seed);
      const lstm = new nn.LSTM(8, 8);
      const [embedding, output] = [
        new nn.Embedding(texts.vocabulary.size, 8),
        new nn.Linear(8, texts.vocabulary.size),
      ];
      class Speaker extends nn.Module {
        readonly parts = [embedding, lstm, output];
        forward(ids: Tensor, { state }: { state?: nn.LSTMState } = {}): unknown {
          const read = lstm.forward(embedding.forward(ids), state && { state });
          const flat = read.output.reshape([-1, 8]);
          return { output: output.forward(flat).reshape([...ids.shape, -1]), state: read.state };
        }
      }
      const model = new Speaker();
      const data = new DataLoader(texts, { batchSize: 1, shuffle: true });
      const optimizer = new optim.Adam(model.parameters());
      return { model, options: { data, loss: crossEntropy, optimizer, window: 4, progress: false } };
    };
    const place = join(folder, "windows", "{step}.safetensors");
    const run = async (seed: number, resume?: string): Promise<unknown> => {
      const { model, options } = make(seed);
      const each = [train.checkpoint(place, { everySteps: 1 })];
      const history = await train.fit(model, {
        ...options,
        epochs: 2,
        callbacks: each,
        ...(resume && { resume }),
      });
      return outcome(model, history);
    };
    const expected = await run(3);
    const files = readdirSync(join(folder, "windows"));
    expect(files).toHaveLength(6);
    for (const file of files) expect(await run(4, join(folder, "windows", file)), file).toEqual(expected);
  });

  test("after its last epoch: to more epochs, to the end it had come to, or where a callback had stopped it", async () => {
    const end = join(folder, "end.safetensors");
    const each = (): train.Callback[] => [
      train.checkpoint(end, { onlyBest: false }),
      train.earlyStopping({ patience: 9 }),
    ];
    const fit = async (epochs: number, resume?: string): Promise<[unknown, train.History]> => {
      const { model, options } = everything(resume ? 9 : 2, each());
      const history = await train.fit(model, { ...options, epochs, ...(resume && { resume }) });
      return [outcome(model, history), history];
    };
    const [five] = await fit(5);
    const [three] = await fit(3);
    const [again, history] = await fit(3, end);
    expect(again).toEqual(three);
    expect(history.status).toBe("finished");
    expect((await fit(5, end))[0]).toEqual(five);

    const { model, options } = drift();
    const stopping = (): train.Callback[] => [
      train.checkpoint(end, { onlyBest: false }),
      train.earlyStopping({ patience: 1 }),
    ];
    const stopped = await train.fit(model, { ...options, epochs: 9, callbacks: stopping() });
    const other = drift();
    const resumed = await train.fit(other.model, {
      ...other.options,
      epochs: 9,
      callbacks: stopping(),
      resume: end,
    });
    expect([resumed.status, resumed.epochs.length, resumed.restoredEpoch]).toEqual(["stopped", 4, 3]);
    expect(outcome(other.model, resumed)).toEqual(outcome(model, stopped));
    expect(other.model.weight.item()).toBe(driftWeights[2]);
  });

  test("keeps numbers that JSON has not", async () => {
    const place = join(folder, "odd.safetensors");
    let found: unknown;
    const options = (): Case => {
      const { model, options } = drift();
      const own: train.Callback = {
        name: "own",
        save: () => ({ values: { minus: -0, list: [NaN] } }),
        restore: (_history, { values }) => void (found = values),
      };
      const metrics = { nothing: () => NaN, much: () => -Infinity, less: () => 0.5 };
      return {
        model,
        options: { ...options, metrics, callbacks: [own, train.checkpoint(place, { onlyBest: false })] },
      };
    };
    const first = options();
    const written = await train.fit(first.model, { ...first.options, epochs: 1 });
    const second = options();
    const read = await train.fit(second.model, { ...second.options, epochs: 1, resume: place });
    expect(read.epochs).toEqual(written.epochs);
    expect(found).toEqual({ minus: -0, list: [NaN] });
    expect(read.epochs[0].metrics).toEqual({ nothing: NaN, much: -Infinity, less: 0.5 });
  });

  test("tells the time left from the steps of its own", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const [file] = readdirSync(join(folder, "every")).filter((name) => name.startsWith("2-10"));
      const { model, options } = everything(3, [{ onStep: () => void vi.advanceTimersByTime(500) }]);
      const resume = join(folder, "every", file);
      const { result, shown } = await recordingHost(() =>
        train.fit(model, { ...options, progress: true, epochs: 4, resume }),
      );
      expect(result.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
      const lines = shown[0].states.map(textOf);
      expect(lines[0]).toMatch(/^epoch 3\/4 · loss \d\.\d{4}, validation accuracy .* · starting$/);
      // Half a second for the first two of ten steps.
      expect(lines[1]).toMatch(/ETA 2 s$/);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("what cannot be resumed is refused, and nothing is changed", () => {
  const path = join(folder, "refused.safetensors");
  const file = (name: string, contents: string | Uint8Array): string => {
    const place = join(folder, name);
    writeFileSync(place, contents);
    return place;
  };

  beforeAll(async () => {
    const mid = train.checkpoint(join(folder, "mid-{step}.safetensors"), { everySteps: 3 });
    const { model, options } = everything(1, [train.checkpoint(path, { onlyBest: false }), mid]);
    await train.fit(model, { ...options, epochs: 2 });
    await model.save(join(folder, "weights.safetensors"));
  });

  const sgd = (made: Case): Case => ({
    ...made,
    options: { ...made.options, optimizer: new optim.SGD(made.model.parameters()) },
  });
  const fewer = (made: Case): Case => ({
    ...made,
    options: { ...made.options, optimizer: new optim.Adam(made.model.parameters().slice(0, 2)) },
  });
  const otherData = (made: Case): Case => ({
    ...made,
    options: { ...made.options, data: new DataLoader(images(), { batchSize: 5, shuffle: true }) },
  });
  const deeper = (made: Case): Case => {
    const model = new nn.Sequential(made.model, new nn.Linear(2, 2));
    return { model, options: { ...made.options, optimizer: new optim.Adam(model.parameters()) } };
  };
  const plain = (made: Case): Case => ({
    ...made,
    options: { ...made.options, data: { length: 5, [Symbol.iterator]: () => [].values() } },
  });

  test.each<[string, () => Case, () => string, RegExp]>([
    [
      "of a model with other sizes, each named",
      () => everything(5, [], 8),
      () => path,
      /^fit: .*refused.safetensors is the checkpoint of another model: loadStateDict: "1.weight" is \[16, 8\], the saved one \[16, 6\]; "1.bias" is \[8\], the saved one \[6\]; .*"6.weight" is \[8, 2\], the saved one \[6, 2\]; "2.runningMean" is \[8\], the saved one \[6\]; and 1 more$/,
    ],
    [
      "of a model with other layers",
      () => deeper(everything(5, [])),
      () => path,
      /another model: loadStateDict: unexpected "2.bias" \(did you mean "0.2.bias"\?\); unexpected "2.runningMean"; .*; and 8 more$/,
    ],
    [
      "of another optimizer",
      () => sgd(everything(5, [])),
      () => path,
      /refused.safetensors is a checkpoint of Adam, and this optimizer is SGD$/,
    ],
    [
      "of an optimizer over other parameters",
      () => fewer(everything(5, [])),
      () => path,
      /is the checkpoint of an optimizer over other parameters: Adam.loadStateDict: unexpected "m.2"; /,
    ],
    [
      "of other data",
      () => otherData(everything(5, [])),
      () => path,
      /is the checkpoint of a training on other data: DataLoader.restore: the state was saved with batchSize 4, and this loader has 5$/,
    ],
    [
      "in mid-epoch, for data that cannot be put back",
      () => plain(everything(5, [])),
      () => join(folder, "mid-3.safetensors"),
      /was written in mid-epoch; to go on from there data must be a DataLoader$/,
    ],
    [
      "weights alone",
      () => everything(5, []),
      () => join(folder, "weights.safetensors"),
      /weights.safetensors holds weights alone, which model.load takes; a training resumes from what train.checkpoint wrote$/,
    ],
    [
      "a missing file",
      () => everything(5, []),
      () => join(folder, "none.safetensors"),
      /^there is no file .*none.safetensors/,
    ],
    [
      "half a file",
      () => everything(5, []),
      () => file("half.safetensors", readFileSync(path).subarray(0, -100)),
      /half.safetensors: it is truncated/,
    ],
    [
      "a file whose state is no JSON",
      () => everything(5, []),
      () => file("json.safetensors", damaged(readFileSync(path))),
      /json.safetensors: it is damaged: /,
    ],
  ])("%s", async (_name, make, from, message) => {
    const { model, options } = make();
    const { data, optimizer } = options;
    const place = (): unknown => (data instanceof DataLoader ? data.state() : undefined);
    const standing = (): unknown => [
      model.stateDict(),
      optimizer.stateDict(),
      place(),
      random.defaultGenerator().state(),
    ];
    const before = standing();
    await expect(train.fit(model, { ...options, epochs: 3, resume: from() })).rejects.toThrow(message);
    expect(standing()).toEqual(before);
  });

  /** The file's own header stays JSON; what is broken is the JSON inside it. */
  function damaged(bytes: Buffer): Buffer {
    bytes[bytes.indexOf('{\\"history\\"')] = "[".charCodeAt(0);
    return bytes;
  }

  test("data that cannot be put back has checkpoints at the end of epochs alone", async () => {
    const { model, options } = everything(6, []);
    const batches = {
      length: 5,
      [Symbol.iterator]: () => new DataLoader(images(), { batchSize: 4 })[Symbol.iterator](),
    };
    const fit = (checkpoint: train.Callback): Promise<unknown> =>
      train.fit(model, { ...options, data: batches, epochs: 1, callbacks: [checkpoint] });
    await fit(train.checkpoint(join(folder, "ends.safetensors")));
    await expect(fit(train.checkpoint(join(folder, "mid.safetensors"), { everySteps: 2 }))).rejects.toThrow(
      "checkpoint: in mid-epoch the data must say where it stands, with state() and restore(); use a DataLoader",
    );
  });

  test("options that cannot be", () => {
    expect(() => train.checkpoint("a", { everySteps: 0 })).toThrow(
      new RangeError("checkpoint: everySteps must be an integer >= 1, got 0"),
    );
    expect(() => train.checkpoint("a", { everySteps: 1, onlyBest: true })).toThrow(
      "checkpoint: everySteps writes best or not; leave onlyBest out, or use two checkpoints",
    );
  });
});
