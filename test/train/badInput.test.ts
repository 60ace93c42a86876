import { beforeEach, describe, expect, test, vi } from "vitest";
import { augment, data, losses, nn, optim, regularizers, Tensor, tensor, train } from "../../src/index.ts";

/** Six examples of four numbers in three classes, or of the labels given. */
const examples = (labels: number[] = [0, 1, 2, 0, 1, 2]): data.TensorDataset =>
  new data.TensorDataset(
    { data: new Float32Array(labels.length * 4).fill(1), shape: [labels.length, 4] },
    labels,
  );
const model = (): nn.Linear => new nn.Linear(4, 3);

describe("a training that would fail later is refused before its first step", () => {
  const fit = async (options: object, given: unknown = model()): Promise<unknown> => {
    const layer = given instanceof nn.Module ? given : model();
    const steps = vi.fn();
    const work = train.fit(given as nn.Module, {
      data: new data.DataLoader(examples()),
      loss: losses.crossEntropy,
      optimizer: new optim.SGD(layer.parameters()),
      epochs: 2,
      progress: false,
      callbacks: [{ onStep: steps }],
      ...options,
    });
    try {
      return await work;
    } finally {
      expect(steps).not.toHaveBeenCalled();
    }
  };
  const noValidation = "the epochs have no validationLoss; give validation examples, or watch the training";

  test.each<[string, object, string]>([
    [
      "a data set in a loader's place",
      { data: examples() },
      "fit: data must come in batches, got a TensorDataset; give new data.DataLoader(examples)",
    ],
    ["no data", { data: undefined }, "fit: data must come in batches, got undefined"],
    [
      "an empty data set",
      { data: new data.DataLoader(examples([])) },
      "fit: data has no batch; is the data set empty, or smaller than a batch with dropLast?",
    ],
    [
      "nothing but a smaller batch, dropped",
      { data: new data.DataLoader(examples(), { batchSize: 7, dropLast: true }) },
      "fit: data has no batch",
    ],
    [
      "an empty validation",
      { validation: examples([]) },
      "fit: the validation data set is empty; leave it out, or give it examples",
    ],
    [
      "a loader as validation",
      { validation: new data.DataLoader(examples()) },
      "fit: validation must be a data set, got a DataLoader; give the examples themselves, without a loader",
    ],
    [
      "no loss",
      { loss: undefined },
      "fit: loss must be a function, got undefined; give one of losses by its name",
    ],
    ["a loss in quotes", { loss: "crossEntropy" }, "fit: loss must be a function, got a string"],
    ["no optimizer", { optimizer: undefined }, "fit: optimizer must be one of optim, got undefined"],
    [
      "an optimizer's class",
      { optimizer: optim.Adam },
      "fit: optimizer must be one of optim, got a function; such as new optim.Adam(model.parameters())",
    ],
    [
      "another model's optimizer",
      { optimizer: new optim.SGD(model().parameters()) },
      "fit: the optimizer holds no parameter of this model",
    ],
    ["a number as regularizer", { regularizer: 0.1 }, "fit: regularizer must be a function, got a number"],
    [
      "a number as metric",
      { metrics: { recall: 3 } },
      "fit: metrics.recall must be a function, got a number",
    ],
    [
      "one callback without a list",
      { callbacks: train.gradientNorms() },
      "fit: callbacks must be an array, got { onStep }; write [callback]",
    ],
    [
      "a callback that was not called",
      { callbacks: [{}, train.earlyStopping] },
      "fit: callback 1 is a function; call it, as in train.earlyStopping()",
    ],
    [
      "early stopping without validation",
      { callbacks: [train.earlyStopping()] },
      `earlyStopping: ${noValidation}`,
    ],
    [
      "the best checkpoint without validation",
      { callbacks: [train.checkpoint("x")] },
      `checkpoint: ${noValidation}`,
    ],
    [
      "a plateau without validation",
      { callbacks: [train.reduceLearningRateOnPlateau()] },
      `reduceLearningRateOnPlateau: ${noValidation}`,
    ],
  ])("%s", async (_name, options, message) => {
    await expect(fit(options)).rejects.toThrow(message);
  });

  test("no options", async () => {
    await expect(train.fit(model(), undefined as never)).rejects.toThrow(
      new TypeError("fit: it takes { data, loss, optimizer, epochs } after the model, got undefined"),
    );
  });

  test("no model, and a class in its place", async () => {
    for (const [given, got] of [
      [null, "null"],
      [nn.Linear, "a function"],
      [[model()], "an array"],
    ] as const)
      await expect(fit({}, given)).rejects.toThrow(`fit: the model must be a module, got ${got}`);
  });

  test("every optimizer of a race", async () => {
    const race = train.compareOptimizers({
      model,
      optimizers: { SGD: (parameters) => new optim.SGD(parameters) },
      data: examples([]),
      loss: losses.crossEntropy,
      epochs: 1,
    });
    await expect(race).rejects.toThrow("compareOptimizers: data has no batch");
  });

  test("a monitor that does not exist", () => {
    expect(() => train.earlyStopping({ monitor: "validationLos" as never })).toThrow(
      new RangeError(
        'earlyStopping: there is no "validationLos" to monitor; did you mean "validationLoss"? ' +
          "There is loss, accuracy, validationLoss, validationAccuracy, or a function of the epoch's record",
      ),
    );
  });
});

describe("a loss that is no number", () => {
  let warn: ReturnType<typeof vi.spyOn>;
  beforeEach(() => {
    warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    return () => warn.mockRestore();
  });

  test("from a gap in the data: step, cause, no talk of learning rates; what was done is kept", async () => {
    const inputs = new Float32Array(24).fill(1);
    inputs[21] = NaN;
    const set = new data.TensorDataset({ data: inputs, shape: [6, 4] }, [0, 1, 2, 0, 1, 2]);
    const layer = model();
    const history = await train.fit(layer, {
      data: new data.DataLoader(set, { batchSize: 2 }),
      loss: losses.crossEntropy,
      optimizer: new optim.SGD(layer.parameters()),
      epochs: 3,
      progress: false,
    });
    expect([history.status, history.stepLosses.length]).toEqual(["diverged", 2]);
    expect(history.failure).toBe(
      "fit: training diverged: the loss at step 3 (epoch 1) is not a finite number, so its training ended there. " +
        "The inputs of the batch already hold NaN; look for gaps in the data.",
    );
    expect(warn).toHaveBeenCalledWith(history.failure);
    expect(layer.weight.data.every(Number.isFinite)).toBe(true);
  });
});

describe("optimizers", () => {
  const parameters = (): Tensor[] => model().parameters();
  test.each<[string, () => unknown, string]>([
    [
      "a model",
      () => new optim.SGD(model() as never),
      "SGD: parameters must be a list of tensors, got a Linear; give it model.parameters()",
    ],
    [
      "nothing",
      () => new optim.Adam(undefined as never),
      "Adam: parameters must be a list of tensors, got undefined",
    ],
    [
      "one tensor",
      () => new optim.SGD(model().weight as never),
      "SGD: parameters must be a list of tensors, got a Tensor; put it into a list, [w]",
    ],
    [
      "names with the parameters",
      () => new optim.SGD(model().namedParameters() as never),
      "SGD: parameter 0 is no tensor but an array; give it model.parameters()",
    ],
    ["an empty list", () => new optim.SGD([]), "SGD: no parameters to optimize; give it model.parameters()"],
    [
      "a rate without its name",
      () => new optim.SGD(parameters(), 0.1 as never),
      "SGD: options must be an object, such as { learningRate: 0.01 }, got 0.1",
    ],
    [
      "a rate in quotes",
      () => new optim.Adam(parameters(), { learningRate: "0.1" as never }),
      "Adam: learningRate must be a number, got a string",
    ],
    [
      "a negative rate",
      () => new optim.RMSProp(parameters(), { learningRate: -1 }),
      "RMSProp: learningRate must be >= 0, got -1",
    ],
    [
      "a rate that is NaN",
      () => new optim.AdaGrad(parameters(), { learningRate: NaN }),
      "AdaGrad: learningRate must be >= 0, got NaN",
    ],
    [
      "a momentum in quotes",
      () => new optim.Momentum(parameters(), { momentum: "0.9" as never }),
      "Momentum: momentum must be a number, got a string",
    ],
    [
      "a number as schedule",
      () => new optim.SGD(parameters(), { schedule: 0.5 as never }),
      "SGD: schedule must be a function of the step",
    ],
    [
      "a tensor to minimize",
      () => new optim.SGD(parameters()).minimize(tensor(1) as never),
      "minimize: give it a function that computes the loss, () => loss, got a Tensor",
    ],
    [
      "a promise to minimize",
      () => new optim.SGD(parameters()).minimize((async () => tensor(1)) as never),
      "minimize: the loss must be a scalar tensor, got a Promise; the function must not be async",
    ],
  ])("given %s", (_name, work, message) => {
    expect(work).toThrow(message);
  });

  test("a rate or a schedule that breaks on the way ends the step before anything moves", () => {
    const layer = model();
    const before = layer.stateDict();
    const step = (optimizer: optim.SGD) => () =>
      optimizer.minimize(() => losses.crossEntropy(layer.forward(Tensor.ones([2, 4])), [0, 1]));
    const broken = new optim.SGD(layer.parameters());
    broken.learningRate = NaN;
    expect(step(broken)).toThrow(new RangeError("SGD: learningRate must be >= 0, got NaN"));
    const uncalled = new optim.SGD(layer.parameters(), { schedule: optim.schedules.exponential as never });
    expect(step(uncalled)).toThrow(
      "schedule: it gives a function; call it first, as in schedules.cosine(1000)",
    );
    expect([broken.steps, uncalled.steps, layer.stateDict()]).toEqual([0, 0, before]);
  });

  test("a regularizer that was not made", () => {
    expect(() => regularizers.l1(model().parameters() as never)).toThrow(
      "l1: lambda must be a number, got an array; a regularizer is made first, as in regularizers.l1(0.001)",
    );
  });
});

describe("layers and losses", () => {
  const list = [[1, 2, 3, 4]] as never;
  test.each<[string, () => unknown, string]>([
    [
      "a list",
      () => model().forward(list),
      "linear: the input must be a tensor, got an array; make it with tensor(…)",
    ],
    [
      "a typed array",
      () => model().forward(new Float32Array(4) as never),
      "linear: the input must be a tensor, got a Float32Array; make it with tensor(…)",
    ],
    [
      "nothing",
      () => model().forward(undefined as never),
      "linear: the input must be a tensor, got undefined",
    ],
    ["null", () => model().forward(null as never), "linear: the input must be a tensor, got null"],
    [
      "a promise",
      () => model().forward(Promise.resolve() as never),
      "linear: the input must be a tensor, got a Promise; await it",
    ],
    [
      "a data set",
      () => model().forward(examples() as never),
      "linear: the input must be a tensor, got a TensorDataset",
    ],
    [
      "what a recurrent layer gives",
      () => new nn.Sequential(new nn.LSTM(4, 4), model()).forward(Tensor.ones([1, 2, 4])),
      "linear: the input must be a tensor, got { output, state }; what a recurrent layer puts out is in .output",
    ],
    [
      "a list of images",
      () => new nn.Conv2d(1, 1, 1).forward(list),
      "conv2d: the images must be a tensor, got an array",
    ],
    [
      "a list to transpose",
      () => new nn.ConvTranspose2d(1, 1, 1).forward(list),
      "convTranspose2d: the images must be a tensor, got an array",
    ],
    [
      "a list to pool",
      () => new nn.MaxPool2d(1).forward(list),
      "maxPool2d: the images must be a tensor, got an array",
    ],
    [
      "a list to normalize",
      () => new nn.BatchNorm1d(4).forward(list),
      "BatchNorm1d: the input must be a tensor, got an array",
    ],
    ["a slope that is NaN", () => new nn.LeakyReLU(NaN), "LeakyReLU: slope must be finite, got NaN"],
    [
      "an initializer that was not called",
      () => new nn.Linear(2, 2, { init: init() }),
      "init: it made a function instead of a tensor; some are called first, as in init.constant(0.1)",
    ],
    [
      "no labels",
      () => losses.crossEntropy(Tensor.ones([1, 2]), undefined as never),
      "crossEntropy: the labels must be a tensor, got undefined",
    ],
    [
      "a number as label",
      () => losses.binaryCrossEntropy(Tensor.ones([1]), 1 as never),
      "binaryCrossEntropy: the labels must be a tensor, got a number",
    ],
    [
      "logits in a list",
      () => losses.crossEntropy(list, [0]),
      "crossEntropy: the logits must be a tensor, got an array",
    ],
    [
      "logits in a list, two classes",
      () => losses.binaryCrossEntropy(list, [0]),
      "binaryCrossEntropy: the logits must be a tensor, got an array",
    ],
    [
      "a prediction in a list",
      () => losses.huber(list, tensor([1])),
      "huber: the prediction must be a tensor, got an array",
    ],
    [
      "no target",
      () => losses.meanAbsoluteError(tensor([1]), undefined as never),
      "meanAbsoluteError: the target must be a tensor, got undefined",
    ],
  ])("given %s", (_name, work, message) => {
    expect(work).toThrow(message);
  });
  const init = () => ((x: number) => () => x) as never;
});

describe("what looks at a model says what it was given instead:", () => {
  const loader = new data.DataLoader(examples());
  const loss = losses.crossEntropy;
  const optimizer = new optim.SGD(model().parameters());
  test.each<[string, () => unknown, string]>([
    [
      "a loader, to evaluate",
      () => train.evaluate(model(), loader as never, { loss }),
      "evaluate: it takes a data set, got a DataLoader; give the examples themselves, without a loader",
    ],
    [
      "a tensor, to predict",
      () => train.predict(model(), Tensor.ones([2, 4]) as never),
      "predict: it takes a data set, got a Tensor",
    ],
    ["nothing", () => train.evaluate(model(), examples([]), { loss }), "evaluate: the data set is empty"],
    [
      "a class as model",
      () => train.predict(nn.Linear as never, examples()),
      "predict: the model must be a module, got a function; give it a layer or nn.Sequential",
    ],
    [
      "no loss",
      () => train.evaluate(model(), examples(), {} as never),
      "evaluate: loss must be a function, got undefined",
    ],
    [
      "a model and data, to count its mistakes",
      () => train.confusionMatrix(model() as never, examples() as never),
      "confusionMatrix: the prediction must be a tensor, got a Linear",
    ],
    [
      "no labels",
      () => train.accuracy(Tensor.ones([2, 3]), undefined as never),
      "accuracy: the labels must be a tensor, got undefined",
    ],
  ])("%s", (_name, work, message) => {
    expect(work).toThrow(message);
  });

  test("a search for a learning rate, or a try at one batch, without its parts", async () => {
    await expect(train.learningRateFinder(model(), { data: loader, loss } as never)).rejects.toThrow(
      "learningRateFinder: optimizer must be one of optim, got undefined",
    );
    await expect(train.overfitOneBatch(model(), { loss, optimizer } as never)).rejects.toThrow(
      "overfitOneBatch: data must come in batches, got undefined",
    );
  });
});

describe("data", () => {
  const images = new data.TensorDataset({ data: new Uint8Array(32), shape: [2, 4, 4, 1] }, [0, 1]);
  test.each<[string, () => unknown, string]>([
    [
      "nested lists",
      () => new data.TensorDataset([[1], [2]] as never, [0, 1]),
      "TensorDataset: inputs must be a tensor, or { data, shape } with a typed array, got an array; tensor(…) makes one of nested lists",
    ],
    [
      "a plain list in a shape",
      () => new data.TensorDataset({ data: [1, 2], shape: [2, 1] } as never, [0, 1]),
      "inputs must be a tensor, or { data, shape } with a typed array, got { data, shape }",
    ],
    [
      "no inputs",
      () => new data.TensorDataset(undefined as never, []),
      "TensorDataset: inputs must be a tensor",
    ],
    [
      "no labels",
      () => new data.TensorDataset(Tensor.ones([1, 1]), undefined as never),
      "TensorDataset: labels must be a list or a tensor, got undefined",
    ],
    [
      "a scale that is NaN",
      () => new data.TensorDataset(Tensor.ones([1, 1]), [0], { scale: NaN }),
      "TensorDataset: scale must be finite, got NaN",
    ],
    [
      "a loader of nothing",
      () => new data.DataLoader(undefined as never),
      "DataLoader: it takes a data set, got undefined; make one with new data.TensorDataset(inputs, labels)",
    ],
    [
      "a loader of a tensor",
      () => new data.DataLoader(Tensor.ones([2, 2]) as never),
      "DataLoader: it takes a data set, got a Tensor",
    ],
    [
      "a list of augmentations",
      () => new data.DataLoader(images, { augment: [augment.flip()] as never }),
      "DataLoader: augment must be one function, got an array; join several with augment.compose(…)",
    ],
    [
      "an augmentation that was not called",
      () => [...new data.DataLoader(images, { augment: augment.flip as never })],
      "DataLoader: augment gave a function instead of images { data, shape }; those of `augment` are called first, as in augment.flip()",
    ],
    [
      "an angle that is missing",
      () => augment.rotate({} as never),
      "rotate: degrees must be a number, or [low, high] of them with low <= high, got undefined",
    ],
    [
      "a part without examples",
      () => data.split(examples([0, 1]), [0.9, 0.1]),
      "split: part 1, 0.1 of 2 examples, would be empty; give it a larger fraction, or take more examples",
    ],
    [
      "a split of nothing",
      () => data.split(examples([]), [0.5, 0.5]),
      "split: part 0, 0.5 of 0 examples, would be empty",
    ],
    [
      "a table with a header alone",
      () => data.fromTable(data.parseCsv("a,b\n"), { labels: "b" }),
      "fromTable: the table has no rows; is there more than a header?",
    ],
  ])("given %s", (_name, work, message) => {
    expect(work).toThrow(message);
  });

  test("a folder in a file's place", async () => {
    await expect(model().load(import.meta.dirname)).rejects.toThrow(
      `${import.meta.dirname} is a folder, not a file`,
    );
  });
});
