/** CRC-32C (Castagnoli), RFC 3720, appendix B.4: a table of 256 remainders. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = remainders[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * A record as TensorFlow frames it: length (uint64), checksum of the length, contents, checksum of the contents; each
 * checksum masked, so that one over checksums stays good. https://www.tensorflow.org/tutorials/load_data/tfrecord
 */
export function tfRecord(contents: Uint8Array): Buffer {
  const record = Buffer.allocUnsafe(contents.length + 16);
  record.writeBigUInt64LE(BigInt(contents.length));
  record.writeUInt32LE(masked(crc32c(record.subarray(0, 8))), 8);
  record.set(contents, 12);
  record.writeUInt32LE(masked(crc32c(contents)), 12 + contents.length);
  return record;
}

const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
