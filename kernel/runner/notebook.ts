/** Notebook files (nbformat 4), read and written as Jupyter's own servers write them. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { MimeBundle, Output } from "./outputs.ts";

export interface Cell {
  cell_type: "code" | "markdown" | "raw";
  id?: string;
  source: string | string[];
  metadata: Record<string, unknown>;
  execution_count?: number | null;
  outputs?: Output[];
}

export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

export function readNotebook(path: string): Notebook {
  const text = readFileSync(path, "utf8");
  let notebook: Partial<Notebook>;
  try {
    notebook = JSON.parse(text) as Partial<Notebook>;
  } catch (error) {
    throw new Error(`${path} is not a notebook: ${(error as Error).message}`);
  }
  if (notebook.nbformat !== 4 || !Array.isArray(notebook.cells))
    throw new Error(
      `${path} is a notebook of format ${notebook.nbformat}, and gradbook reads format 4: save it from JupyterLab once`,
    );
  return notebook as Notebook;
}

/** Writes a notebook whole or not at all: a runner stopped half-way must not cost the old one. */
export function writeNotebook(path: string, notebook: Notebook): void {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: lines(sourceOf(cell)),
    ...(cell.outputs && { outputs: cell.outputs.map(stored) }),
  }));
  const text = JSON.stringify(sorted({ ...notebook, cells }), null, 1);
  writeFileSync(`${path}.part`, `${text}\n`);
  renameSync(`${path}.part`, path);
}

export function sourceOf({ source }: Cell): string {
  return typeof source === "string" ? source : source.join("");
}

/** Text is kept as a list of lines, so that a changed line is one changed line of the file. */
function stored(output: Output): object {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  if (output.output_type === "error") return output;
  const data: MimeBundle = {};
  for (const [type, value] of Object.entries(output.data))
    data[type] = typeof value === "string" && isText(type) ? lines(value) : value;
  return { ...output, data };
}

const isText = (type: string): boolean =>
  type.startsWith("text/") || type === "image/svg+xml" || type === "application/javascript";

const lines = (text: string): string[] => text.split(/(?<=\n)/).filter((line) => line !== "");

/** Keys in alphabetical order, at every depth, as Jupyter sorts them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
