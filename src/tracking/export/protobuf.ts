/**
 * A message in Protocol Buffers' encoding, https://protobuf.dev/programming-guides/encoding/, field by field: what a
 * few small messages need.
 */
export class Message {
  readonly #parts: Uint8Array[] = [];

  /** int32, int64, bool, enum; negative numbers are written in two's complement of 64 bits. */
  integer(field: number, value: number): this {
    this.#tag(field, 0);
    this.#varint(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  float(field: number, value: number): this {
    this.#tag(field, 5);
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeFloatLE(value);
    this.#parts.push(bytes);
    return this;
  }

  double(field: number, value: number): this {
    this.#tag(field, 1);
    this.#parts.push(doubles([value]));
    return this;
  }

  /** repeated double, packed. */
  doubles(field: number, values: readonly number[]): this {
    return this.bytes(field, doubles(values));
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.encode());
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, 2);
    this.#varint(BigInt(value.length));
    this.#parts.push(value);
    return this;
  }

  encode(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #tag(field: number, wireType: number): void {
    this.#varint(BigInt((field << 3) | wireType));
  }

  #varint(value: bigint): void {
    const bytes: number[] = [];
    for (; value > 127n; value >>= 7n) bytes.push(Number(value & 127n) | 128);
    bytes.push(Number(value));
    this.#parts.push(Uint8Array.from(bytes));
  }
}

function doubles(values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(8 * values.length);
  values.forEach((value, index) => bytes.writeDoubleLE(value, 8 * index));
  return bytes;
}
