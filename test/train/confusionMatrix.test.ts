import { describe, expect, test } from "vitest";
import { TensorDataset } from "../../src/data/index.ts";
import { Linear } from "../../src/nn/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import * as train from "../../src/train/index.ts";
import { jupyterDisplay } from "../../src/util/host.ts";

const oneHot = (classes: number[]): Tensor =>
  tensor(classes.map((one) => [0, 1, 2].map((index) => (index === one ? 1 : 0))));

describe("confusionMatrix", () => {
  const predicted = [0, 0, 1, 2, 2, 2, 0];
  const actual = [0, 1, 1, 2, 2, 0, 0];

  test("rows are what examples are, columns what they were taken for", () => {
    for (const labels of [actual, tensor(actual, { dtype: "int32" }), oneHot(actual)]) {
      const matrix = train.confusionMatrix(oneHot(predicted), labels);
      expect(matrix.counts).toEqual([
        [2, 0, 1],
        [1, 1, 0],
        [0, 0, 2],
      ]);
      expect([matrix.total, matrix.accuracy]).toEqual([7, 5 / 7]);
      expect(matrix.precision).toEqual([2 / 3, 1, 2 / 3]);
      expect(matrix.recall).toEqual([2 / 3, 1 / 2, 1]);
    }
  });

  test("two classes from one logit: above 0 is class 1", () => {
    const logits = tensor([[2], [-1], [0.5], [0]]);
    expect(train.confusionMatrix(logits, [1, 1, 0, 0]).counts).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(train.accuracy(logits, [1, 1, 0, 0])).toBe(0.5);
    expect(train.accuracy(logits, tensor([[1], [0], [1], [0]]))).toBe(1);
  });

  test("sequences [batch, time, C]: each step counts", () => {
    const outputs = oneHot(predicted.slice(0, 6)).reshape([2, 3, 3]);
    const labels = tensor(actual.slice(0, 6), { dtype: "int32" }).reshape([2, 3]);
    expect(train.confusionMatrix(outputs, labels).total).toBe(6);
    expect(train.accuracy(outputs, labels)).toBe(4 / 6);
  });

  test("it shows as a table with the classes' names", () => {
    const matrix = train.confusionMatrix(oneHot([0, 1, 2, 2]), [0, 1, 1, 2], {
      classNames: ["cat", "dog", "<owl>"],
    });
    expect(matrix.toString()).toBe(
      [
        "actual  cat  dog  <owl>",
        "cat       1    0      0",
        "dog       0    1      1",
        "<owl>     0    0      1",
        "rows: actual class, columns: predicted class; accuracy 75.0 % of 4",
      ].join("\n"),
    );
    expect(matrix[jupyterDisplay]()["text/html"]).toContain("&lt;owl&gt;");
  });

  test.each([
    [
      () => train.confusionMatrix(oneHot([0]), [3]),
      "confusionMatrix: label 3 at index 0 is none of 3 classes; use 0 to 2",
    ],
    [
      () => train.confusionMatrix(oneHot([0]), [0, 1]),
      "confusionMatrix: labels [2] do not fit prediction [1, 3]; give [N, C] and N class indices, or both [N, C]",
    ],
    [
      () => train.confusionMatrix(oneHot([0]), [0], { classNames: ["a"] }),
      "confusionMatrix: 1 class names for 3 classes",
    ],
  ])("%#", (call, message) => expect(call).toThrow(message));
});

describe("predict", () => {
  const dataset = new TensorDataset(Tensor.randn([10, 3]), new Array<number>(10).fill(0));

  test("gives every example's output in order, whatever the batches, in evaluation mode", () => {
    class Watched extends Linear {
      override forward(x: Tensor): Tensor {
        expect(this.training).toBe(false);
        return super.forward(x);
      }
    }
    const model = new Watched(3, 2);
    const expected = new Linear(3, 2);
    expected.loadStateDict(model.stateDict());
    const whole = expected.forward(dataset.batch([...Array(10).keys()]).inputs).toArray();
    const before = Tensor.memory().tensors;
    for (const batchSize of [1, 3, 10, 256]) {
      const outputs = train.predict(model, dataset, { batchSize });
      expect(outputs.toArray()).toEqual(whole);
      expect(outputs.requiresGrad).toBe(false);
      expect(Tensor.memory().tensors).toBe(before + 1);
      outputs.dispose();
    }
    expect(model.training).toBe(true);
  });

  test("of nothing is an error", () => {
    const none = new TensorDataset(Tensor.zeros([0, 3]), []);
    expect(() => train.predict(new Linear(3, 2), none)).toThrow("predict: the data set is empty");
  });
});
