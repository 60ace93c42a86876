import { closeSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { type CachedFile, type CacheHeader, readHeader, readCurve, writeCache } from "./columnCache.ts";
import { wholeLines } from "./lines.ts";
import { type Curve, CurveBuilder, inOrder, joinedSummary, type MetricSummary } from "./metricColumns.ts";
import { MetricReader } from "./metricReader.ts";
import { isMissing } from "./runRecord.ts";

/** Fewer new bytes than this are sooner parsed again than written into the cache. */
const worthCaching = 1 << 16;
/** So much is read at a time: it stays in the processor's caches while it is parsed. */
const pieceBytes = 1 << 19;

const isMetricsFile = (name: string): boolean => /^metrics\.\w+\.jsonl$/.test(name);

/**
 * The numbers of a run, of all its writers: what the cache knows, and what was written since.
 * @param names the files in the run's folder
 */
export function readMetrics(folder: string, names: readonly string[], cachePath: string): StoredMetrics {
  const files = new Map(names.filter(isMetricsFile).map((name) => [name, join(folder, name)]));
  const cached = readHeader(cachePath);
  // What was consumed of a file must still be there; files only ever grow.
  const usable = cached?.files.every(({ name, bytes }) => sizeOf(files.get(name)) >= bytes)
    ? cached
    : undefined;
  const consumed = new Map(usable?.files.map(({ name, bytes }) => [name, bytes]));
  const builders = new Map<string, CurveBuilder>();
  let fresh = 0;
  const state: CachedFile[] = [];
  for (const [name, path] of files) {
    const start = consumed.get(name) ?? 0;
    const bytes = addFrom(path, start, builders);
    fresh += bytes - start;
    state.push({ name, bytes });
  }
  const metrics = new StoredMetrics(cachePath, usable, builders, () => readMetrics(folder, names, cachePath));
  if (fresh >= worthCaching) return metrics.cached(state);
  return metrics;
}

/** Parses whole lines from a place on, and answers up to where they reach. */
function addFrom(path: string, start: number, builders: Map<string, CurveBuilder>): number {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    if (isMissing(error)) return start;
    throw error;
  }
  try {
    const reader = new MetricReader(builders);
    let place = start;
    let buffer = Buffer.allocUnsafe(Math.min(pieceBytes, sizeOf(path) - start + 1));
    for (;;) {
      const bytes = buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, place));
      const whole = wholeLines(bytes);
      if (whole === 0 && bytes.length < buffer.length) return place;
      // A line that is longer than what was read.
      if (whole === 0) buffer = Buffer.allocUnsafe(2 * buffer.length);
      reader.read(bytes.subarray(0, whole));
      place += whole;
    }
  } finally {
    closeSync(descriptor);
  }
}

export class StoredMetrics {
  readonly #cachePath: string;
  readonly #header: CacheHeader | undefined;
  readonly #fresh: ReadonlyMap<string, CurveBuilder>;
  readonly #again: () => StoredMetrics;
  readonly summaries: ReadonlyMap<string, MetricSummary>;

  /** @param again reads everything anew: where the cache went away since its header was read */
  constructor(
    cachePath: string,
    header: CacheHeader | undefined,
    fresh: ReadonlyMap<string, CurveBuilder>,
    again: () => StoredMetrics,
  ) {
    this.#again = again;
    this.#cachePath = cachePath;
    this.#header = header;
    this.#fresh = fresh;
    const summaries = new Map<string, MetricSummary>();
    for (const { name, summary } of header?.metrics ?? []) summaries.set(name, summary);
    for (const [name, builder] of fresh) {
      const earlier = summaries.get(name);
      summaries.set(name, earlier ? joinedSummary(earlier, builder.summary) : builder.summary);
    }
    this.summaries = summaries;
  }

  /** The values of one metric, in the order of steps; empty for one that was not logged. */
  curve(name: string): Curve {
    return inOrder(this.#written(name));
  }

  /** The same, read from a cache that now holds everything; where none can be written, as it is. */
  cached(files: readonly CachedFile[]): StoredMetrics {
    const metrics = [...this.summaries].map(([name, summary]) => ({
      name,
      summary,
      curve: this.#written(name),
    }));
    // Someone else wrote a newer cache in this moment, and the curves that were read from it know more.
    if (metrics.some(({ summary, curve }) => curve.steps.length !== summary.count)) return this.#again();
    const header = writeCache(this.#cachePath, files, metrics);
    return header ? new StoredMetrics(this.#cachePath, header, new Map(), this.#again) : this;
  }

  #written(name: string): Curve {
    const fresh = this.#fresh.get(name);
    const place = this.#header?.metrics.find((metric) => metric.name === name);
    if (!this.#header || !place) return (fresh ?? new CurveBuilder()).curve;
    const earlier = readCurve(this.#cachePath, this.#header.identity, place);
    if (!earlier) return this.#again().#written(name);
    if (!fresh) return earlier;
    const both = new CurveBuilder();
    both.addAll(earlier);
    both.addAll(fresh.curve);
    return both.curve;
  }
}

function sizeOf(path: string | undefined): number {
  if (path === undefined) return -1;
  try {
    return statSync(path).size;
  } catch (error) {
    if (isMissing(error)) return -1;
    throw error;
  }
}
