import { crc32, deflateSync } from "node:zlib";

export interface Encoding {
  readonly width: number;
  readonly height: number;
  /** PNG's colour type. */
  readonly colour: number;
  readonly channels: number;
  readonly data: readonly number[];
  readonly depth?: number;
  /** The same for every row. */
  readonly filter?: number;
  readonly interlaced?: boolean;
  /** Instead of the pixels. */
  readonly compressed?: Buffer;
  readonly extra?: readonly (readonly [string, Buffer])[];
}

/** Writes a PNG file of any kind, sound or not: the forward direction of what src/data/png.ts undoes. */
export function encodePng(encoding: Encoding): Buffer {
  const { width, height, colour, depth = 8, interlaced = false, extra = [] } = encoding;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, Number(interlaced)], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    part("IHDR", header),
    ...extra.map(([type, body]) => part(type, body)),
    part("IDAT", encoding.compressed ?? deflateSync(filteredRows(encoding))),
    part("IEND", Buffer.alloc(0)),
  ]);
}

function part(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), body]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, checksum]);
}

/** Which of Adam7's seven passes pixel (x, y) belongs to: the pattern that the standard prints. */
const pattern = [
  "16462646",
  "77777777",
  "56565656",
  "77777777",
  "36463646",
  "77777777",
  "56565656",
  "77777777",
];

function filteredRows({
  width,
  height,
  channels,
  data,
  depth = 8,
  filter = 0,
  interlaced,
}: Encoding): Buffer {
  const lines: Buffer[] = [];
  const passes = interlaced ? ["1", "2", "3", "4", "5", "6", "7"] : [undefined];
  for (const pass of passes) {
    let above: Buffer | undefined;
    for (let y = 0; y < height; y++) {
      const row: number[] = [];
      for (let x = 0; x < width; x++) {
        const at = (y * width + x) * channels;
        if (!pass || pattern[y % 8][x % 8] === pass) row.push(...data.slice(at, at + channels));
      }
      if (pass && row.length === 0) continue;
      const line = packed(row, depth);
      lines.push(Buffer.of(filter), filtered(line, above, filter, Math.max(1, (channels * depth) / 8)));
      above = line;
    }
  }
  return Buffer.concat(lines);
}

function packed(samples: readonly number[], depth: number): Buffer {
  const bits = samples.map((sample) => sample.toString(2).padStart(depth, "0")).join("");
  return Buffer.from((bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2)));
}

function filtered(line: Buffer, above: Buffer | undefined, filter: number, pixel: number): Buffer {
  return Buffer.from(
    line.map((byte, index) => {
      const left = line[index - pixel] ?? 0;
      const up = above?.[index] ?? 0;
      const corner = (index >= pixel && above?.[index - pixel]) || 0;
      const estimate = left + up - corner;
      const nearest = [left, up, corner].toSorted(
        (a, b) => Math.abs(estimate - a) - Math.abs(estimate - b),
      )[0];
      return byte - [0, left, up, Math.floor((left + up) / 2), nearest, 0][filter];
    }),
  );
}
