import { expect, test } from "vitest";
import { createOutputCollector } from "../../../kernel/runner/outputs.ts";

const stream = (name: string, text: string): [string, Record<string, unknown>] => ["stream", { name, text }];
const shown = (text: string, display_id: string): Record<string, unknown> => ({
  data: { "text/plain": text },
  metadata: {},
  transient: { display_id },
});

test("a stream is one output until something else comes between", () => {
  const collector = createOutputCollector();
  const outputs = collector.startCell();
  collector.receive(...stream("stdout", "a\n"));
  collector.receive(...stream("stdout", "b\n"));
  collector.receive(...stream("stderr", "c\n"));
  collector.receive(...stream("stdout", "d\n"));
  expect(outputs).toEqual([
    { output_type: "stream", name: "stdout", text: "a\nb\n" },
    { output_type: "stream", name: "stderr", text: "c\n" },
    { output_type: "stream", name: "stdout", text: "d\n" },
  ]);
});

test("an update reaches every output of its display id, in earlier cells too, and adds none", () => {
  const collector = createOutputCollector();
  const first = collector.startCell();
  collector.receive("display_data", shown("old", "figure"));
  collector.receive("display_data", shown("other", "another"));
  const second = collector.startCell();
  collector.receive("display_data", shown("old", "figure"));
  collector.receive("update_display_data", shown("new", "figure"));
  const text = (outputs: typeof first): unknown[] =>
    outputs.map((output) => "data" in output && output.data["text/plain"]);
  expect(text(first)).toEqual(["new", "other"]);
  expect(text(second)).toEqual(["new"]);
});

test("transient data is not stored", () => {
  const collector = createOutputCollector();
  const outputs = collector.startCell();
  collector.receive("display_data", shown("text", "figure"));
  expect(outputs).toEqual([{ output_type: "display_data", data: { "text/plain": "text" }, metadata: {} }]);
});

test("clear_output empties the cell; with wait, only when the next output comes", () => {
  const collector = createOutputCollector();
  const outputs = collector.startCell();
  collector.receive(...stream("stdout", "1\n"));
  collector.receive("clear_output", { wait: false });
  expect(outputs).toEqual([]);
  collector.receive(...stream("stdout", "2\n"));
  collector.receive("clear_output", { wait: true });
  expect(outputs).toMatchObject([{ text: "2\n" }]);
  collector.receive(...stream("stdout", "3\n"));
  expect(outputs).toMatchObject([{ text: "3\n" }]);
});
