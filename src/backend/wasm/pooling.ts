import { sizeOf } from "../../util/shape.ts";
import type { MakeArray, PoolingBackend, PoolKind, RawArray } from "../backend.ts";
import { placesOf, type Window } from "../window.ts";
import { PARALLEL_ELEMENTS, pointerOf } from "./dispatch.ts";
import { type Job, jobs } from "./jobs.ts";
import { threads } from "./kernels.ts";
import { poolKinds } from "./kinds.ts";

/** Chunks that a thread takes at least, so that one that is held up does not hold up the others. */
const CHUNKS_A_THREAD = 4;

export const pooling = (make: MakeArray): PoolingBackend => ({
  pool2d(kind, x, window) {
    const [images, height, width, channels] = x.shape;
    const out = make([images, ...placesOf([height, width], window), channels], x.dtype);
    run("pool", kind, x, out, window, []);
    return out;
  },

  pool2dGradient(kind, gradient, x, y, window) {
    const out = make(x.shape, x.dtype);
    run("poolGradient", kind, x, y, window, [pointerOf(gradient), pointerOf(out)]);
    return out;
  },
});

function run(
  job: Job,
  kind: PoolKind,
  x: RawArray,
  y: RawArray,
  { kernel, stride, padding }: Window,
  rest: readonly number[],
): void {
  const [images, height, width, channels] = x.shape;
  if (x.size === 0) return;
  const chunks = sizeOf(x.shape) < PARALLEL_ELEMENTS ? 1 : threads.threads * CHUNKS_A_THREAD;
  const imagesAChunk = Math.ceil(images / chunks);
  threads.run(
    jobs[job],
    [
      ...[poolKinds.indexOf(kind), images, imagesAChunk, height, width, channels],
      ...[...kernel, ...stride, ...padding, y.shape[1], y.shape[2], pointerOf(x), pointerOf(y), ...rest],
    ],
    Math.ceil(images / imagesAChunk),
  );
}
