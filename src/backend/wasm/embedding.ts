import type { EmbeddingBackend, MakeArray } from "../backend.ts";
import { pointerOf } from "./dispatch.ts";
import { kernels } from "./kernels.ts";

export const embedding = (make: MakeArray): EmbeddingBackend => ({
  embedding(table, indices) {
    const width = table.shape[1];
    const out = make([...indices.shape, width], table.dtype);
    kernels.embedding(pointerOf(table), pointerOf(indices), pointerOf(out), indices.size, width);
    return out;
  },

  embeddingGradient(gradient, indices, shape) {
    const out = make(shape, gradient.dtype);
    out.data.fill(0);
    const from = [pointerOf(gradient), pointerOf(indices)];
    kernels.embeddingGradient(...from, pointerOf(out), indices.size, shape[1]);
    return out;
  },
});
