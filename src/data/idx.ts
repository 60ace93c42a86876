import { formatShape, sizeOf } from "../util/shape.ts";
import { readUnzipped } from "./bytes.ts";
import type { Rows } from "./tensorDataset.ts";

/** One element of each type that the format has. Numbers are big-endian. */
const types = new Map<number, { bytes: number; empty: (size: number) => Rows["data"]; read: Read }>([
  [0x08, { bytes: 1, empty: (size) => new Uint8Array(size), read: (view, at) => view.getUint8(at) }],
  [0x09, { bytes: 1, empty: (size) => new Int32Array(size), read: (view, at) => view.getInt8(at) }],
  [0x0b, { bytes: 2, empty: (size) => new Int32Array(size), read: (view, at) => view.getInt16(at) }],
  [0x0c, { bytes: 4, empty: (size) => new Int32Array(size), read: (view, at) => view.getInt32(at) }],
  [0x0d, { bytes: 4, empty: (size) => new Float32Array(size), read: (view, at) => view.getFloat32(at) }],
  [0x0e, { bytes: 8, empty: (size) => new Float64Array(size), read: (view, at) => view.getFloat64(at) }],
]);
type Read = (view: DataView, at: number) => number;

/**
 * Read a file in the IDX format, that of MNIST, plain or gzipped: two zero bytes, a byte for the type, one for the
 * number of axes, the sizes, the numbers. Signed bytes and 16-bit integers become int32.
 *
 * Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits", section "File formats".
 *
 * @param path relative to the working directory, which in a notebook is its folder
 * @returns `{ data, shape }`, as `TensorDataset` takes them
 * @throws Error if there is no such file, it is no IDX file, or it is shorter or longer than its sizes say
 * @example
 * const images = await data.idx("train-images-idx3-ubyte.gz"); // shape [60000, 28, 28]
 */
export async function idx(path: string): Promise<Rows> {
  return parseIdx(path, await readUnzipped("idx", path));
}

/** The contents of an IDX file, already unzipped; `name` is for errors. */
export function parseIdx(name: string, bytes: Uint8Array): Rows {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = bytes.length >= 4 && view.getUint16(0) === 0 ? types.get(bytes[2]) : undefined;
  const rank = bytes[3];
  if (!type || rank === 0 || bytes.length < 4 + 4 * rank) {
    const start = Buffer.from(bytes.subarray(0, 4)).toString("hex");
    throw new Error(
      `idx: ${name} is no IDX file: it is ${bytes.length} bytes long and starts with ${start || "nothing"}; ` +
        `such a file starts with 0000, a type from 08 to 0e, and the number of axes`,
    );
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const start = 4 + 4 * rank;
  const size = sizeOf(shape);
  const expected = start + size * type.bytes;
  if (bytes.length !== expected) {
    throw new Error(
      `idx: ${name} is ${bytes.length < expected ? "cut off" : "too long"}: ${formatShape(shape)} takes ` +
        `${expected} bytes, and it has ${bytes.length}`,
    );
  }
  const data = type.empty(size);
  if (data instanceof Uint8Array) data.set(bytes.subarray(start));
  else for (let index = 0; index < size; index++) data[index] = type.read(view, start + index * type.bytes);
  return { data, shape };
}
