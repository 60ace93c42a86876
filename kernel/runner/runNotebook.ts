import { dirname, resolve } from "node:path";
import { kernelName, kernelSpec } from "../launch.ts";
import { startKernel } from "./kernelClient.ts";
import { readNotebook, sourceOf, writeNotebook } from "./notebook.ts";
import { createOutputCollector, type ErrorOutput, type Output } from "./outputs.ts";
import type { Figure } from "./picture/browser.ts";
import { createPictures, type Pictures } from "./pictures.ts";

const plotlyMimeType = "application/vnd.plotly.v1+json";

export interface RunResult {
  /** How many code cells ran. */
  cells: number;
  /** The cell that failed, counted from 1 over all cells, and how. */
  failure?: { cell: number; source: string; error: ErrorOutput };
}

/**
 * Runs a notebook from a fresh kernel, top to bottom, and saves it with its outputs; a figure gets a PNG
 * beside it, for readers that do not draw plotly. It ends at the first cell that fails, and saves that too.
 * @param say is told what cannot be done but does not stop the run
 */
export async function runNotebook(
  input: string,
  output: string,
  say: (text: string) => void,
): Promise<RunResult> {
  const notebook = readNotebook(input);
  const result: RunResult = { cells: 0 };
  const collector = createOutputCollector();
  const kernel = await startKernel(dirname(resolve(input)));
  try {
    for (const cell of notebook.cells) if (cell.cell_type === "code") Object.assign(cell, untouched());
    for (const [index, cell] of notebook.cells.entries()) {
      if (cell.cell_type !== "code" || sourceOf(cell).trim() === "") continue;
      cell.outputs = collector.startCell();
      const reply = await kernel.execute(sourceOf(cell), collector.receive);
      cell.execution_count = (reply["execution_count"] as number | undefined) ?? null;
      result.cells++;
      if (reply["status"] === "ok") continue;
      result.failure = { cell: index + 1, source: sourceOf(cell), error: errorOf(cell.outputs, reply) };
      break;
    }
  } finally {
    await kernel.shutdown();
  }

  const { display_name, language } = kernelSpec();
  notebook.metadata["kernelspec"] = { name: kernelName, display_name, language };
  notebook.metadata["language_info"] = kernel.languageInfo;
  const pictures = createPictures();
  try {
    for (const { outputs = [] } of notebook.cells) await addPictures(outputs, pictures, say);
  } finally {
    pictures.close();
  }
  writeNotebook(output, notebook);
  return result;
}

const untouched = (): { outputs: Output[]; execution_count: null } => ({
  outputs: [],
  execution_count: null,
});

/** A failed cell publishes its error; one that the kernel refused has it in the reply alone. */
function errorOf(outputs: Output[], reply: Record<string, unknown>): ErrorOutput {
  const published = outputs.find((output): output is ErrorOutput => output.output_type === "error");
  return (
    published ?? {
      output_type: "error",
      ename: String(reply["ename"] ?? "Error"),
      evalue: String(reply["evalue"] ?? `the kernel answered "${String(reply["status"])}"`),
      traceback: (reply["traceback"] as string[] | undefined) ?? [],
    }
  );
}

async function addPictures(
  outputs: Output[],
  pictures: Pictures,
  say: (text: string) => void,
): Promise<void> {
  for (const output of outputs) {
    if (output.output_type === "stream" || output.output_type === "error") continue;
    const figure = output.data[plotlyMimeType] as Figure | undefined;
    if (!figure || "image/png" in output.data) continue;
    try {
      const { png, width, height } = await pictures.draw(figure);
      output.data["image/png"] = png;
      output.metadata["image/png"] = { width, height };
    } catch (error) {
      say(`A figure is saved without its picture: ${(error as Error).message}`);
    }
  }
}
