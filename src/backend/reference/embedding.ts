import type { EmbeddingBackend, MakeArray } from "../backend.ts";

export const embedding = (make: MakeArray): EmbeddingBackend => ({
  embedding(table, indices) {
    const width = table.shape[1];
    const out = make([...indices.shape, width], table.dtype);
    for (let i = 0; i < indices.size; i++)
      for (let j = 0; j < width; j++) out.data[i * width + j] = table.data[indices.data[i] * width + j];
    return out;
  },

  embeddingGradient(gradient, indices, shape) {
    const width = shape[1];
    const out = make(shape, gradient.dtype);
    for (let i = 0; i < indices.size; i++)
      for (let j = 0; j < width; j++) out.data[indices.data[i] * width + j] += gradient.data[i * width + j];
    return out;
  },
});
