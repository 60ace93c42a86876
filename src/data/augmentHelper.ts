/** A thread that augments batches ahead of their turn. */
import { parentPort, workerData } from "node:worker_threads";
import { Generator } from "../random/generator.ts";
import type { Transform, Recipe } from "./augment/images.ts";
import * as augment from "./augment/index.ts";
import { DONE, type HelperData, type Job, TAKEN, WAITING } from "./augmentJob.ts";

const { answers } = workerData as HelperData;

parentPort!.on("message", ({ id, recipe, images, seed, state }: Job) => {
  if (Atomics.compareExchange(state, 0, WAITING, TAKEN) !== WAITING) return;
  let end: number = WAITING;
  try {
    const augmented = fromRecipe(recipe)(images, new Generator(seed));
    answers.postMessage({ id, images: augmented }, [augmented.data.buffer as ArrayBuffer]);
    end = DONE;
  } catch {
    // The main thread will do it again at its turn, and meet the same error where it can be told.
  }
  Atomics.store(state, 0, end);
  Atomics.notify(state, 0);
});

const makers: Readonly<Record<string, (options: never) => Transform>> = { ...augment };

function fromRecipe({ operation, options }: Recipe): Transform {
  if (operation === "compose") return augment.compose(...(options as readonly Recipe[]).map(fromRecipe));
  return makers[operation](options as never);
}
