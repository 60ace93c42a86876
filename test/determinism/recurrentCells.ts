/**
 * Prints, for the plain recurrence, the GRU and the LSTM, the SHA-256 of what a run over sequences gives, forward and
 * back. Whatever the number of threads, the width of vectors and the tile, it must print the same.
 *
 * Run: GRADBOOK_THREADS=2 GRADBOOK_SIMD=128 node test/determinism/recurrentCells.ts
 */
import { createHash } from "node:crypto";
import { nn, random, Tensor } from "../../src/index.ts";

random.seed(2025);
// Rows for four threads, and in rows, features and units an edge of every tile.
const [batch, times, features, size] = [37, 6, 11, 75];
for (const layer of [new nn.RNN(features, size), new nn.GRU(features, size), new nn.LSTM(features, size)]) {
  const input = Tensor.randn([batch, times, features], { requiresGrad: true });
  const { output } = layer.forward(input);
  // Once more, with rows that end early.
  const lengths = Array.from({ length: batch }, (_, row) => 1 + (row % times));
  const shorter = layer.forward(input, { lengths }).output;
  const hash = createHash("sha256").update(output.data).update(shorter.data);
  output
    .mul(Tensor.randn(output.shape))
    .add(shorter.mul(Tensor.randn(output.shape)))
    .sum()
    .backward();
  for (const leaf of [input, ...layer.parameters()]) hash.update(leaf.grad!.data);
  console.log(hash.digest("hex"));
}
