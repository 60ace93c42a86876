import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import * as nn from "../../src/nn/index.ts";
import { encodeSafetensors } from "../../src/nn/safetensors.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import values from "../reference/safetensors/values.json" with { type: "json" };

const reference = (name: string): string => join(import.meta.dirname, "../reference/safetensors", name);
const folder = mkdtempSync(join(tmpdir(), "gradbook-safetensors-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** JSON has no −0, ±∞ and NaN; the script writes them as Python prints them. */
const number = (value: number | string | boolean): number =>
  typeof value === "string" ? Number(value.replace("inf", "Infinity").replace("nan", "NaN")) : Number(value);

describe("files by Python's safetensors", () => {
  test("our own types: names, shapes, types, every number, the metadata", async () => {
    const { tensors, metadata } = await nn.readSafetensors(reference("ours.safetensors"));
    expect(metadata).toEqual({ format: "pt" });
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(values.ours).sort());
    for (const [name, { shape, dtype, values: expected }] of Object.entries(values.ours)) {
      expect([tensors[name].shape, tensors[name].dtype]).toEqual([shape, dtype]);
      expect([...tensors[name].data]).toEqual(expected.map(number));
    }
  });

  test("types that others use become ours and stay exact", async () => {
    const { tensors } = await nn.readSafetensors(reference("others.safetensors"));
    for (const [name, { shape, values: expected }] of Object.entries(values.others)) {
      expect(tensors[name].shape, name).toEqual(shape);
      expect([...tensors[name].data], name).toEqual(expected.map(number));
    }
    expect(Object.fromEntries(Object.entries(tensors).map(([name, { dtype }]) => [name, dtype]))).toEqual({
      half: "float32",
      brain: "float32",
      ...{ short: "int32", unsignedShort: "int32", byte: "int32" },
      ...{ unsigned: "int32", long: "int32", unsignedLong: "int32" },
      truth: "uint8",
    });
  });

  test("what we write of the same arrays is theirs byte for byte, so they read ours", async () => {
    const { tensors, metadata } = await nn.readSafetensors(reference("ours.safetensors"));
    const theirs = readFileSync(reference("ours.safetensors"));
    expect(Buffer.from(encodeSafetensors(tensors, metadata)).equals(theirs)).toBe(true);
    const path = join(folder, "new folder", "copy.safetensors");
    await nn.writeSafetensors(path, Object.fromEntries(Object.entries(tensors).reverse()), metadata);
    expect(readFileSync(path).equals(theirs)).toBe(true);
  });
});

const model = (hidden = 4): nn.Sequential =>
  new nn.Sequential(new nn.Linear(3, hidden), new nn.ReLU(), new nn.Linear(hidden, 2));

describe("a model's weights", () => {
  test("saved and loaded, it computes the same bits", async () => {
    const [source, target] = [model(), model()];
    const path = join(folder, "model.safetensors");
    await source.save(path);
    const x = Tensor.randn([5, 3]);
    expect(target.forward(x).toArray()).not.toEqual(source.forward(x).toArray());
    await target.load(path);
    expect(target.forward(x).toArray()).toEqual(source.forward(x).toArray());
  });

  test("of another model: named, and nothing changes", async () => {
    const path = join(folder, "other.safetensors");
    await model(5).save(path);
    const target = model();
    const before = target.stateDict();
    await expect(target.load(path)).rejects.toThrow(
      `${path} holds the weights of another model: loadStateDict: "0.weight" is [3, 4], the saved one [3, 5]`,
    );
    await new nn.Linear(3, 4).save(path);
    await expect(target.load(path)).rejects.toThrow(
      /of another model: loadStateDict: unexpected "bias" \(did you mean "0.bias"\?\)/,
    );
    expect(target.stateDict()).toEqual(before);
  });

  test("a write that fails leaves the old file, and no other", async () => {
    const home = mkdtempSync(join(folder, "atomic-"));
    const path = join(home, "weights.safetensors");
    await model().save(path);
    const before = readFileSync(path);
    await expect(nn.writeSafetensors(join(path, "below a file"), {})).rejects.toThrow();
    // The name is taken by a folder: the last move of the write fails, after all the bytes are written.
    const taken = join(home, "taken");
    await nn.writeSafetensors(join(taken, "x"), {});
    await expect(nn.writeSafetensors(taken, {})).rejects.toThrow();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(home).sort()).toEqual(["taken", "weights.safetensors"]);
  });

  test("no array can have the metadata's name", () => {
    const state = { __metadata__: { shape: [], dtype: "float32", data: Float32Array.of(1) } } as const;
    expect(() => encodeSafetensors(state)).toThrow('safetensors: no array can be called "__metadata__"');
  });
});

describe("a bad file is told for what it is, with its path", () => {
  const path = join(folder, "bad.safetensors");
  const good = Buffer.from(
    encodeSafetensors({ w: { shape: [2, 2], dtype: "float32", data: Float32Array.of(1, 2, 3, 4) } }),
  );
  const withHeader = (header: string, data = 16): Buffer => {
    const file = Buffer.alloc(8 + Buffer.byteLength(header) + data);
    file.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
    file.write(header, 8);
    return file;
  };
  const entry = (changes: object): string =>
    JSON.stringify({ w: { dtype: "F32", shape: [2, 2], data_offsets: [0, 16], ...changes } });
  const twice = (offsets: [number, number]): string =>
    JSON.stringify({
      v: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
      w: { dtype: "F32", shape: [2], data_offsets: offsets },
    });

  test.each([
    ["empty", Buffer.alloc(0), "it has 0 bytes, fewer than the 8 with which every safetensors file begins"],
    ["a picture", Buffer.from("\x89PNG\r\n\x1a\n and so on"), "it is no safetensors file"],
    [
      "cut in its header",
      good.subarray(0, 30),
      "it is truncated: a header of 64 bytes was begun, 22 are there",
    ],
    ["cut in its data", good.subarray(0, -1), "it is truncated: its arrays take 16 bytes, 15 are there"],
    ["too long", Buffer.concat([good, Buffer.alloc(3)]), "it is damaged: 3 bytes follow the last array"],
    ["no JSON", withHeader("{ w: nothing }"), "it is damaged: its header is no JSON"],
    [
      "no UTF-8",
      Buffer.concat([withHeader("{    ", 0), Buffer.of(0xff)]),
      "it is damaged: its header is no JSON",
    ],
    [
      "an unknown type",
      withHeader(entry({ dtype: "F8_E5M2" })),
      '"w" has numbers of type "F8_E5M2"; known: F64,',
    ],
    [
      "a type of Object's",
      withHeader(entry({ dtype: "constructor" })),
      'numbers of type "constructor"; known',
    ],
    ["a negative size", withHeader(entry({ shape: [-2, -2] })), 'it is damaged: "w" has the shape [-2,-2]'],
    ["no place", withHeader(entry({ data_offsets: [16, 0] })), 'it is damaged: "w" lies at [16,0]'],
    ["the wrong size", withHeader(entry({ shape: [3] })), '"w" of F32 [3] takes 12 bytes, and is given 16'],
    ["no description", withHeader('{"w": 3}'), 'it is damaged: "w" is not described by an object'],
    ["a gap", withHeader(twice([12, 20]), 20), '"w" begins at byte 12 of the data, where 8 was due'],
    ["an overlap", withHeader(twice([4, 12]), 12), '"w" begins at byte 4 of the data, where 8 was due'],
    ["odd metadata", withHeader('{"__metadata__": {"a": 1}}', 0), "its metadata must be strings by name"],
  ])("%s", async (_, file, message) => {
    writeFileSync(path, file);
    const error = await nn.readSafetensors(path).catch((reason: unknown) => reason as Error);
    expect((error as Error).message).toContain(`${path}: `);
    expect((error as Error).message).toContain(message);
  });

  test("a header whose length is a wild number", async () => {
    writeFileSync(path, Buffer.from("ffffffffffffffff7b7d", "hex"));
    await expect(nn.readSafetensors(path)).rejects.toThrow("it is no safetensors file");
  });

  test("an integer that int32 cannot hold", async () => {
    const file = withHeader('{"big": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}}', 8);
    file.writeBigInt64LE(2n ** 31n, file.length - 8);
    writeFileSync(path, file);
    await expect(nn.readSafetensors(path)).rejects.toThrow(
      '"big" (I64) holds an integer that int32 cannot hold',
    );
  });

  test("one that is not there", async () => {
    await expect(nn.readSafetensors("nowhere.safetensors")).rejects.toThrow(
      /^there is no file \/.*nowhere\.safetensors$/,
    );
  });
});
