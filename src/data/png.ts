import { crc32, inflateSync } from "node:zlib";

/** A picture in bytes: 1 channel is grey, 2 grey and opacity, 3 red, green, blue, 4 those and opacity. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly data: Uint8Array;
}

interface Header {
  readonly width: number;
  readonly height: number;
  /** Bits a sample. */
  readonly depth: number;
  readonly palette: boolean;
  /** Samples a pixel in the file. */
  readonly samples: 1 | 2 | 3 | 4;
  readonly interlaced: boolean;
}

const signature = Buffer.from("89504e470d0a1a0a", "hex");
const samplesOf = new Map<number, 1 | 2 | 3 | 4>([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);
/** Depths that each colour type may have: W3C PNG, table 11.1. */
const depthsOf = new Map([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
]);
/** Adam7: where each pass begins and how far apart its pixels lie, [x, y, step x, step y]. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * The pixels of a PNG file, as they are stored: no correction of colours. 1, 2 and 4 bits are spread over 0–255, of
 * 16 bits the nearest of 256 levels is taken, a palette is looked up.
 *
 * Source: W3C, Portable Network Graphics (Third Edition), https://www.w3.org/TR/png-3/
 *
 * @throws Error if it is no PNG file, breaks off or is damaged
 */
export function decodePng(name: string, bytes: Buffer): Picture {
  const damaged = (why: string): Error => new Error(`${name} is no sound PNG file: ${why}`);
  if (!bytes.subarray(0, 8).equals(signature)) throw damaged("it does not start as one");
  let header: Header | undefined;
  let colours: Buffer = Buffer.alloc(0);
  let opacities: Buffer | undefined;
  const compressed: Buffer[] = [];
  for (let at = 8; ;) {
    const length = at + 12 <= bytes.length ? bytes.readUInt32BE(at) : Infinity;
    if (at + 12 + length > bytes.length) throw damaged("it breaks off");
    const type = bytes.toString("latin1", at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== bytes.readUInt32BE(at + 8 + length)) {
      throw damaged(`the checksum of its part ${type} is wrong`);
    }
    if (type === "IHDR") header = readHeader(body, damaged);
    else if (type === "PLTE") colours = body;
    else if (type === "tRNS") opacities = body;
    else if (type === "IDAT") compressed.push(body);
    else if (type === "IEND") break;
    else if (/^[A-Z]/.test(type)) throw damaged(`it has a part ${type} that nobody knows`);
    at += 12 + length;
  }
  if (!header) throw damaged("it has no header");
  const samples = readSamples(header, Buffer.concat(compressed), damaged);
  if (header.palette) return lookUp(header, samples, colours, opacities, damaged);
  const { width, height, depth, samples: channels } = header;
  const most = (1 << depth) - 1;
  const data = Uint8Array.from(samples, (sample) => Math.round((sample * 255) / most));
  if (!opacities || channels % 2 === 0) return { width, height, channels, data };
  return { width, height, ...withoutColour(samples, data, channels as 1 | 3, opacities) };
}

function readHeader(body: Buffer, damaged: (why: string) => Error): Header {
  if (body.length !== 13) throw damaged("its header is not 13 bytes long");
  const [depth, colour, compression, filter, interlace] = body.subarray(8);
  const [width, height, samples] = [body.readUInt32BE(0), body.readUInt32BE(4), samplesOf.get(colour)];
  const known = compression === 0 && filter === 0 && interlace <= 1;
  if (!samples || !known || !depthsOf.get(colour)?.includes(depth) || width === 0 || height === 0) {
    throw damaged(
      `its header says ${width}×${height}, colour type ${colour}, ${depth} bits, interlace ${interlace}`,
    );
  }
  return { width, height, depth, samples, palette: colour === 3, interlaced: interlace === 1 };
}

/** All samples, pixel by pixel, row by row. */
function readSamples(header: Header, compressed: Buffer, damaged: (why: string) => Error): Uint16Array {
  const { width, height, depth, samples, interlaced } = header;
  const parts = (interlaced ? passes : [[0, 0, 1, 1] as const])
    .map(([x, y, stepX, stepY]) => ({
      at: (column: number, row: number): number => ((y + row * stepY) * width + x + column * stepX) * samples,
      columns: Math.ceil((width - x) / stepX),
      rows: Math.ceil((height - y) / stepY),
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
  const lineOf = (columns: number): number => Math.ceil((columns * samples * depth) / 8);
  const size = parts.reduce((sum, { columns, rows }) => sum + rows * (1 + lineOf(columns)), 0);
  let filtered: Buffer;
  try {
    filtered = inflateSync(compressed, { maxOutputLength: size });
  } catch (error) {
    throw damaged((error as Error).message);
  }
  if (filtered.length !== size) throw damaged(`its pixels are ${filtered.length} bytes instead of ${size}`);
  const result = new Uint16Array(width * height * samples);
  let start = 0;
  for (const { at, columns, rows } of parts) {
    const line = lineOf(columns);
    let above: Uint8Array = new Uint8Array(line);
    for (let row = 0; row < rows; row++) {
      const current = filtered.subarray(start + 1, start + 1 + line);
      if (filtered[start] > 4) throw damaged(`a row has a filter ${filtered[start]}`);
      unfilter(filtered[start], current, above, Math.max(1, (samples * depth) >> 3));
      for (let column = 0; column < columns; column++) {
        const to = at(column, row);
        for (let sample = 0; sample < samples; sample++) {
          result[to + sample] = sampleOf(current, column * samples + sample, depth);
        }
      }
      above = current;
      start += 1 + line;
    }
  }
  return result;
}

/** Each byte was stored as its difference from a guess out of those to the left, above, and above to the left. */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, pixel: number): void {
  if (filter === 0) return;
  for (let index = 0; index < line.length; index++) {
    const a = index < pixel ? 0 : line[index - pixel];
    const b = above[index];
    const c = index < pixel ? 0 : above[index - pixel];
    line[index] += filter === 1 ? a : filter === 2 ? b : filter === 3 ? (a + b) >> 1 : paeth(a, b, c);
  }
}

/** Which of the three is nearest to a + b − c; of equals the first. */
function paeth(a: number, b: number, c: number): number {
  const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  if (toA <= toB && toA <= toC) return a;
  return toB <= toC ? b : c;
}

function sampleOf(line: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return line[index];
  if (depth === 16) return line[2 * index] * 256 + line[2 * index + 1];
  const bit = index * depth;
  return (line[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

function lookUp(
  { width, height }: Header,
  indices: Uint16Array,
  colours: Buffer,
  opacities: Buffer | undefined,
  damaged: (why: string) => Error,
): Picture {
  const channels = opacities ? 4 : 3;
  const data = new Uint8Array(indices.length * channels);
  indices.forEach((index, pixel) => {
    if (3 * index + 3 > colours.length) throw damaged(`a pixel has colour ${index} of ${colours.length / 3}`);
    data.set(colours.subarray(3 * index, 3 * index + 3), pixel * channels);
    if (opacities) data[pixel * channels + 3] = opacities[index] ?? 255;
  });
  return { width, height, channels, data };
}

/** One colour of the picture, given in its own depth, stands for nothing at all. */
function withoutColour(
  samples: Uint16Array,
  data: Uint8Array,
  channels: 1 | 3,
  colour: Buffer,
): { channels: 2 | 4; data: Uint8Array } {
  const pixels = samples.length / channels;
  const result = new Uint8Array(pixels * (channels + 1));
  for (let pixel = 0; pixel < pixels; pixel++) {
    let transparent = colour.length >= 2 * channels;
    for (let channel = 0; channel < channels; channel++) {
      result[pixel * (channels + 1) + channel] = data[pixel * channels + channel];
      if (transparent) transparent = samples[pixel * channels + channel] === colour.readUInt16BE(2 * channel);
    }
    result[pixel * (channels + 1) + channels] = transparent ? 0 : 255;
  }
  return { channels: channels === 1 ? 2 : 4, data: result };
}
