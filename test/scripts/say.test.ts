import { mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import { explain, SetupError } from "../../scripts/setup/say.mjs";

test("a failure that can be mended is told in its own sentence", () => {
  expect(explain(new SetupError("Do this."))).toBe("Do this.");
});

test.each([
  [
    "EACCES",
    "you have no permission for it: make it yours (chown), or clone gradbook into a folder of your own",
  ],
  ["EROFS", "it lies on a file system that is read-only: clone gradbook where you may write"],
  ["ENOSPC", "the disk is full: free some space"],
])("the file system's %s is told with its path and the mend", (code, mend) => {
  const error = Object.assign(new Error(code), { code, path: "some/folder", syscall: "mkdir" });
  expect(explain(error)).toBe(`some/folder: ${mend}, then run the same command again.`);
});

test("any other failure keeps its stack", () => {
  const error = new Error("unforeseen");
  expect(explain(error)).toBe(error);
  let missing: unknown;
  try {
    mkdirSync("no/such/folder");
  } catch (thrown) {
    missing = thrown;
  }
  expect(explain(missing)).toBe(missing);
});
