import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { imageFolder } from "../../src/data/index.ts";
import { encodePng } from "./encodePng.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradbook-images-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (path: string, bytes: Buffer | string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
};
const grey = (...data: number[]): Buffer =>
  encodePng({ width: data.length, height: 1, colour: 0, channels: 1, data });
const colour = (...data: number[]): Buffer =>
  encodePng({ width: data.length / 3, height: 1, colour: 2, channels: 3, data });

test("folders are classes, in alphabetical order, as are the images in them", async () => {
  put("dog/b.png", grey(3, 4));
  put("dog/a.PNG", grey(1, 2));
  put("cat/c.png", grey(5, 6));
  put("cat/.hidden", "x");
  put("notes.txt", "x");
  const images = await imageFolder(folder);
  expect(images.classNames).toEqual(["cat", "dog"]);
  expect([images.inputs.shape, [...images.inputs.data]]).toEqual([
    [3, 1, 2, 1],
    [5, 6, 1, 2, 3, 4],
  ]);
  expect([...(images.classes ?? [])]).toEqual([0, 1, 1]);
  expect([...images.batch([0]).inputs.data]).toEqual([5 / 255, 6 / 255].map(Math.fround));
});

test("one colour image makes all of them colour; grey can be asked for", async () => {
  put("a/1.png", grey(9, 200));
  put("a/2.png", colour(1, 2, 3, 250, 100, 0));
  const mixed = await imageFolder(folder);
  expect([...mixed.inputs.data]).toEqual([9, 9, 9, 200, 200, 200, 1, 2, 3, 250, 100, 0]);
  const dim = await imageFolder(folder, { channels: 1 });
  expect([dim.inputs.shape, [...dim.inputs.data]]).toEqual([
    [2, 1, 2, 1],
    [9, 200, 2, 133],
  ]);
});

test("colour becomes the grey that Pillow makes of it", async () => {
  const { pictures } = JSON.parse(
    readFileSync(new URL("../reference/png.json", import.meta.url), "utf8"),
  ) as {
    pictures: { mode: string; file: string; grey: number[] }[];
  };
  const { file, grey: expected } = pictures.find(({ mode }) => mode === "RGB")!;
  put("a/1.png", Buffer.from(file, "base64"));
  expect([...(await imageFolder(folder, { channels: 1 })).inputs.data]).toEqual(expected);
});

test("what is transparent shows the background, paper by default", async () => {
  const data = [100, 255, 100, 0, 100, 51];
  put("a/1.png", encodePng({ width: 3, height: 1, colour: 4, channels: 2, data }));
  expect([...(await imageFolder(folder)).inputs.data]).toEqual([100, 255, 224]);
  expect([...(await imageFolder(folder, { background: 0 })).inputs.data]).toEqual([100, 0, 20]);
  await expect(imageFolder(folder, { background: 0.5 })).rejects.toThrow(
    "background must be an integer from 0 to 255",
  );
});

test("errors name the file", async () => {
  await expect(imageFolder(join(folder, "none"))).rejects.toThrow(
    `cannot read the folder ${join(folder, "none")}`,
  );
  await expect(imageFolder(folder)).rejects.toThrow(`no images in the folders of ${folder}`);
  put("a/1.png", grey(1, 2));
  put("a/2.png", grey(1, 2, 3));
  await expect(imageFolder(folder)).rejects.toThrow("2.png is 1×3 pixels, and the first image 1×2");
  put("a/2.png", grey(1, 2).subarray(0, -1));
  await expect(imageFolder(folder)).rejects.toThrow(
    `${join(folder, "a/2.png")} is no sound PNG file: it breaks off`,
  );
  put("a/2.png", grey(1, 2));
  put("a/3.jpg", "x");
  await expect(imageFolder(folder)).rejects.toThrow(`${join(folder, "a/3.jpg")} is no .png file`);
  rmSync(join(folder, "a/3.jpg"));
  put("3.png", grey(1, 2));
  await expect(imageFolder(folder)).rejects.toThrow("3.png lies outside the folders");
});
