import type { Callback } from "./callback.ts";
import type { Training } from "./training.ts";

/** Keeps a record of trainings; a run of `track.run` is one. */
export interface Tracker {
  /**
   * What writes down these trainings, which are about to begin.
   * @param settings what the trainings share besides their parts, such as the number of epochs
   */
  follow(trainings: readonly Training[], settings: Readonly<Record<string, unknown>>): Callback;
}

/** Tracking lies to the right of this layer, so it comes here by itself, where it is loaded. */
let ownRuns: Tracker | undefined;

/** Let `track: true` give every training a run of its own in this tracker. */
export function connectTracker(tracker: Tracker): void {
  ownRuns = tracker;
}

/** @throws Error if tracking is asked for and not loaded */
export function trackerFor(operation: string, track: boolean | Tracker): Tracker | undefined {
  if (track === false) return undefined;
  const tracker = track === true ? ownRuns : track;
  if (typeof tracker?.follow === "function") return tracker;
  throw track === true
    ? new Error(`${operation}: track: true needs the tracking of gradbook; import it from "gradbook"`)
    : new TypeError(`${operation}: track must be true, or a run: track: track.run("name")`);
}
