import { describe, expect, test } from "vitest";
import type { Linear } from "../../src/nn/index.ts";
import { SGD } from "../../src/optim/index.ts";
import * as train from "../../src/train/index.ts";
import { drift, driftWeights } from "./drift.ts";
import { recordingHost } from "./host.ts";

describe("earlyStopping", () => {
  test("stops `patience` epochs after the best one, and restores that one's weights", async () => {
    const { model, options } = drift();
    const history = await train.fit(model, {
      ...options,
      epochs: 50,
      callbacks: [train.earlyStopping({ patience: 2 })],
    });
    expect([history.status, history.epochs.length, history.restoredEpoch]).toEqual(["stopped", 5, 3]);
    expect(model.weight.item()).toBe(driftWeights[2]);
    expect(history.epochs.map(({ validationLoss }) => validationLoss)).toEqual(
      driftWeights.map((w) => Math.fround((w - 1) * (w - 1))),
    );
    expect(history.toString()).toContain("weights of epoch 3");
  });

  test("restoreBest: false leaves the last weights", async () => {
    const { model, options } = drift();
    const stop = train.earlyStopping({ patience: 2, restoreBest: false });
    const history = await train.fit(model, { ...options, epochs: 50, callbacks: [stop] });
    expect([history.epochs.length, history.restoredEpoch]).toEqual([5, undefined]);
    expect(model.weight.item()).toBe(driftWeights[4]);
  });

  test("the best weights come back too where the epochs run out or the user interrupts", async () => {
    const first = drift();
    const callbacks = [train.earlyStopping({ patience: 9 })];
    const history = await train.fit(first.model, { ...first.options, epochs: 4, callbacks });
    expect([history.status, history.restoredEpoch]).toEqual(["finished", 3]);
    expect(first.model.weight.item()).toBe(driftWeights[2]);
    const second = drift();
    let steps = 0;
    const counting = { onStep: () => void steps++ };
    const { result } = await recordingHost(
      () => train.fit(second.model, { ...second.options, epochs: 50, callbacks: [...callbacks, counting] }),
      () => steps === 5,
    );
    expect([result.status, result.restoredEpoch]).toEqual(["interrupted", 3]);
    expect(second.model.weight.item()).toBe(driftWeights[2]);
  });

  test("minDelta: less than that is no improvement", async () => {
    const { model, options } = drift();
    // From the second epoch to the third the loss falls by 0.088, from the first to the second by 0.302.
    const stop = train.earlyStopping({ patience: 2, minDelta: 0.1 });
    const history = await train.fit(model, { ...options, epochs: 50, callbacks: [stop] });
    expect([history.epochs.length, history.restoredEpoch]).toEqual([4, 2]);
  });

  test("mode max and a function as monitor", async () => {
    const { model, options } = drift();
    const stop = train.earlyStopping({
      patience: 1,
      mode: "max",
      monitor: ({ validationMetrics }) => validationMetrics?.nearness,
    });
    const metrics = { nearness: (w: { item(): number }) => -Math.abs(w.item() - 0.7) };
    const history = await train.fit(model, { ...options, metrics, epochs: 50, callbacks: [stop] });
    expect([history.epochs.length, history.restoredEpoch]).toEqual([3, 2]);
    expect(history.epochs[0].validationMetrics).toEqual({ nearness: -Math.abs(0.375 - 0.7) });
  });

  test.each(["min", "max"] as const)("mode %s: what stays the same is no improvement", async (mode) => {
    const { model, options } = drift();
    const stop = train.earlyStopping({ patience: 3, mode, monitor: () => 0.5 });
    const history = await train.fit(model, { ...options, epochs: 50, callbacks: [stop] });
    expect([history.status, history.epochs.length, history.restoredEpoch]).toEqual(["stopped", 4, 1]);
  });

  test("NaN is no improvement, and any number is one on it", async () => {
    const { model, options } = drift();
    const stop = train.earlyStopping({ patience: 3, monitor: ({ epoch }) => (epoch === 2 ? 7 : NaN) });
    const history = await train.fit(model, { ...options, epochs: 50, callbacks: [stop] });
    expect([history.epochs.length, history.restoredEpoch]).toEqual([5, 2]);
  });

  test("stops after five epochs where nothing else is said", async () => {
    const { model, options } = drift();
    const stop = train.earlyStopping();
    const history = await train.fit(model, { ...options, epochs: 50, callbacks: [stop] });
    expect(history.epochs.length).toBe(8);
  });

  test("in a race each training has its own best", async () => {
    const { options } = drift();
    const { histories, models } = await train.compareOptimizers({
      model: () => drift().model,
      optimizers: {
        slow: (parameters) => new SGD(parameters, { learningRate: 1 / 16 }),
        fast: (parameters) => new SGD(parameters, { learningRate: 1 / 8 }),
      },
      data: options.validation!,
      validation: options.validation!,
      loss: (prediction, labels) => options.loss(prediction, labels.mul(3)),
      epochs: 50,
      progress: false,
      callbacks: [
        train.earlyStopping({ patience: 1, monitor: ({ epoch }) => Math.abs(epoch - 2), mode: "min" }),
      ],
    });
    expect([histories.slow.restoredEpoch, histories.fast.restoredEpoch]).toEqual([2, 2]);
    expect((models.slow as Linear).weight.item()).toBe(driftWeights[1]);
    expect((models.fast as Linear).weight.item()).toBe(1.3125);
  });

  test("without validation examples it says what to do", async () => {
    const { model, options } = drift();
    const { validation: _, ...alone } = options;
    await expect(
      train.fit(model, { ...alone, epochs: 2, callbacks: [train.earlyStopping()] }),
    ).rejects.toThrow(
      'earlyStopping: the epochs have no validationLoss; give validation examples, or watch the training with { monitor: "loss" }',
    );
  });

  test.each([
    [{ patience: 0 }, "earlyStopping: patience must be an integer >= 1, got 0"],
    [{ minDelta: -1 }, "earlyStopping: minDelta must be >= 0, got -1"],
    [{ mode: "least" as never }, 'earlyStopping: mode must be "min" or "max", got "least"'],
  ])("%j is refused", (options, message) => {
    expect(() => train.earlyStopping(options)).toThrow(new RangeError(message));
  });
});
