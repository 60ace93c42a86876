import type { MakeArray, RawArray, SoftmaxBackend } from "../backend.ts";
import { rowsOf } from "../view.ts";
import { pointerOf } from "./dispatch.ts";
import { jobs } from "./jobs.ts";
import { kernels, threads } from "./kernels.ts";

/** Exponentials that are worth a chunk of their own; below twice as many, waking other threads costs more. */
const CHUNK = 8192;
const MAXIMUM_JOB_CHUNKS = 2048;
/** The job's numbers for the three. */
const [SOFTMAX, LOG_SOFTMAX, CROSS_ENTROPY] = [0, 1, 2];

export const softmaxFamily = (make: MakeArray): SoftmaxBackend => ({
  softmax(x) {
    const out = make(x.shape, x.dtype);
    const [rows, columns] = rowsOf(x.shape);
    if (x.size < 2 * CHUNK) kernels.softmax(pointerOf(x), pointerOf(out), rows, columns);
    else share(SOFTMAX, x, [out]);
    return out;
  },

  logSoftmax(x) {
    const out = make(x.shape, x.dtype);
    const [rows, columns] = rowsOf(x.shape);
    if (x.size < 2 * CHUNK) kernels.logSoftmax(pointerOf(x), pointerOf(out), rows, columns);
    else share(LOG_SOFTMAX, x, [out]);
    return out;
  },

  crossEntropy(logits, labels) {
    const [rows, columns] = rowsOf(logits.shape);
    const [loss, slope] = [make([rows], logits.dtype), make(logits.shape, logits.dtype)];
    if (logits.size >= 2 * CHUNK) share(CROSS_ENTROPY, logits, [loss, labels, slope]);
    else {
      const [from, label, to, slopes] = [logits, labels, loss, slope].map(pointerOf);
      kernels.crossEntropy(from, label, to, slopes, rows, columns);
    }
    return { loss, slope };
  },
});

/** Rows are independent, so threads take some each. */
function share(kind: number, x: RawArray, others: readonly RawArray[]): void {
  const [rows, columns] = rowsOf(x.shape);
  const together = Math.max(Math.ceil(CHUNK / columns), Math.ceil(rows / MAXIMUM_JOB_CHUNKS));
  const args = [kind, rows, columns, together, ...[x, ...others].map(pointerOf)];
  threads.run(jobs.softmax, args, Math.ceil(rows / together));
}
