import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { idx } from "../../src/data/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradbook-idx-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const written = (bytes: Buffer): string => {
  const path = join(folder, "numbers.idx");
  writeFileSync(path, bytes);
  return path;
};
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const images = hex("00000803 00000002 00000001 00000003 01 02 03 fd fe ff");

test.each([
  ["bytes", "00000801 00000003 00 7f ff", new Uint8Array([0, 127, 255])],
  ["signed bytes", "00000901 00000003 00 7f ff", new Int32Array([0, 127, -1])],
  ["16-bit integers", "00000b01 00000002 0102 fffe", new Int32Array([258, -2])],
  ["32-bit integers", "00000c01 00000002 01020304 ffffffff", new Int32Array([16909060, -1])],
  ["float32", "00000d01 00000002 3fc00000 ff800000", new Float32Array([1.5, -Infinity])],
  ["float64", "00000e01 00000001 3ff8000000000000", new Float64Array([1.5])],
])("reads %s, big-endian", async (_, file, data) => {
  expect(await idx(written(hex(file)))).toEqual({ data, shape: [data.length] });
});

test("reads several axes, plain and gzipped alike, and none at all", async () => {
  const expected = { data: Uint8Array.of(1, 2, 3, 253, 254, 255), shape: [2, 1, 3] };
  expect(await idx(written(images))).toEqual(expected);
  expect(await idx(written(gzipSync(images)))).toEqual(expected);
  expect(await idx(written(hex("00000802 00000000 00000005")))).toEqual({
    data: new Uint8Array(0),
    shape: [0, 5],
  });
});

test.each([
  ["cut off", images.subarray(0, -1), "numbers.idx is cut off: [2, 1, 3] takes 22 bytes, and it has 21"],
  [
    "too long",
    Buffer.concat([images, hex("00")]),
    "numbers.idx is too long: [2, 1, 3] takes 22 bytes, and it has 23",
  ],
  [
    "cut off among its sizes",
    images.subarray(0, 9),
    "numbers.idx is no IDX file: it is 9 bytes long and starts with 00000803",
  ],
  ["empty", Buffer.alloc(0), "is no IDX file: it is 0 bytes long and starts with nothing"],
  ["of another type", hex("00000a01 00000000"), "starts with 00000a01"],
  [
    "another file",
    Buffer.from("<!doctype html>"),
    "is no IDX file: it is 15 bytes long and starts with 3c21646f",
  ],
  [
    "a gzip file that breaks off",
    gzipSync(images).subarray(0, -12),
    "numbers.idx is a damaged gzip file: it breaks off",
  ],
])("a file that is %s is refused", async (_, bytes, message) => {
  await expect(idx(written(bytes))).rejects.toThrow(message);
});

test("a missing file is said to be missing, and where", async () => {
  await expect(idx(join(folder, "none"))).rejects.toThrow(
    `idx: cannot read ${join(folder, "none")}: there is no such file`,
  );
});
