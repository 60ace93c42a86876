import type { StoredRun } from "./library.ts";

/** What others can read of a run; numbers that JSON does not know are words. */
export function asJson(run: StoredRun): Record<string, unknown> {
  const { id, name, status, reason, started, duration, tags, notes, flatParams, metrics } = run;
  const spelled = Object.entries(metrics).map(([metric, { last, min, max }]) => [
    metric,
    { last: numberOrWord(last), min: numberOrWord(min), max: numberOrWord(max) },
  ]);
  return {
    ...{ id, name, status, reason, started: started.toISOString(), duration, tags, notes },
    params: flatParams,
    metrics: Object.fromEntries(spelled) as Record<string, unknown>,
  };
}

/** Everything about one. */
export function allAsJson(run: StoredRun): Record<string, unknown> {
  const { seed, git, versions, datasets, folder, lost } = run;
  const artifacts = run.artifacts().map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }));
  return { ...asJson(run), seed, git, versions, datasets, artifacts, folder, lost };
}

const numberOrWord = (value: number): number | string => (Number.isFinite(value) ? value : String(value));
