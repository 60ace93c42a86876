import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ArtifactRecord } from "./artifactRecord.ts";
import { parseLines } from "./lines.ts";
import { isMissing, type Parameters } from "./runRecord.ts";
import { isAlive, type WriterProcess } from "./writerProcess.ts";

/**
 * - `running`: a writer is at work
 * - `finished`: it was ended by `finish`, or its process ended well
 * - `interrupted`: the user stopped the training
 * - `failed`: an error ended it, or its loss was no longer a finite number
 * - `crashed`: its process is gone without a word
 */
export type RunStatus = "running" | "finished" | "interrupted" | "failed" | "crashed";

export interface RunText {
  readonly name: string;
  readonly text: string;
  readonly step?: number;
}

/** A line of `events.<writer>.jsonl`: what one writer does to the run, besides its numbers. */
export interface RunEvent {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The first line of a writer that logs, and the first after an end from which it goes on. A line without: someone annotates a run. */
  readonly writer?: WriterProcess;
  /** Joins what is there. */
  readonly params?: Parameters;
  /** Joins what is there. */
  readonly tags?: readonly string[];
  /** Replaces what is there. */
  readonly notes?: string;
  readonly datasets?: Readonly<Record<string, string>>;
  readonly text?: RunText;
  /** Files that were kept; the later record of a name holds. */
  readonly artifacts?: readonly ArtifactRecord[];
  /** The writer has ended. */
  readonly status?: Exclude<RunStatus, "running" | "crashed">;
  readonly reason?: string;
  /** Lines that the writer could not write. */
  readonly lost?: number;
}

/** What the events of all writers come to. */
export interface RunProgress {
  readonly status: RunStatus;
  /** Milliseconds since 1970: of its end, or of its last sign of life. */
  readonly until: number;
  readonly reason?: string;
  readonly lost: number;
  /** In the order of time. */
  readonly events: readonly RunEvent[];
}

export const eventsFile = (writer: string): string => `events.${writer}.jsonl`;
export const isEventsFile = (name: string): boolean => /^events\.\w+\.jsonl$/.test(name);

/** The last record of each file that writers have kept. */
export const artifactsOf = (events: readonly RunEvent[]): Map<string, ArtifactRecord> =>
  new Map(events.flatMap(({ artifacts = [] }) => artifacts).map((record) => [record.name, record]));

/** @param names the files in the run's folder */
export function readProgress(folder: string, names: readonly string[]): RunProgress {
  const signs = signsOfLife(folder, names);
  const writers = names.filter(isEventsFile).map((name) => readWriter(folder, name, signs));
  const logging = writers.filter(({ status }) => status !== undefined);
  // Whoever is at work decides, otherwise whoever ended last.
  const last =
    logging.find(({ status }) => status === "running") ??
    logging.toSorted((a, b) => a.until - b.until).at(-1);
  return {
    status: last?.status ?? "crashed",
    until: last?.until ?? Math.max(0, ...signs.values()),
    ...(last?.reason !== undefined && { reason: last.reason }),
    lost: writers.reduce((sum, { lost }) => sum + lost, 0),
    events: writers.flatMap(({ events }) => events).toSorted((a, b) => a.time - b.time),
  };
}

interface Writer {
  readonly events: readonly RunEvent[];
  /** Undefined for one that only annotated. */
  readonly status: RunStatus | undefined;
  readonly until: number;
  readonly reason?: string | undefined;
  readonly lost: number;
}

function readWriter(folder: string, name: string, signs: ReadonlyMap<string, number>): Writer {
  const events = parseLines(readFileSync(join(folder, name))) as unknown as RunEvent[];
  // A writer that has ended may have begun anew.
  const end = events.findLast(({ status, writer }) => status !== undefined || writer !== undefined);
  if (end?.status !== undefined)
    return { events, status: end.status, until: end.time, reason: end.reason, lost: end.lost ?? 0 };
  const lastSign = signs.get(name.split(".")[1]) ?? 0;
  const process = events.find(({ writer }) => writer !== undefined)?.writer;
  if (!process) return { events, status: undefined, until: lastSign, lost: 0 };
  const alive = isAlive(process, lastSign);
  return {
    events,
    status: alive ? "running" : "crashed",
    until: alive ? Date.now() : lastSign,
    lost: 0,
  };
}

/** When each writer last wrote or touched one of its files. */
function signsOfLife(folder: string, names: readonly string[]): Map<string, number> {
  const signs = new Map<string, number>();
  for (const name of names) {
    const writer = /^(?:events|metrics|histograms)\.(\w+)\.jsonl$/.exec(name)?.[1];
    if (writer === undefined) continue;
    try {
      signs.set(writer, Math.max(signs.get(writer) ?? 0, statSync(join(folder, name)).mtimeMs));
    } catch (error) {
      // The run is being deleted.
      if (!isMissing(error)) throw error;
    }
  }
  return signs;
}
