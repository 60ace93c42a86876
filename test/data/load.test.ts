import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as data from "../../src/data/index.ts";
import { verifiedFile } from "../../src/data/verifiedFile.ts";

test("digits: 1,797 images of bytes 0–16 with their labels", async () => {
  const digits = await data.load("digits");
  expect(digits.length).toBe(1797);
  expect(digits.inputs.shape).toEqual([1797, 8, 8, 1]);
  expect(digits.inputs.data).toBeInstanceOf(Uint8Array);
  expect(Math.max(...digits.inputs.data)).toBe(16);
  const counts = new Array<number>(10).fill(0);
  digits.classes?.forEach((label) => counts[label]++);
  expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
});

test("digits: the decompressed file is what scikit-learn ships, number for number", async () => {
  const { inputs, labels } = await data.load("digits");
  const lines = Array.from(labels.data, (label, row) =>
    [...inputs.data.subarray(row * 64, (row + 1) * 64), label].join(","),
  );
  const found = createHash("sha256")
    .update(`${lines.join("\n")}\n`)
    .digest("hex");
  expect(found).toBe("6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8");
});

test("digits: a batch is float32 in [0, 1], the byte over 16", async () => {
  const digits = await data.load("digits");
  const { inputs, labels, size } = digits.batch([0, 1796]);
  expect([inputs.dtype, inputs.shape, size]).toEqual(["float32", [2, 8, 8, 1], 2]);
  expect([labels.dtype, [...labels.data]]).toEqual(["int32", [0, 8]]);
  expect([...inputs.data.subarray(0, 8)]).toEqual([0, 0, 5, 13, 9, 1, 0, 0].map((byte) => byte / 16));
});

test("every data set's README names the SHA-256 that is checked", () => {
  const readme = readFileSync(new URL("../../datasets/digits/README.md", import.meta.url), "utf8");
  const file = readFileSync(new URL("../../datasets/digits/digits.csv.gz", import.meta.url));
  expect(readme).toContain(createHash("sha256").update(file).digest("hex"));
});

test("a file that is not what was published is refused, with both hashes", async () => {
  const published = "0".repeat(64);
  await expect(verifiedFile("digits/digits.csv.gz", published)).rejects.toThrow(
    /digits\.csv\.gz is damaged or was changed: SHA-256 is 09f66e6d[0-9a-f]+, expected 0{64}; restore it/,
  );
});

test("an unknown name is answered with the likely one and all known", async () => {
  await expect(data.load("digit")).rejects.toThrow(
    new RangeError('data.load: no data set "digit"; did you mean "digits"? Known: digits'),
  );
  await expect(data.load("imagenet")).rejects.toThrow(
    new RangeError('data.load: no data set "imagenet"; Known: digits'),
  );
  await expect(data.load("toString")).rejects.toThrow(RangeError);
  expect(data.list()).toEqual(["digits"]);
});
