import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { memory } from "../../src/backend/wasm/memory.ts";
import { random, Tensor } from "../../src/index.ts";
import { trainings } from "../bench/trainings.ts";

// `npm run bench -- --memory` does it for 20,000 steps.
test.each([
  { task: "T1", steps: 200 },
  { task: "T2", steps: 100 },
  { task: "T3", steps: 10 },
  { task: "T4", steps: 2000 },
])("$task: each of $steps steps leaves the same tensors behind, and no step grows the memory", (run) => {
  random.seed(1);
  const { step } = trainings[run.task]();
  // The first makes the gradients, and the second keeps what the first left for reading.
  step();
  step();
  const before = { ...Tensor.memory(), grown: memory.buffer.byteLength };
  for (let count = 0; count < run.steps; count++) {
    step();
    expect({ ...Tensor.memory(), grown: memory.buffer.byteLength }).toEqual(before);
  }
});

test("a loop that never lets the event loop turn leaves nothing behind in JavaScript's heap either", async () => {
  const script = fileURLToPath(new URL("heapGrowth.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script]);
  // Less than one small object a step.
  expect(Number(stdout)).toBeLessThan(50);
});
