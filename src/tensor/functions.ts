import * as ops from "../ops/index.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape } from "../util/shape.ts";
import { apply, floating, Tensor, unify } from "./tensor.ts";

/**
 * xW + b over the last axis: [..., in] with weights [in, out] and bias [out] → [..., out].
 * @throws ShapeError naming both shapes
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [inputs, outputs] = weight.shape;
  if (x.shape.length < 1 || x.size(-1) !== inputs)
    throw new ShapeError(
      `linear: input ${formatShape(x.shape)} does not fit weights ${formatShape(weight.shape)} ` +
        `(last axis ${x.shape.at(-1) ?? "missing"} against ${inputs})`,
    );
  const rows = x.shape.length === 2 ? x : x.reshape([-1, inputs]);
  const y = bias
    ? apply(ops.linear, unify([floating(rows), weight, bias]))
    : apply(ops.matmul, unify([floating(rows), weight]));
  return x.shape.length === 2 ? y : y.reshape([...x.shape.slice(0, -1), outputs]);
}

/**
 * −ln softmax(logits)[label] for each row: logits [N, C], int32 labels [N] in [0, C) → [N]. The caller has checked
 * the labels.
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  const { backend } = logits.raw;
  const target =
    labels.raw.backend === backend
      ? labels
      : new Tensor(backend.from(labels.raw.data, labels.shape, "int32"));
  return apply(ops.crossEntropy, [logits, target]);
}
