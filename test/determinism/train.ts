/**
 * Prints the vector width in use; then trains models of the benchmark, each from one seed, and prints for each the SHA-256
 * of its losses and of the parameters it ends with. Whatever the number of threads, the width of vectors, the tile and the version of Node, it must print
 * the same.
 *
 * Run: GRADBOOK_THREADS=2 GRADBOOK_SIMD=128 node test/determinism/train.ts T1=200 T2=200
 */
import { createHash } from "node:crypto";
import { simd } from "../../src/backend/wasm/kernels.ts";
import { random } from "../../src/index.ts";
import { trainings } from "../bench/trainings.ts";

console.log(simd);
for (const argument of process.argv.slice(2)) {
  const [task, steps] = argument.split("=");
  random.seed(2024);
  const { model, step } = trainings[task]();
  const losses = Float32Array.from({ length: Number(steps) }, step);
  if (!(losses[losses.length - 1] < losses[0]))
    throw new Error(`${task} did not learn: ${losses.join(", ")}`);
  const hash = createHash("sha256").update(new Uint8Array(losses.buffer));
  for (const parameter of model.parameters()) hash.update(new Uint8Array(parameter.data.buffer));
  console.log(hash.digest("hex"));
}
