/**
 * AssemblyScript for convolutions over [height, width, channels], direct and tiled in registers: a tile is a few
 * neighbouring places by a block of output channels, each element one running sum over (row, column, channel) of the
 * window, every product rounded before it is added. Neither tile nor block changes a bit of any result.
 *
 * Channels go in blocks of 16, then 8, then 4, the last one filled up with zeros. Packed weights hold, block after
 * block, a row of the block's width for each element of the window.
 */
import { lines, range } from "./tile.ts";

/** The places that a tile of each block may span: what 16 registers of 256 bits hold. */
const tiles = [
  { width: 16, places: 5 },
  { width: 8, places: 8 },
  { width: 4, places: 8 },
] as const;

type Tile = (typeof tiles)[number];

const grid = (rows: number, width: number, line: (i: number, j: number) => string): string =>
  lines(rows, (i) => lines(width / 4, (j) => line(i, j)));

/** Steps in one turn of an inner loop. */
const STEPS = 4;

/**
 * As in the matrix product, V8 makes the best code at 256 bits when sums start from loads, the first step stands before
 * the loop, and each step of the loop may leave it.
 */
const steps = (step: (index: number) => string): string[] => range(STEPS).map(step);

/** One element of the window for all places of the tile. */
const windowStep = (places: number, width: number, name: string, k: number): string => `
${lines(width / 4, (j) => `      const b${name}${j} = v128.load(w, ${16 * j});`)}
${lines(
  places,
  (i) => `      const a${name}${i} = v128.load_splat<f32>(x${i}, ${4 * k});
${lines(width / 4, (j) => `      c${i}_${j} = f32x4.add(c${i}_${j}, f32x4.mul(a${name}${i}, b${name}${j}));`)}`,
)}
      w += ${4 * width};`;

const convolveTile = (places: number, width: number): string => `
function convolve${width}x${places}(
  x: usize, place: usize, row: usize, height: i32, run: i32, w: usize, zeros: usize, bias: usize, floor: f32,
  out: usize, outPlace: usize,
): void {
${grid(places, width, (i, j) => `  let c${i}_${j} = v128.load(zeros, ${16 * j});`)}
  for (let y = 0; y < height; y++) {
    let x0 = x;
${lines(places - 1, (i) => `    let x${i + 1} = x${i} + place;`)}
    const end = w + <usize>run * ${4 * width};
${windowStep(places, width, "", 0)}
${lines(places, (i) => `      x${i} += 4;`)}
    while (w != end) {
${steps((index) => windowStep(places, width, "stuv"[index], index)).join("\n      if (w == end) break;\n")}
${lines(places, (i) => `      x${i} += ${4 * STEPS};`)}
    }
    x += row;
  }
  const least = f32x4.splat(floor);
${lines(width / 4, (j) => `  const bias${j} = v128.load(bias, ${16 * j});`)}
${grid(places, width, (i, j) => `  const z${i}_${j} = f32x4.max(f32x4.add(c${i}_${j}, bias${j}), least);`)}
${grid(places, width, (i, j) => `  v128.store(out + ${i} * outPlace, z${i}_${j}, ${16 * j});`)}
}`;

const convolveRow = ({ width, places }: Tile): string => `
${lines(places, (i) => convolveTile(i + 1, width))}

function convolve${width}(
  count: i32, x: usize, place: usize, row: usize, height: i32, run: i32, w: usize, zeros: usize, bias: usize, floor: f32,
  out: usize, outPlace: usize,
): void {
  switch (count) {
${lines(
  places,
  (i) =>
    `    case ${i + 1}: convolve${width}x${i + 1}(x, place, row, height, run, w, zeros, bias, floor, out, outPlace); break;`,
)}
  }
}

// A row of places; of each, \`lanes\` channels are written.
function convolveRow${width}(
  tile: i32, count: i32, lanes: i32, x: usize, place: usize, row: usize, height: i32, run: i32, w: usize,
  bias: usize, floor: f32, out: usize, outPlace: usize, scratch: usize,
): void {
  while (count > 0) {
    const places = min(count, tile), zeros = scratch + ${ZEROS};
    if (lanes == ${width}) convolve${width}(places, x, place, row, height, run, w, zeros, bias, floor, out, outPlace);
    else {
      convolve${width}(places, x, place, row, height, run, w, zeros, bias, floor, scratch, ${4 * width});
      for (let i = 0; i < places; i++)
        copyFloats(scratch + <usize>i * ${4 * width}, out + <usize>i * outPlace, lanes);
    }
    x += <usize>places * place;
    out += <usize>places * outPlace;
    count -= places;
  }
}`;

/** One place for all elements of a tile of weights. */
const placeStep = (rows: number, width: number, name: string): string => `
${lines(width / 4, (j) => `      const b${name}${j} = v128.load(gradient, ${16 * j});`)}
${lines(
  rows,
  (i) => `      const a${name}${i} = v128.load_splat<f32>(at, ${4 * i});
${lines(width / 4, (j) => `      c${i}_${j} = f32x4.add(c${i}_${j}, f32x4.mul(a${name}${i}, b${name}${j}));`)}`,
)}
      at += place;
      gradient += gradientPlace;`;

/** A tile of the weights' gradient: neighbours in the window's row by a block of output channels. */
const correlateTile = (rows: number, width: number): string => `
function correlate${width}x${rows}(
  x: usize, place: usize, row: usize, gradient: usize, gradientPlace: usize, height: i32, width: i32, sums: usize,
): void {
${grid(rows, width, (i, j) => `  let c${i}_${j} = v128.load(sums, ${4 * width * i + 16 * j});`)}
  for (let y = 0; y < height; y++) {
    let at = x;
    const end = gradient + <usize>width * gradientPlace;
${placeStep(rows, width, "")}
    while (gradient != end) {
${steps((index) => placeStep(rows, width, "stuv"[index])).join("\n      if (gradient == end) break;\n")}
    }
    x += row;
  }
${grid(rows, width, (i, j) => `  v128.store(sums, c${i}_${j}, ${4 * width * i + 16 * j});`)}
}`;

const correlateRun = ({ width, places }: Tile): string => `
${lines(places, (i) => correlateTile(i + 1, width))}

// All ${width} channels by the \`run\` elements of a window's row.
function correlate${width}(
  tile: i32, run: i32, x: usize, place: usize, row: usize, gradient: usize, gradientPlace: usize, height: i32,
  width: i32, sums: usize,
): void {
  while (run > 0) {
    const rows = min(run, tile);
    switch (rows) {
${lines(
  places,
  (i) =>
    `      case ${i + 1}: correlate${width}x${i + 1}(x, place, row, gradient, gradientPlace, height, width, sums); break;`,
)}
    }
    x += <usize>rows << 2;
    sums += <usize>rows * ${4 * width};
    run -= rows;
  }
}`;

export function convolutionSource(): string {
  return `// Generated by generate/convolution.ts.
import { address, integer, single } from "./args";

// Bytes of scratch a thread needs: a tile, then the rows of one band.
export const CONVOLUTION_SCRATCH: i32 = ${TILE_BYTES + BAND_BYTES};
export const CONVOLUTION_BAND: i32 = ${BAND_BYTES};

function copyFloats(from: usize, to: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  }
  for (; count > 0; count--) {
    store<f32>(to, load<f32>(from));
    from += 4;
    to += 4;
  }
}

function clearFloats(to: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(to, f32x4.splat(0));
    to += 16;
  }
  for (; count > 0; count--) {
    store<f32>(to, 0);
    to += 4;
  }
}

// The width of the block that begins where \`left\` channels are still to come.
// @ts-ignore: decorator
@inline
function blockOf(left: i32, widest: i32): i32 {
  return left > 8 && widest > 8 ? (left >= 16 ? 16 : 8) : left > 4 ? 8 : 4;
}

// Rows from \`top\` and columns from \`left\` of an image, with zeros beside it; rows outside are left as they are.
function padRows(
  x: usize, height: i32, width: i32, channels: i32, top: i32, rows: i32, left: i32, columns: i32, to: usize,
): void {
  const first = min(columns, max(0, -left)), last = max(first, min(columns, width - left));
  for (let y = top; y < top + rows; y++) {
    if (y >= 0 && y < height) {
      clearFloats(to, first * channels);
      copyFloats(x + (<usize>((y * width + left + first) * channels) << 2),
        to + (<usize>(first * channels) << 2), (last - first) * channels);
      clearFloats(to + (<usize>(last * channels) << 2), (columns - last) * channels);
    }
    to += <usize>(columns * channels) << 2;
  }
}

// images, images a chunk, height, width, channels, left, columns, x, to
export function padJob(args: usize, chunk: i32, scratch: usize): void {
  const imagesAChunk = integer(args, 1), first = chunk * imagesAChunk;
  const height = integer(args, 2), width = integer(args, 3), channels = integer(args, 4);
  const columns = integer(args, 6);
  for (let image = first; image < min(integer(args, 0), first + imagesAChunk); image++)
    padRows(address(args, 7) + (<usize>(height * width * channels) << 2) * <usize>image, height, width, channels,
      0, height, integer(args, 5), columns,
      address(args, 8) + (<usize>(height * columns * channels) << 2) * <usize>image);
}

// Between weights, whose element (output channel, row, column, channel) lies at those strides, and the packed form.
export function packWeights(
  unpack: i32, widest: i32, outputs: i32, rows: i32, columns: i32, channels: i32,
  w: usize, outputStride: isize, rowStride: isize, columnStride: isize, channelStride: isize, packed: usize,
): void {
  for (let o = 0; o < outputs;) {
    const width = blockOf(outputs - o, widest), lanes = min(width, outputs - o);
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) {
        let at = w + (<isize>o * outputStride + <isize>y * rowStride + <isize>x * columnStride << 2);
        for (let c = 0; c < channels; c++) {
          let from = at;
          for (let lane = 0; lane < width; lane++) {
            const to = packed + (<usize>lane << 2);
            if (!unpack) store<f32>(to, lane < lanes ? load<f32>(from) : 0);
            else if (lane < lanes) store<f32>(from, load<f32>(to));
            from += outputStride << 2;
          }
          packed += <usize>width << 2;
          at += channelStride << 2;
        }
      }
    o += width;
  }
}
${tiles.map(convolveRow).join("\n")}

// A band is some rows of one image's result; a chunk is some bands.
export function convolveJob(args: usize, chunk: i32, scratch: usize): void {
  const x = address(args, 0), height = integer(args, 1), width = integer(args, 2), channels = integer(args, 3);
  const windowRows = integer(args, 4), windowColumns = integer(args, 5);
  const strideRows = integer(args, 6), strideColumns = integer(args, 7);
  const padTop = integer(args, 8), padLeft = integer(args, 9);
  const outRows = integer(args, 10), outColumns = integer(args, 11), outputs = integer(args, 12);
  const weights = address(args, 13), biases = address(args, 14), floor = single(args, 15);
  const out = address(args, 16), outImage = address(args, 17), outRow = address(args, 18);
  const outPlace = address(args, 19);
  const bandRows = integer(args, 20), bandsAnImage = integer(args, 21), bands = integer(args, 22);
  const bandsAChunk = integer(args, 23), copied = integer(args, 24), widest = integer(args, 25);

  const run = windowColumns * channels;
  const columns = (outColumns - 1) * strideColumns + windowColumns;
  const place = <usize>(strideColumns * channels) << 2;
  const row = <usize>((copied ? columns : width) * channels) << 2;
  const band = scratch + ${TILE_BYTES};
  memory.fill(scratch + ${ZEROS}, 0, 64);
  for (let index = chunk * bandsAChunk; index < min(bands, (chunk + 1) * bandsAChunk); index++) {
    const image = index / bandsAnImage, firstRow = index % bandsAnImage * bandRows;
    const rows = min(bandRows, outRows - firstRow);
    const top = firstRow * strideRows - padTop;
    const from = x + (<usize>(height * width * channels) << 2) * <usize>image;
    let start = from + (<usize>((top * width - padLeft) * channels) << 2);
    if (copied) {
      padRows(from, height, width, channels, top, (rows - 1) * strideRows + windowRows, -padLeft, columns, band);
      start = band;
    }
    const target = out + outImage * <usize>image + outRow * <usize>firstRow;
    let w = weights;
    for (let o = 0; o < outputs;) {
      const block = blockOf(outputs - o, widest), lanes = min(block, outputs - o);
      const bias = biases + (<usize>o << 2);
      const wRow = <usize>(run * block) << 2;
      for (let y = 0; y < rows; y++) {
        // Rows of the window that lie outside the image add nothing.
        const begin = top + y * strideRows, first = max(0, -begin);
        const count = run ? max(0, min(windowRows, height - begin) - first) : 0;
        const at = start + row * <usize>(y * strideRows + first), wAt = w + wRow * <usize>first;
        const to = target + outRow * <usize>y + (<usize>o << 2);
        if (block == 16) convolveRow16(5, outColumns, lanes, at, place, row, count, run, wAt, bias, floor, to, outPlace, scratch);
        else if (block == 8) convolveRow8(widest > 8 ? 8 : 5, outColumns, lanes, at, place, row, count, run, wAt, bias, floor, to, outPlace, scratch);
        else convolveRow4(8, outColumns, lanes, at, place, row, count, run, wAt, bias, floor, to, outPlace, scratch);
      }
      w += wRow * <usize>windowRows;
      o += block;
    }
  }
}
${tiles.map(correlateRun).join("\n")}

// The gradient of packed weights over one part of the results' rows, counted through all images; a region is some of
// the output channels, which are a multiple of 4.
export function correlateJob(args: usize, chunk: i32, scratch: usize): void {
  const x = address(args, 0), height = integer(args, 1), width = integer(args, 2), channels = integer(args, 3);
  const windowRows = integer(args, 4), windowColumns = integer(args, 5);
  const strideRows = integer(args, 6), strideColumns = integer(args, 7);
  const padTop = integer(args, 8), padLeft = integer(args, 9);
  const outRows = integer(args, 10), outColumns = integer(args, 11), outputs = integer(args, 12);
  const gradient = address(args, 13), sums = address(args, 14), sumsAPart = address(args, 15);
  const allRows = integer(args, 16), rowsAPart = integer(args, 17), bandRows = integer(args, 18);
  const copied = integer(args, 19), widest = integer(args, 20);
  const regions = integer(args, 21), outputsARegion = integer(args, 22), blockRows = integer(args, 23);

  const part = chunk / regions, firstOutput = chunk % regions * outputsARegion;
  const lastOutput = min(outputs, firstOutput + outputsARegion);
  const run = windowColumns * channels, window = windowRows * run;
  const columns = (outColumns - 1) * strideColumns + windowColumns;
  const place = <usize>(strideColumns * channels) << 2;
  const row = <usize>((copied ? columns : width) * channels) << 2;
  const gradientPlace = <usize>outputs << 2;
  const target = sums + sumsAPart * <usize>part + (<usize>(firstOutput * window) << 2);
  clearFloats(target, (lastOutput - firstOutput) * window);

  const last = min(allRows, (part + 1) * rowsAPart);
  for (let index = part * rowsAPart; index < last;) {
    const image = index / outRows, firstRow = index % outRows;
    const rows = min(bandRows, min(outRows - firstRow, last - index));
    const top = firstRow * strideRows - padTop;
    const from = x + (<usize>(height * width * channels) << 2) * <usize>image;
    let start = from + (<usize>((top * width - padLeft) * channels) << 2);
    if (copied) {
      padRows(from, height, width, channels, top, (rows - 1) * strideRows + windowRows, -padLeft, columns, scratch);
      start = scratch;
    }
    const upstream = gradient + (<usize>(index * outColumns * outputs) << 2);
    for (let y0 = 0; y0 < rows; y0 += blockRows) {
      const count = min(blockRows, rows - y0);
      const g = upstream + gradientPlace * <usize>(y0 * outColumns);
      let to = target;
      for (let o = firstOutput; o < lastOutput;) {
        const block = blockOf(outputs - o, widest);
        for (let y = 0; y < windowRows; y++) {
          // The rows whose window has this one inside the image.
          const begin = top + y0 * strideRows + y;
          const first = begin < 0 ? (strideRows - 1 - begin) / strideRows : 0;
          const inside = min(count, (height - begin + strideRows - 1) / strideRows) - first;
          const at = start + row * <usize>((y0 + first) * strideRows + y), step = row * <usize>strideRows;
          const lane = g + gradientPlace * <usize>(first * outColumns) + (<usize>o << 2);
          if (inside <= 0) {}
          else if (block == 16) correlate16(5, run, at, place, step, lane, gradientPlace, inside, outColumns, to);
          else if (block == 8) correlate8(widest > 8 ? 8 : 5, run, at, place, step, lane, gradientPlace, inside, outColumns, to);
          else correlate4(8, run, at, place, step, lane, gradientPlace, inside, outColumns, to);
          to += <usize>(run * block) << 2;
        }
        o += block;
      }
    }
    index += rows;
  }
}
`;
}

const TILE_BYTES = 4096;
/** A row of zeros in it, from which sums start. */
const ZEROS = TILE_BYTES - 64;
const BAND_BYTES = 1 << 19;
