import { expect, test } from "vitest";
import * as train from "../../src/train/index.ts";
import golden from "../reference/plateau.json" with { type: "json" };
import { drift } from "./drift.ts";

test.each(golden.cases.map((one) => [JSON.stringify(one.options), one] as const))(
  "the learning rates are PyTorch's: %s",
  async (_, { options, values, rates }) => {
    const { model, options: fitOptions } = drift();
    const { optimizer } = fitOptions;
    optimizer.learningRate = 1;
    const seen: number[] = [];
    await train.fit(model, {
      ...fitOptions,
      epochs: values.length,
      callbacks: [
        train.reduceLearningRateOnPlateau({
          ...(options as train.ReduceLearningRateOptions),
          monitor: ({ epoch }) => values[epoch - 1],
        }),
        { onEpoch: () => void seen.push(optimizer.learningRate) },
      ],
    });
    expect(new Set(rates).size).toBeGreaterThan(1);
    expect(seen).toEqual(rates);
  },
);

test("the history has the learning rate of every epoch", async () => {
  const { model, options } = drift();
  const halve = train.reduceLearningRateOnPlateau({ factor: 0.5, patience: 2 });
  const history = await train.fit(model, { ...options, epochs: 7, callbacks: [halve] });
  // The validation loss is lowest after the third epoch; two more have passed after the fifth.
  expect(history.epochs.map(({ learningRate }) => learningRate)).toEqual([
    ...new Array<number>(5).fill(1 / 16),
    ...[1 / 32, 1 / 32],
  ]);
});

test.each([
  [{ factor: 1 }, "reduceLearningRateOnPlateau: factor must lie in (0, 1), got 1"],
  [{ patience: 1.5 }, "reduceLearningRateOnPlateau: patience must be an integer >= 1, got 1.5"],
  [{ cooldown: -1 }, "reduceLearningRateOnPlateau: cooldown must be an integer >= 0, got -1"],
  [{ minimum: NaN }, "reduceLearningRateOnPlateau: minimum must be >= 0, got NaN"],
])("%j is refused", (options, message) => {
  expect(() => train.reduceLearningRateOnPlateau(options)).toThrow(new RangeError(message));
});

test("an optimizer without a learning rate is named before anything runs", async () => {
  const { model, options } = drift();
  Object.defineProperty(options.optimizer, "learningRate", { value: undefined });
  await expect(
    train.fit(model, { ...options, epochs: 1, callbacks: [train.reduceLearningRateOnPlateau()] }),
  ).rejects.toThrow("reduceLearningRateOnPlateau: SGD has no learning rate to reduce");
});
