import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { generator } from "../random/index.ts";
import type { Images, Recipe, Transform } from "./augment/images.ts";
import { type Answer, DONE, type HelperData, type Job, TAKEN, WAITING } from "./augmentJob.ts";

/** After so long the main thread no longer waits for a helper that took a job, which can only have died over it. */
const patience = 30_000;

/** A thread that augments, started with the first job and kept: it holds up no exit and serves all loaders. */
class Helper {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #answers = new Map<number, Images>();
  readonly #awaited = new Set<number>();

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const workerData: HelperData = { answers: port2 };
    const file = new URL(`./augmentHelper${extname(import.meta.url)}`, import.meta.url);
    this.#worker = new Worker(file, { workerData, transferList: [port2], execArgv: [] });
    this.#worker.on("error", (error) => {
      console.warn(
        `DataLoader: a thread that augments ahead ended (${error.message}); batches are made at their turn instead`,
      );
    });
    this.#worker.unref();
  }

  post(job: Job): void {
    this.#awaited.add(job.id);
    this.#worker.postMessage(job);
  }

  /** The images of a job that is done. */
  answer(id: number): Images | undefined {
    for (
      let received = receiveMessageOnPort(this.#port);
      received;
      received = receiveMessageOnPort(this.#port)
    ) {
      const { id: done, images } = received.message as Answer;
      if (this.#awaited.has(done)) this.#answers.set(done, images);
    }
    const images = this.#answers.get(id);
    this.forget(id);
    return images;
  }

  /** An answer that still comes is dropped. */
  forget(id: number): void {
    this.#awaited.delete(id);
    this.#answers.delete(id);
  }
}

const helpers: Helper[] = [];
let jobs = 0;

/** A helper for a job, the next one round: as many as there are jobs ahead, on the cores that training leaves. */
function helperFor(id: number, ahead: number): Helper {
  const count = Math.min(ahead, Math.max(1, availableParallelism() - 1));
  while (helpers.length < count) helpers.push(new Helper());
  return helpers[id % count];
}

/** Images on their way through an augmentation. */
export interface Augmenting {
  /** The augmented images: by a helper if one has taken them up, else here and now. */
  finish(): Images;
  /** They are no longer wanted. */
  cancel(): void;
}

/**
 * Begin to augment in another thread. It gives the same numbers wherever it is done, since all that it draws comes
 * from the seed: so whoever is free does it, and an error arises in `finish`, as if nothing had been begun before.
 *
 * @param ahead how many are under way at a time
 */
export function augmentAhead(
  augment: Transform,
  recipe: Recipe,
  images: Images,
  seed: number,
  ahead: number,
): Augmenting {
  const state = new Int32Array(new SharedArrayBuffer(4));
  const id = jobs++;
  const helper = helperFor(id, ahead);
  helper.post({ id, recipe, images, seed, state });
  return {
    finish() {
      const here = Atomics.compareExchange(state, 0, WAITING, TAKEN) === WAITING;
      if (!here) Atomics.wait(state, 0, TAKEN, patience);
      const done = Atomics.load(state, 0) === DONE ? helper.answer(id) : undefined;
      if (done) return done;
      helper.forget(id);
      return augment(images, generator(seed));
    },
    cancel() {
      Atomics.compareExchange(state, 0, WAITING, TAKEN);
      helper.forget(id);
    },
  };
}
