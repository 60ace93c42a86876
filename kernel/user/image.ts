/** Pictures among a cell's values: the bytes of an image file, and canvases. */
import type { MimeBundle } from "../channel.ts";

/** By what each kind of file begins with; a dot stands for any byte. */
const signatures: readonly [type: string, name: string, beginning: RegExp][] = [
  ["image/png", "PNG", /^\x89PNG\r\n/],
  ["image/jpeg", "JPEG", /^\xff\xd8\xff/],
  ["image/gif", "GIF", /^GIF8[79]a/],
  ["image/webp", "WebP", /^RIFF[^]{4}WEBP/],
];

interface Canvas {
  width: number;
  height: number;
  toBuffer(type: "image/png"): Uint8Array;
}

const isCanvas = (value: object): value is Canvas =>
  "toBuffer" in value && typeof value.toBuffer === "function" && "getContext" in value;

/** The MIME bundle of a value that is a picture. */
export function imageBundle(value: unknown): MimeBundle | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (isCanvas(value)) return imageBundle(value.toBuffer("image/png"));
  const bytes = bytesOf(value);
  if (!bytes) return undefined;
  const start = Buffer.from(bytes.subarray(0, 24));
  const beginning = start.toString("latin1");
  const found = signatures.find(([, , pattern]) => pattern.test(beginning));
  if (!found) return undefined;
  const [type, name] = found;
  // A PNG's first block holds its size.
  const size =
    name === "PNG" && start.length === 24 ? `, ${start.readUInt32BE(16)} × ${start.readUInt32BE(20)}` : "";
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return { [type]: data, "text/plain": `${name}${size}, ${bytes.byteLength} bytes` };
}

function bytesOf(value: object): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined;
}
