import { expect, test } from "vitest";
import { describeComplaints } from "../../../kernel/io/complaints.ts";

const at = (line: number, character: number, length: number, message: string, fileName?: string) => ({
  start: { line, character },
  end: { line, character: character + length },
  message,
  reasons: [],
  ...(fileName !== undefined && { fileName }),
});

test("a complaint names the cell and the line, and underlines the place", () => {
  const failure = describeComplaints([at(1, 6, 3, "No.")], "let a\nlet b bad c", "cell 3");
  expect(failure.message).toBe("cell 3, line 2: No.");
  expect(failure.traceback.slice(1)).toEqual(["cell 3, line 2: No.", "  2 | let b bad c", "    |       ~~~"]);
});

test("reasons stand below the place", () => {
  const complaint = { ...at(0, 0, 1, "Not assignable."), reasons: ["Because.", "For it is so."] };
  expect(describeComplaints([complaint], "x", "cell 1").traceback.slice(1)).toEqual([
    "cell 1, line 1: Not assignable.",
    "  1 | x",
    "    | ~",
    "    Because.",
    "    For it is so.",
  ]);
});

test("a complaint about a local file names the file, and shows no line of the cell", () => {
  const failure = describeComplaints([at(4, 2, 3, "No.", "model.ts")], "x", "cell 1");
  expect(failure.traceback.slice(1)).toEqual(["model.ts, line 5: No."]);
});

test("ten are enough", () => {
  const many = Array.from({ length: 13 }, (_, line) => at(line, 0, 1, "No."));
  expect(describeComplaints(many, "x", "cell 1").traceback.at(-1)).toBe("… and 3 more");
});
