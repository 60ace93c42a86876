/**
 * Prints the SHA-256 of convolutions, transposed ones and poolings with their gradients, whose windows meet every
 * edge. Whatever the number of threads, the width of vectors and the tile, it must print the same.
 */
import { createHash } from "node:crypto";
import { nn, random, Tensor } from "../../src/index.ts";

random.seed(5);
const hash = createHash("sha256");
const cases: readonly (readonly [nn.Module, readonly number[]])[] = [
  [new nn.Conv2d(8, 20, 3, { padding: 1 }), [24, 17, 19, 8]],
  [new nn.Conv2d(3, 37, [5, 4], { stride: [2, 3], padding: [2, 1] }), [24, 30, 31, 3]],
  [new nn.Conv2d(32, 32, 1), [24, 9, 9, 32]],
  [new nn.ConvTranspose2d(16, 13, 4, { stride: 2, padding: 1 }), [24, 9, 11, 16]],
  [new nn.MaxPool2d(3, { stride: 2, padding: 1 }), [24, 20, 21, 13]],
  [new nn.AveragePool2d(2), [24, 20, 21, 13]],
];
for (const [layer, shape] of cases) {
  const x = Tensor.randn(shape, { requiresGrad: true });
  const y = layer.forward(x) as Tensor;
  const upstream = Tensor.randn(y.shape);
  y.mul(upstream).sum().backward();
  for (const { data } of [y, ...[x, ...layer.parameters()].map((leaf) => leaf.grad!)])
    hash.update(new Uint8Array(data.buffer));
}
console.log(hash.digest("hex"));
