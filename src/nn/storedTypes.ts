import type { DType, TypedArray } from "../backend/backend.ts";

/** How one of safetensors' types of number lies in a file, and becomes one of ours without losing a digit. */
interface StoredType {
  /** Bytes a number. */
  readonly width: number;
  readonly dtype: DType;
  /** Undefined if a number is too large for our type. */
  read(bytes: ArrayBuffer): TypedArray | undefined;
}

/** By safetensors' name. Ours are F32, F64, I32 and U8; the others come from other libraries. */
export const storedTypes: Readonly<Record<string, StoredType>> = {
  F64: { width: 8, dtype: "float64", read: (bytes) => new Float64Array(bytes) },
  F32: { width: 4, dtype: "float32", read: (bytes) => new Float32Array(bytes) },
  F16: { width: 2, dtype: "float32", read: (bytes) => fromBits(new Uint16Array(bytes), fromHalf) },
  BF16: {
    width: 2,
    dtype: "float32",
    read: (bytes) => fromBits(new Uint16Array(bytes), (half) => half << 16),
  },
  I64: { width: 8, dtype: "int32", read: (bytes) => narrowed(new BigInt64Array(bytes)) },
  U64: { width: 8, dtype: "int32", read: (bytes) => narrowed(new BigUint64Array(bytes)) },
  I32: { width: 4, dtype: "int32", read: (bytes) => new Int32Array(bytes) },
  U32: { width: 4, dtype: "int32", read: (bytes) => narrowed(new Uint32Array(bytes)) },
  I16: { width: 2, dtype: "int32", read: (bytes) => Int32Array.from(new Int16Array(bytes)) },
  U16: { width: 2, dtype: "int32", read: (bytes) => Int32Array.from(new Uint16Array(bytes)) },
  I8: { width: 1, dtype: "int32", read: (bytes) => Int32Array.from(new Int8Array(bytes)) },
  U8: { width: 1, dtype: "uint8", read: (bytes) => new Uint8Array(bytes) },
  BOOL: { width: 1, dtype: "uint8", read: (bytes) => new Uint8Array(bytes) },
};

/** The name under which safetensors keeps one of our types. */
export const storedNames: Readonly<Record<DType, string>> = {
  float64: "F64",
  float32: "F32",
  int32: "I32",
  uint8: "U8",
};

function narrowed(values: BigInt64Array | BigUint64Array | Uint32Array): Int32Array | undefined {
  const result = Int32Array.from(values, Number);
  return result.every((value, index) => value === Number(values[index])) ? result : undefined;
}

function fromBits(stored: Uint16Array, convert: (bits: number) => number): Float32Array {
  return new Float32Array(Int32Array.from(stored, convert).buffer);
}

/** The bits of a 16-bit float as those of the same number in 32. */
function fromHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // A denormal of 16 bits is a normal number of 32: its leading 1 moves out of the fraction.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}
