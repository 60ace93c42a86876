/**
 * The types of the public names, as a cell meets them. This is compiled with the other tests and never run: what
 * must be refused stands below a `@ts-expect-error`, which is an error itself where nothing is refused.
 */
import type { ColumnTable } from "arquero";
import { expectTypeOf, test } from "vitest";
import {
  augment,
  data,
  init,
  losses,
  nn,
  optim,
  plot,
  random,
  regularizers,
  Tensor,
  tensor,
  train,
} from "../../src/index.ts";

const model = new nn.Sequential(
  new nn.Flatten(),
  new nn.Linear(64, 32),
  new nn.ReLU(),
  new nn.Linear(32, 10),
);
const weights = model.parameters();
const digits = await data.load("digits");
const [training, validation] = data.split(digits, [0.8, 0.2], { seed: 7, stratified: true });

test("tensors", () => {
  expectTypeOf(tensor([[1, 2], [3, 4]])).toEqualTypeOf<Tensor>(); // prettier-ignore
  expectTypeOf(Tensor.zeros([2, 3]).shape).toEqualTypeOf<readonly number[]>();
  expectTypeOf(tensor(1).item()).toEqualTypeOf<number>();
  expectTypeOf(tensor([1]).grad).toEqualTypeOf<Tensor | null>();
  expectTypeOf(
    tensor([1])
      .add(1)
      .mul(tensor([2]))
      .sum(),
  ).toEqualTypeOf<Tensor>();
  // @ts-expect-error: float16 is no type of number here
  tensor([1], { dtype: "float16" });
  // @ts-expect-error: requiresGrad, not requires_grad
  tensor([1], { requires_grad: true });
  // @ts-expect-error: a shape is one list
  Tensor.zeros(2, 3);
});

test("layers", () => {
  expectTypeOf(model.forward(Tensor.zeros([1, 64]))).toEqualTypeOf<Tensor>();
  expectTypeOf(weights).toEqualTypeOf<Tensor[]>();
  expectTypeOf(model.namedParameters()).toEqualTypeOf<[string, Tensor][]>();
  expectTypeOf(model.eval()).toEqualTypeOf(model);
  expectTypeOf(new nn.Linear(64, 10)).toEqualTypeOf<nn.Linear<64, 10>>();
  expectTypeOf(new nn.LSTM(8, 16).forward(Tensor.zeros([1, 5, 8])).output).toEqualTypeOf<Tensor>();
  expectTypeOf(model.layers[1].weight).toEqualTypeOf<Tensor>();
  new nn.Linear(64, 10, { bias: false, init: init.heNormal });
  new nn.Conv2d(1, 8, [5, 3], { stride: 2, padding: [1, 0] });
  // @ts-expect-error: bias, not useBias
  new nn.Linear(64, 10, { useBias: false });
  // @ts-expect-error: sizes come one by one
  new nn.Linear({ in: 64, out: 10 });
  // @ts-expect-error: a layer needs both sizes
  new nn.Linear(64);
  // @ts-expect-error: layers are made with new
  new nn.Sequential(nn.ReLU);
  // @ts-expect-error: init.constant is called first
  new nn.Linear(2, 2, { init: init.constant });
  // @ts-expect-error: no number in words
  new nn.Dropout("half");
});

test("losses", () => {
  expectTypeOf(losses.crossEntropy(tensor([[1, 2]]), [0], { classWeights: [1, 2] })).toEqualTypeOf<Tensor>();
  expectTypeOf(losses.huber).parameters.toExtend<[Tensor, Tensor, ({ delta?: number } | undefined)?]>();
  // @ts-expect-error: the mean is called mean
  losses.meanSquaredError(tensor([1]), tensor([1]), { reduction: "average" });
  // @ts-expect-error: predictions are a tensor
  losses.crossEntropy([[1, 2]], [0]);
  // @ts-expect-error: targets of a regression too
  losses.meanSquaredError(tensor([1]), [1]);
});

test("optimizers", () => {
  const adam = new optim.Adam(weights, { learningRate: 0.01, beta1: 0.8, epsilonPlacement: "outside" });
  expectTypeOf(adam.minimize(() => tensor(1))).toEqualTypeOf<number>();
  expectTypeOf(adam).toExtend<optim.Optimizer>();
  expectTypeOf(optim.schedules.cosine(10)).toEqualTypeOf<optim.Schedule>();
  new optim.SGD([{ parameters: weights, learningRate: 0.1 }], { schedule: optim.schedules.step(3) });
  // @ts-expect-error: learningRate, not lr
  new optim.SGD(weights, { lr: 0.1 });
  // @ts-expect-error: options stand in an object
  new optim.SGD(weights, 0.1);
  // @ts-expect-error: parameters, not the model
  new optim.SGD(model, { learningRate: 0.1 });
  // @ts-expect-error: names are not optimized
  new optim.SGD(model.namedParameters());
  // @ts-expect-error: AdaDelta has no learning rate
  new optim.AdaDelta(weights, { learningRate: 1 });
  // @ts-expect-error: a schedule is called first
  new optim.SGD(weights, { schedule: optim.schedules.oneCycle });
  // @ts-expect-error: the loss stands in a function
  adam.minimize(tensor(1));
  // @ts-expect-error: and that is not async
  adam.minimize(async () => tensor(1));
});

test("data", () => {
  expectTypeOf(digits).toEqualTypeOf<data.TensorDataset>();
  expectTypeOf(training).toEqualTypeOf<data.Subset>();
  expectTypeOf(data.csv("x.csv")).resolves.toEqualTypeOf<ColumnTable>();
  const loader = new data.DataLoader(training, {
    batchSize: "all",
    shuffle: true,
    augment: augment.flip(),
    prefetch: 2,
  });
  for (const batch of loader) expectTypeOf(batch).toEqualTypeOf<data.Batch>();
  // @ts-expect-error: no such data set
  void data.load("mnits");
  // @ts-expect-error: batchSize, not batch_size
  new data.DataLoader(training, { batch_size: 32 });
  // @ts-expect-error: a number, or "all"
  new data.DataLoader(training, { batchSize: "whole" });
  // @ts-expect-error: several augmentations are composed
  new data.DataLoader(training, { augment: [augment.flip()] });
  // @ts-expect-error: an augmentation is called first
  new data.DataLoader(training, { augment: augment.rotate });
  // @ts-expect-error: a turn needs its degrees
  augment.rotate({ angle: 10 });
});

test("training", async () => {
  const options = {
    data: new data.DataLoader(training),
    loss: losses.crossEntropy,
    optimizer: new optim.SGD(weights),
    epochs: 2,
  };
  const history = await train.fit(model, { ...options, validation, resume: "a", live: plot.lossCurves });
  expectTypeOf(history).toEqualTypeOf<train.History>();
  expectTypeOf(history.epochs[0].validationAccuracy).toEqualTypeOf<number | undefined>();
  expectTypeOf(train.evaluate(model, validation, { loss: losses.crossEntropy }).loss).toEqualTypeOf<number>();
  await train.fit(model, {
    ...options,
    regularizer: regularizers.l1(0.1),
    callbacks: [train.earlyStopping({ patience: 3 })],
  });
  // @ts-expect-error: a training needs its loss
  await train.fit(model, { data: options.data, optimizer: options.optimizer, epochs: 1 });
  // @ts-expect-error: batches come from a loader
  await train.fit(model, { ...options, data: training });
  // @ts-expect-error: epochs is a number
  await train.fit(model, { ...options, epochs: "2" });
  // @ts-expect-error: callbacks, in a list
  await train.fit(model, { ...options, callbacks: train.earlyStopping() });
  // @ts-expect-error: a callback is called first
  await train.fit(model, { ...options, callbacks: [train.checkpoint] });
  // @ts-expect-error: validation, not validationData
  await train.fit(model, { ...options, validationData: validation });
  // @ts-expect-error: patience, not patients
  train.earlyStopping({ patients: 3 });
  // @ts-expect-error: nothing of that name to monitor
  train.earlyStopping({ monitor: "val_loss" });
  const race = await train.compareOptimizers({
    model: () => model,
    optimizers: { Adam: (w) => new optim.Adam(w) },
    data: training,
    loss: losses.crossEntropy,
    epochs: 1,
  });
  expectTypeOf(race.table()).toEqualTypeOf<ColumnTable>();
});

test("random", () => {
  expectTypeOf(random.generator(3).uniform()).toEqualTypeOf<number>();
  // @ts-expect-error: a seed is a number
  random.seed("3");
});
