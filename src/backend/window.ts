/** [height, width]. */
export type Pair = readonly [number, number];

/** A window that walks over an image: its size, its step, and how many places outside it may begin. */
export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
}

/** How many places a window takes along both axes: ⌊(size + 2·padding − kernel) / stride⌋ + 1. */
export function placesOf([height, width]: Pair, { kernel, stride, padding }: Window): [number, number] {
  const along = (size: number, axis: 0 | 1): number =>
    Math.floor((size + 2 * padding[axis] - kernel[axis]) / stride[axis]) + 1;
  return [along(height, 0), along(width, 1)];
}
