import type { MessagePort } from "node:worker_threads";
import type { Images, Recipe } from "./augment/images.ts";

/** A batch to be augmented by a helper, or by whoever comes first. */
export interface Job {
  readonly id: number;
  readonly recipe: Recipe;
  readonly images: Images;
  /** Of the generator that the augmentation draws from. */
  readonly seed: number;
  /** One shared number: `WAITING`, `TAKEN` or `DONE`. Who turns `WAITING` into `TAKEN` does the work. */
  readonly state: Int32Array;
}

export const WAITING = 0;
export const TAKEN = 1;
/** The answer is on its way through the port. */
export const DONE = 2;

export interface Answer {
  readonly id: number;
  readonly images: Images;
}

/** What a helper is started with: where its answers go. */
export interface HelperData {
  readonly answers: MessagePort;
}
