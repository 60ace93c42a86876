import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { threadId } from "node:worker_threads";
import type { Curve, MetricSummary } from "./metricColumns.ts";

/**
 * A run's numbers as columns, so that a single metric of many runs is read without parsing text. It is made from the
 * run's own files, of which it notes how far it has read them, and may be deleted at any time.
 *
 *     "gradbook columns 1"   bytes of the header as an integer of 32 bits   the header as JSON, padded with spaces to 8
 *     for each metric: steps, times, values, each a column of float64, little-endian, in the order of writing
 */
export interface CacheHeader {
  /** Tells this cache from one that takes its place. */
  readonly identity: string;
  readonly files: readonly CachedFile[];
  readonly metrics: readonly CachedMetric[];
}

export interface CachedFile {
  readonly name: string;
  /** Up to where it was read. */
  readonly bytes: number;
}

export interface CachedMetric {
  readonly name: string;
  readonly summary: MetricSummary;
  /** Where its columns begin, counted from the end of the header. */
  readonly offset: number;
  readonly start: number;
}

const magic = "gradbook columns 1\n\n";
const preamble = magic.length + 4;

/** @returns undefined where there is none, or it is of another version or torn */
export function readHeader(path: string): CacheHeader | undefined {
  const descriptor = openedToRead(path);
  if (descriptor === undefined) return undefined;
  try {
    // Most headers fit into the first piece.
    let piece = readPiece(descriptor, 0, 1 << 14);
    if (piece.toString("latin1", 0, magic.length) !== magic || piece.length < preamble) return undefined;
    const length = piece.readUInt32LE(magic.length);
    const end = preamble + length;
    if (piece.length < end) piece = readPiece(descriptor, 0, end);
    const { files, metrics } = JSON.parse(piece.toString("utf8", preamble, end)) as CacheHeader;
    return {
      identity: identityOf(descriptor),
      files,
      metrics: metrics.map((metric) => ({ ...numbered(metric), start: end + metric.offset })),
    };
  } catch (error) {
    // It is made anew where it is damaged.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** JSON has no NaN, which an empty extreme is. */
const numbered = (metric: CachedMetric): CachedMetric => {
  const { count, last, lastStep, min, max } = metric.summary;
  return {
    ...metric,
    summary: { count, last: Number(last), lastStep, min: Number(min), max: Number(max) },
  };
};

/** @returns undefined if the cache was deleted meanwhile, or another took its place */
export function readCurve(
  path: string,
  identity: string,
  { start, summary: { count } }: CachedMetric,
): Curve | undefined {
  const descriptor = openedToRead(path);
  if (descriptor === undefined) return undefined;
  try {
    if (identityOf(descriptor) !== identity) return undefined;
    const columns = new Float64Array(3 * count);
    readSync(descriptor, new Uint8Array(columns.buffer), 0, columns.byteLength, start);
    return {
      steps: columns.subarray(0, count),
      times: columns.subarray(count, 2 * count),
      values: columns.subarray(2 * count),
    };
  } finally {
    closeSync(descriptor);
  }
}

/** @returns undefined where it cannot be written, as in a folder that is read-only: then every reader parses text */
export function writeCache(
  path: string,
  files: readonly CachedFile[],
  metrics: readonly { readonly name: string; readonly summary: MetricSummary; readonly curve: Curve }[],
): CacheHeader | undefined {
  let offset = 0;
  const placed = metrics.map(({ name, summary }) => {
    const metric = { name, summary, offset };
    offset += 24 * summary.count;
    return metric;
  });
  const spelled = (_key: string, value: unknown): unknown =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  const json = Buffer.from(JSON.stringify({ files, metrics: placed }, spelled));
  const header = Buffer.alloc(8 * Math.ceil((preamble + json.length) / 8), " ");
  header.write(magic, "latin1");
  header.writeUInt32LE(header.length - preamble, magic.length);
  json.copy(header, preamble);

  const temporary = `${path}.${process.pid}-${threadId}.tmp`;
  let identity: string;
  try {
    mkdirSync(dirname(path), { recursive: true });
    identity = writeColumns(temporary, header, metrics);
    renameSync(temporary, path);
  } catch {
    // Nothing is lost without a cache but time; and where nothing can be written, nothing can be cleared away.
    if (existsSync(temporary)) rmSync(temporary, { force: true });
    return undefined;
  }
  return {
    identity,
    files,
    metrics: placed.map((metric) => ({ ...metric, start: header.length + metric.offset })),
  };
}

function writeColumns(path: string, header: Buffer, metrics: readonly { readonly curve: Curve }[]): string {
  const descriptor = openSync(path, "w");
  try {
    writeWhole(descriptor, header);
    for (const { curve } of metrics)
      for (const { buffer, byteOffset, byteLength } of [curve.steps, curve.times, curve.values])
        writeWhole(descriptor, new Uint8Array(buffer, byteOffset, byteLength));
    return identityOf(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}

function readPiece(descriptor: number, start: number, length: number): Buffer {
  const piece = Buffer.alloc(length);
  return piece.subarray(0, readSync(descriptor, piece, 0, length, start));
}

function identityOf(descriptor: number): string {
  const { ino, size, mtimeMs } = fstatSync(descriptor);
  return `${ino} ${size} ${mtimeMs}`;
}

function openedToRead(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch {
    // There is none, or none that may be read.
    return undefined;
  }
}
