import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
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

test("iris: 150 flowers, 50 a species, Fisher's numbers", async () => {
  const iris = await data.load("iris");
  expect([iris.length, iris.inputShape, iris.scale]).toEqual([150, [4], 1]);
  expect(iris.classNames).toEqual(["setosa", "versicolor", "virginica"]);
  expect(iris.featureNames).toEqual(["sepal length", "sepal width", "petal length", "petal width"]);
  expect(Array.from(iris.classes ?? [])).toEqual(
    Array.from({ length: 150 }, (_, row) => Math.floor(row / 50)),
  );
  expect([...iris.batch([0]).inputs.data]).toEqual([5.1, 3.5, 1.4, 0.2].map(Math.fround));
  // The two rows in which the copy of UCI departs from Fisher's paper.
  expect(iris.batch([34]).inputs.data[3]).toBe(Math.fround(0.2));
  expect([...iris.batch([37]).inputs.data]).toEqual([4.9, 3.6, 1.4, 0.1].map(Math.fround));
  const sums = [0, 0, 0, 0];
  iris.inputs.data.forEach((value, index) => (sums[index % 4] += value));
  expect(sums.map((sum) => Math.round(10 * sum) / 10)).toEqual([876.5, 458.6, 563.7, 179.9]);
});

test("names: 8,422 of them, each once, in order, with a character for their ends", async () => {
  const names = await data.load("names");
  expect([names.length, new Set(names.texts).size]).toEqual([8422, 8422]);
  expect([names.texts[0], names.texts.at(-1)]).toEqual(["Aaren", "Zuzana"]);
  expect(names.texts.toSorted()).toEqual(names.texts);
  expect(names.texts.every((name) => /^[A-Z][A-Za-z-]+$/.test(name))).toBe(true);
  expect(names.vocabulary.characters.join("")).toBe(".-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
});

test("hello: each character and the next", async () => {
  const { inputs, labels } = (await data.load("hello")).batch([0]);
  expect([inputs.toArray(), labels.toArray()]).toEqual([[[1, 0, 2, 2]], [[0, 2, 2, 3]]]);
});

const folder = (name: string): string => fileURLToPath(new URL(`../../datasets/${name}/`, import.meta.url));

test.each(data.list().filter(({ name }) => name !== "hello"))(
  "$name: its README names each file's SHA-256, its licence and its size",
  ({ name, licence, source, bytes }) => {
    const readme = readFileSync(`${folder(name)}README.md`, "utf8");
    expect(readme).toContain(licence);
    const files = readdirSync(folder(name)).filter((file) => file !== "README.md");
    if (source === "downloaded") expect(files).toEqual([]);
    else expect(files.reduce((sum, file) => sum + statSync(folder(name) + file).size, 0)).toBe(bytes);
    for (const file of files) {
      const hash = createHash("sha256").update(readFileSync(folder(name) + file));
      expect(readme).toContain(hash.digest("hex"));
    }
  },
);

test("a file that is not what was published is refused, with both hashes", async () => {
  const published = "0".repeat(64);
  await expect(verifiedFile("digits/digits.csv.gz", published)).rejects.toThrow(
    /digits\.csv\.gz is damaged or was changed: SHA-256 is 09f66e6d[0-9a-f]+, expected 0{64}; restore it/,
  );
});

test("an unknown name is answered with the likely one and all known", async () => {
  const all = "digits, iris, names, hello, mnist, fashion-mnist, cifar-10";
  await expect(data.load("digit" as "digits")).rejects.toThrow(
    new RangeError(`data.load: no data set "digit"; did you mean "digits"? Known: ${all}`),
  );
  await expect(data.load("imagenet" as "mnist")).rejects.toThrow(
    new RangeError(`data.load: no data set "imagenet"; Known: ${all}`),
  );
  await expect(data.load("toString" as "mnist")).rejects.toThrow(RangeError);
  expect(
    data
      .list()
      .map(({ name }) => name)
      .join(", "),
  ).toBe(all);
});

test("only data sets published in parts have parts", async () => {
  await expect(data.load("iris", { part: "test" })).rejects.toThrow(
    new RangeError("data.load: iris is not published in parts; divide it with data.split"),
  );
  await expect(data.load("mnist", { part: "train" as "training" })).rejects.toThrow(
    new RangeError('data.load: part must be "training" or "test", got "train"'),
  );
});

test("list says what each is, how large, under which licence, and whether it is downloaded", async () => {
  for (const { name, examples, source, what, licence, bytes } of data.list()) {
    expect([typeof what, typeof licence, bytes > 0]).toEqual(["string", "string", true]);
    if (source === "shipped") expect((await data.load(name as "digits")).length).toBe(examples);
  }
});
