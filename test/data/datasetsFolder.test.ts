import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { datasetsFolder } from "../../src/data/datasetsFolder.ts";

test("GRADBOOK_DATASETS, or else a folder in the user's cache", () => {
  expect(datasetsFolder({ GRADBOOK_DATASETS: "/srv/data" })).toBe(resolve("/srv/data"));
  expect(datasetsFolder({ GRADBOOK_DATASETS: "beside" })).toBe(resolve("beside"));
  const end = join("gradbook", "datasets");
  expect(datasetsFolder({}).startsWith(homedir())).toBe(true);
  expect(datasetsFolder({}).endsWith(end)).toBe(true);
  if (process.platform === "linux") expect(datasetsFolder({ XDG_CACHE_HOME: "/c" })).toBe(`/c/${end}`);
});
