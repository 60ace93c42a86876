/**
 * Prints the SHA-256 of the losses of 200 steps: a network on digits, trained by Adam, wide enough
 * that its products and its optimizer's steps are shared by threads. Whatever the number of
 * threads and the width of vectors, it must print the same.
 *
 * Run: GRADBOOK_THREADS=2 GRADBOOK_SIMD=128 node test/determinism/trainDigits.ts
 */
import { createHash } from "node:crypto";
import { data, losses, nn, optim, random } from "../../src/index.ts";

random.seed(2024);
const digits = await data.load("digits");
const model = new nn.Sequential(
  new nn.Flatten(),
  new nn.Linear(64, 512),
  new nn.ReLU(),
  new nn.Linear(512, 256),
  new nn.Tanh(),
  new nn.Linear(256, 10),
);
const optimizer = new optim.Adam(model.parameters(), { learningRate: 0.003 });
const loader = new data.DataLoader(digits, { batchSize: 64, shuffle: true, seed: 7 });
const curve = new Float32Array(200);
let step = 0;
while (step < curve.length) {
  for (const { inputs, labels } of loader) {
    if (step === curve.length) break;
    curve[step++] = optimizer.minimize(() => losses.crossEntropy(model.forward(inputs), labels));
  }
}
if (!(curve[199] < curve[0] / 4)) throw new Error(`it did not learn: loss ${curve[0]} → ${curve[199]}`);
console.log(createHash("sha256").update(new Uint8Array(curve.buffer)).digest("hex"));
