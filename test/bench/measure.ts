/** Steps a second: the median over chunks of 30 ms is what one gets, the best chunk what the machine can do. */
export interface Rates {
  readonly steps_per_s: number;
  readonly best: number;
}

/** One step of a task; a peer's may be asynchronous. */
export type Step = () => unknown;

const CHUNK_MILLISECONDS = 30;
/** Enough for caches and compilers; a step that takes longer warms up once. */
const WARM_UP_MILLISECONDS = 100;

/** Repeat a step for some seconds. */
export async function measure(step: Step, seconds: number): Promise<Rates> {
  await repeat(step, WARM_UP_MILLISECONDS);
  const rates: number[] = [];
  const end = performance.now() + 1000 * seconds;
  do rates.push(await repeat(step, CHUNK_MILLISECONDS));
  while (performance.now() < end);
  rates.sort((a, b) => a - b);
  return { steps_per_s: rates[rates.length >> 1], best: rates[rates.length - 1] };
}

/** Steps a second over about so many milliseconds. */
async function repeat(step: Step, milliseconds: number): Promise<number> {
  const start = performance.now();
  let steps = 0;
  for (; steps === 0 || performance.now() - start < milliseconds; steps++) {
    const pending = step();
    // Awaiting costs as much as a small operation, so only what needs it is awaited.
    if (pending instanceof Promise) await pending;
  }
  return (1000 * steps) / (performance.now() - start);
}
