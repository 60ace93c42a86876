import { formatShape, type Shape, sizeOf } from "../util/shape.ts";
import type { StateDict } from "./stateDict.ts";
import { storedNames, storedTypes } from "./storedTypes.ts";

/** Arrays by name, and whatever else the file says: strings by name. */
export interface Safetensors {
  readonly tensors: StateDict;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: string;
  readonly shape: Shape;
  /** Where it begins and ends among the data, in bytes. */
  readonly data_offsets: readonly [number, number];
}

/**
 * Arrays as a safetensors file, https://huggingface.co/docs/safetensors: the length of the header in 8 bytes, the
 * header as JSON, padded with spaces so that the data is aligned, and the data, little-endian. Wide types come
 * first, then names in order, as from Python's package: the same arrays give the same bytes.
 */
export function encodeSafetensors(tensors: StateDict, metadata: Record<string, string> = {}): Uint8Array {
  const arrays = Object.entries(tensors).sort(([left, x], [right, y]) => {
    const wider = y.data.BYTES_PER_ELEMENT - x.data.BYTES_PER_ELEMENT;
    return wider || compare(storedNames[x.dtype], storedNames[y.dtype]) || compare(left, right);
  });
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let length = 0;
  for (const [name, { dtype, shape, data }] of arrays) {
    if (name === "__metadata__") throw new RangeError(`safetensors: no array can be called "__metadata__"`);
    header[name] = { dtype: storedNames[dtype], shape, data_offsets: [length, length + data.byteLength] };
    length += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(start + length).fill(SPACE, 8, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(json, 8);
  let offset = start;
  for (const [, { data }] of arrays) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}

const SPACE = 0x20;
/** As in safetensors' own reader: a longer header is a mistake or an attack. */
const LONGEST_HEADER = 100_000_000;

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/**
 * Read a safetensors file. Each array keeps its numbers exactly; 16-bit floats become float32, other integers int32,
 * truth values uint8.
 * @throws Error that says what is wrong if the file is truncated, damaged or of another kind
 */
export function decodeSafetensors(file: Uint8Array): Safetensors {
  const { header, start } = readHeader(file);
  const { __metadata__: metadata = {}, ...rest } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === "string"))
    throw damaged("its metadata must be strings by name");
  const entries = Object.entries(rest).map(([name, entry]) => [name, checkedEntry(name, entry)] as const);
  checkCoverage(entries, file.length - start);
  const tensors = entries.map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [begin, end],
      },
    ]) => {
      const type = storedTypes[dtype];
      const data = type.read(new Uint8Array(file.subarray(start + begin, start + end)).buffer);
      if (!data) throw new RangeError(`"${name}" (${dtype}) holds an integer that int32 cannot hold`);
      return [name, { shape, dtype: type.dtype, data }] as const;
    },
  );
  return { tensors: Object.fromEntries(tensors), metadata: metadata as Record<string, string> };
}

function readHeader(file: Uint8Array): { header: Record<string, unknown>; start: number } {
  if (file.length < 8)
    throw new Error(`it has ${file.length} bytes, fewer than the 8 with which every safetensors file begins`);
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (length > LONGEST_HEADER || (file.length > 8 && file[8] !== "{".charCodeAt(0)))
    throw new Error("it is no safetensors file: what it begins with is no header");
  if (8 + length > file.length)
    throw new Error(`it is truncated: a header of ${length} bytes was begun, ${file.length - 8} are there`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(file.subarray(8, 8 + length)));
  } catch (error) {
    throw damaged(`its header is no JSON (${(error as Error).message})`);
  }
  if (!isRecord(header)) throw damaged("its header is no object");
  return { header, start: 8 + length };
}

function checkedEntry(name: string, value: unknown): Entry {
  if (!isRecord(value)) throw damaged(`"${name}" is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(storedTypes, dtype))
    throw new RangeError(
      `"${name}" has numbers of type ${JSON.stringify(dtype)}; known: ${Object.keys(storedTypes).join(", ")}`,
    );
  if (!isSizes(shape)) throw damaged(`"${name}" has the shape ${JSON.stringify(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0] > offsets[1])
    throw damaged(`"${name}" lies at ${JSON.stringify(offsets)}`);
  const [begin, end] = offsets;
  const expected = sizeOf(shape) * storedTypes[dtype].width;
  if (end - begin !== expected)
    throw damaged(
      `"${name}" of ${dtype} ${formatShape(shape)} takes ${expected} bytes, and is given ${end - begin}`,
    );
  return { dtype, shape, data_offsets: [begin, end] };
}

/** The arrays must lie one after another, without a gap, up to the end of the file. */
function checkCoverage(entries: readonly (readonly [string, Entry])[], length: number): void {
  let covered = 0;
  const inOrder = entries.toSorted(([, x], [, y]) => {
    const [[xBegin, xEnd], [yBegin, yEnd]] = [x.data_offsets, y.data_offsets];
    return xBegin - yBegin || xEnd - yEnd;
  });
  for (const [name, { data_offsets: offsets }] of inOrder) {
    const [begin, end] = offsets;
    if (begin !== covered)
      throw damaged(`"${name}" begins at byte ${begin} of the data, where ${covered} was due`);
    covered = end;
  }
  if (covered > length)
    throw new Error(`it is truncated: its arrays take ${covered} bytes, ${length} are there; copy it again`);
  if (covered < length) throw damaged(`${length - covered} bytes follow the last array`);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);

const damaged = (what: string): Error => new Error(`it is damaged: ${what}`);
