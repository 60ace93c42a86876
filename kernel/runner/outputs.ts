/** What cells put out, gathered from the kernel's messages into what a notebook stores. */
export type MimeBundle = Record<string, unknown>;

export interface StreamOutput {
  output_type: "stream";
  name: string;
  text: string;
}

export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}

export interface DisplayOutput {
  output_type: "display_data" | "execute_result";
  data: MimeBundle;
  metadata: Record<string, unknown>;
  execution_count?: number;
}

export type Output = StreamOutput | ErrorOutput | DisplayOutput;

/** Gathers the outputs of one cell after the other. */
export interface OutputCollector {
  /** Begin a cell; answers the list its outputs go to. */
  startCell(): Output[];
  receive(type: string, content: Record<string, unknown>): void;
}

export function createOutputCollector(): OutputCollector {
  /** A display id may be updated from a later cell, so these outlive the cell. */
  const displayed = new Map<string, Set<DisplayOutput>>();
  let outputs: Output[] = [];
  let clearBeforeNext = false;

  const append = (output: Output): void => {
    if (clearBeforeNext) outputs.length = 0;
    clearBeforeNext = false;
    const last = outputs.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name)
      last.text += output.text;
    else outputs.push(output);
  };

  const display = (type: DisplayOutput["output_type"], content: Record<string, unknown>): void => {
    const output: DisplayOutput = {
      output_type: type,
      data: content["data"] as MimeBundle,
      metadata: content["metadata"] as Record<string, unknown>,
    };
    if (type === "execute_result") output.execution_count = content["execution_count"] as number;
    append(output);
    const id = displayId(content);
    if (id === undefined) return;
    const shown = displayed.get(id) ?? new Set();
    displayed.set(id, shown.add(output));
  };

  return {
    startCell() {
      outputs = [];
      clearBeforeNext = false;
      return outputs;
    },

    receive(type, content) {
      if (type === "stream")
        append({ output_type: "stream", name: String(content["name"]), text: String(content["text"]) });
      else if (type === "error")
        append({
          output_type: "error",
          ename: String(content["ename"]),
          evalue: String(content["evalue"]),
          traceback: content["traceback"] as string[],
        });
      else if (type === "display_data" || type === "execute_result") display(type, content);
      else if (type === "update_display_data") {
        for (const output of displayed.get(displayId(content) ?? "") ?? []) {
          output.data = content["data"] as MimeBundle;
          output.metadata = content["metadata"] as Record<string, unknown>;
        }
      } else if (type === "clear_output") {
        if (content["wait"] === true) clearBeforeNext = true;
        else outputs.length = 0;
      }
    },
  };
}

function displayId(content: Record<string, unknown>): string | undefined {
  return (content["transient"] as { display_id?: string } | undefined)?.display_id;
}
