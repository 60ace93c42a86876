import type { MakeArray, SoftmaxBackend } from "../backend.ts";
import { rowsOf } from "../view.ts";
import { pointerOf } from "./dispatch.ts";
import { kernels } from "./kernels.ts";

export const softmaxFamily = (make: MakeArray): SoftmaxBackend => ({
  softmax(x) {
    const out = make(x.shape, x.dtype);
    kernels.softmax(pointerOf(x), pointerOf(out), ...rowsOf(x.shape));
    return out;
  },

  logSoftmax(x) {
    const out = make(x.shape, x.dtype);
    kernels.logSoftmax(pointerOf(x), pointerOf(out), ...rowsOf(x.shape));
    return out;
  },

  crossEntropy(logits, labels) {
    const [rows, columns] = rowsOf(logits.shape);
    const out = make([rows], logits.dtype);
    const row = make([columns], logits.dtype);
    kernels.crossEntropy(pointerOf(logits), pointerOf(labels), pointerOf(out), rows, columns, pointerOf(row));
    row.release("crossEntropy");
    return out;
  },

  crossEntropyGradient(gradient, logits, labels) {
    const out = make(logits.shape, logits.dtype);
    const [from, at, label] = [pointerOf(gradient), pointerOf(logits), pointerOf(labels)];
    kernels.crossEntropyGradient(from, at, label, pointerOf(out), ...rowsOf(logits.shape));
    return out;
  },
});
