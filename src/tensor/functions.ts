import type { Activation } from "../backend/backend.ts";
import * as ops from "../ops/index.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, sameShape, sizeOf } from "../util/shape.ts";
import { requireTensor } from "./requireTensor.ts";
import { apply, floating, Tensor, temporary, unify } from "./tensor.ts";

/**
 * xW + b over the last axis: [..., in] with weights [in, out] and bias [out] → [..., out]; with an activation,
 * φ(xW + b), the same bits as applied afterwards but sooner.
 * @throws ShapeError naming the shapes that do not fit
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor, activation?: Activation): Tensor {
  requireTensor("linear", "input", x);
  if (weight.shape.length !== 2)
    throw new ShapeError(`linear: weights must be [in, out], got ${formatShape(weight.shape)}`);
  const [inputs, outputs] = weight.shape;
  if (x.shape.length < 1 || x.size(-1) !== inputs)
    throw new ShapeError(
      `linear: input ${formatShape(x.shape)} does not fit weights ${formatShape(weight.shape)} ` +
        `(last axis ${x.shape.at(-1) ?? "missing"} against ${inputs})`,
    );
  if (bias && !sameShape(bias.shape, [outputs]))
    throw new ShapeError(
      `linear: bias ${formatShape(bias.shape)} does not fit weights ${formatShape(weight.shape)}; it must be [${outputs}]`,
    );
  const leading = x.shape.slice(0, -1);
  const folded = leading.length !== 1;
  const rows = folded ? temporary(floating(x).reshape([sizeOf(leading), inputs])) : floating(x);
  const operands = [rows, floating(weight), ...(bias ? [floating(bias)] : [])];
  const y = apply(ops.linear, unify(operands), activation);
  return folded ? temporary(y).reshape([...leading, outputs]) : y;
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
