const block = 512;

/**
 * The files in a tar archive, by name, as views of its bytes. Folders and links are left out.
 * Source: POSIX.1-1988 (ustar), https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 *
 * @throws Error if a header's checksum is wrong or a file reaches beyond the end
 */
export function tarFiles(name: string, bytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + block <= bytes.length;) {
    const header = bytes.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) break;
    const octal = (from: number, length: number): number =>
      Number.parseInt(text(header, from, length).trim() || "0", 8);
    // The checksum is taken with spaces in its own place.
    const sum = header.reduce((total, byte, place) => total + (place >= 148 && place < 156 ? 32 : byte), 0);
    const size = octal(124, 12);
    if (octal(148, 8) !== sum || at + block + size > bytes.length) {
      throw new Error(`data.load: ${name} is damaged: at byte ${at} stands no sound file of a tar archive`);
    }
    const type = header[156];
    if (type === 0 || type === 0x30) {
      const prefix = text(header, 257, 5) === "ustar" ? text(header, 345, 155) : "";
      files.set(
        (prefix && `${prefix}/`) + text(header, 0, 100),
        bytes.subarray(at + block, at + block + size),
      );
    }
    at += block + Math.ceil(size / block) * block;
  }
  return files;
}

/** Up to the first zero byte. */
function text(header: Buffer, from: number, length: number): string {
  const field = header.toString("latin1", from, from + length);
  const end = field.indexOf("\0");
  return end < 0 ? field : field.slice(0, end);
}
