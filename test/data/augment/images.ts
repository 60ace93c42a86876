import type { Images } from "../../../src/data/augment/index.ts";

/** One image of bytes, one channel, from the codes of letters: pictures that a test can spell. */
export function byteImage(rows: readonly string[]): Images {
  return { data: Uint8Array.from(Buffer.from(rows.join(""))), shape: [1, rows.length, rows[0].length, 1] };
}

/** The first image's first channel, row by row. */
export function rowsOf({ data, shape: [, height, width, channels] }: Images): number[][] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => data[(y * width + x) * channels]),
  );
}

/** The first image as the letters it was spelt with, "." for 0. */
export function spelt(images: Images): string[] {
  return rowsOf(images).map((row) =>
    row.map((code) => (code === 0 ? "." : String.fromCharCode(code))).join(""),
  );
}
