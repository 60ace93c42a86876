import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { generator } from "../random/index.ts";
import type { Images, Recipe, Transform } from "./augment/images.ts";
import { type Answer, DONE, type HelperData, type Job, TAKEN, WAITING } from "./augmentJob.ts";

/**
 * So many milliseconds the main thread waits for a helper that took a job. It may have died over it, of which nobody hears
 * before the event loop turns; whoever does the work, the numbers are the same.
 */
const patience = 1000;

/** A thread that augments, started with the first job and kept: it holds up no exit and serves all loaders. */
class Helper {
  /** It has done a job: one that ends before that would do so again. */
  proven = false;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #answers = new Map<number, Images>();
  readonly #awaited = new Set<number>();

  constructor(ended: (helper: Helper, why: string) => void) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const workerData: HelperData = { answers: port2 };
    const file = new URL(`./augmentHelper${extname(import.meta.url)}`, import.meta.url);
    this.#worker = new Worker(file, { workerData, transferList: [port2], execArgv: [] });
    let reason: string | undefined;
    this.#worker.on("error", ({ message }) => (reason = message));
    this.#worker.on("exit", (code) => ended(this, reason ?? `exit code ${code}`));
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
      this.proven = true;
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
/** Whether another helper may be started. */
let startable = true;

/**
 * A helper for a job, the next one round: as many as there are jobs ahead, on the cores that training leaves. Undefined
 * where threads do not come up.
 */
function helperFor(id: number, ahead: number): Helper | undefined {
  const count = Math.min(ahead, Math.max(1, availableParallelism() - 1));
  while (startable && helpers.length < count) {
    try {
      helpers.push(new Helper(withoutHelper));
    } catch (error) {
      withoutHelper(undefined, (error as Error).message);
    }
  }
  return helpers[id % Math.min(count, helpers.length)];
}

/** A helper has ended, or did not come up; one that had done some work is replaced when the next job comes. */
function withoutHelper(helper: Helper | undefined, why: string): void {
  if (helper) helpers.splice(helpers.indexOf(helper), 1);
  startable = helper?.proven ?? false;
  console.warn(
    `DataLoader: a thread that augments ahead ended (${why}); ` +
      (startable ? "another takes its place" : "from now on each batch is augmented at its turn") +
      ", and the numbers stay the same",
  );
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
  const here = (): Images => augment(images, generator(seed));
  const helper = helperFor(id, ahead);
  if (!helper) return { finish: here, cancel: () => undefined };
  helper.post({ id, recipe, images, seed, state });
  return {
    finish() {
      const free = Atomics.compareExchange(state, 0, WAITING, TAKEN) === WAITING;
      if (!free) Atomics.wait(state, 0, TAKEN, patience);
      const done = Atomics.load(state, 0) === DONE ? helper.answer(id) : undefined;
      if (done) return done;
      helper.forget(id);
      return here();
    },
    cancel() {
      Atomics.compareExchange(state, 0, WAITING, TAKEN);
      helper.forget(id);
    },
  };
}
