/** What the commands on runs ask of the package; test/kernel/runs/runs.test.ts holds the two together. */
import { pathToFileURL } from "node:url";
import { packageEntry } from "../names.ts";

export type Status = "running" | "finished" | "interrupted" | "failed" | "crashed";

export interface Conditions {
  readonly folder?: string;
  readonly tags?: readonly string[];
  readonly name?: string;
  readonly status?: readonly Status[];
  readonly search?: string;
}

export interface Summary {
  readonly last: number;
  readonly min: number;
  readonly max: number;
}

export interface StoredRun {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly started: Date;
  readonly status: Status;
  readonly reason: string | undefined;
  readonly duration: number;
  readonly tags: readonly string[];
  readonly notes: string;
  readonly seed: number;
  readonly git: {
    readonly commit: string;
    readonly branch?: string;
    readonly changes: readonly string[];
  } | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly datasets: Readonly<Record<string, string>>;
  readonly flatParams: Readonly<Record<string, string | number | boolean | null>>;
  readonly metrics: Readonly<Record<string, Summary>>;
  readonly lost: number;
  artifacts(): { readonly name: string; readonly bytes: number; readonly sha256: string | undefined }[];
}

export interface ComparedCurve {
  readonly id: string;
  readonly name: string;
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

export interface Comparison {
  readonly differences: readonly string[];
  curves(metric: string, options?: { readonly points?: number }): ComparedCurve[];
  table(): object;
  toString(): string;
}

export interface Track {
  findRuns(conditions?: Conditions): StoredRun[];
  open(id: string, options?: { readonly folder?: string }): StoredRun;
  compare(runs: readonly string[], options?: { readonly folder?: string }): Comparison;
  deleteRuns(ids: readonly string[], options?: { readonly folder?: string }): void;
  exportCsv(
    path: string,
    which: Conditions | readonly string[],
    options?: { readonly folder?: string },
  ): number;
  exportParquet(
    path: string,
    which: Conditions | readonly string[],
    options?: { readonly folder?: string },
  ): number;
  exportTensorBoard(
    folder: string,
    which: Conditions | readonly string[],
    options?: { readonly folder?: string },
  ): string[];
}

export interface Plot {
  parallelCoordinates(
    table: object,
    options: { readonly columns: readonly string[]; readonly color: string },
  ): { readonly data: readonly object[]; readonly layout: object };
}

export interface Library {
  readonly track: Track;
  readonly plot: Plot;
}

export async function loadLibrary(): Promise<Library> {
  return (await import(pathToFileURL(packageEntry).href)) as Library;
}
