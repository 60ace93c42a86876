import { connectTracker } from "../train/tracker.ts";
import { recordTrainings } from "./recordTraining.ts";
import { run } from "./run.ts";

// `train.fit({ track: true })`: a run for each training, called like it.
connectTracker({
  follow: (trainings, settings) =>
    recordTrainings(
      trainings,
      settings,
      ({ name }) => run(name, { tags: trainings.length > 1 ? ["race"] : [] }),
      true,
    ),
});
