import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodePng } from "../../src/data/png.ts";
import { encodePng, type Encoding } from "./encodePng.ts";

const golden = JSON.parse(readFileSync(new URL("../reference/png.json", import.meta.url), "utf8")) as {
  width: number;
  height: number;
  pictures: { mode: string; options: object; file: string; channels: number; pixels: number[] }[];
};

test.each(golden.pictures)("$mode $options: the pixels that Pillow reads", ({ file, channels, pixels }) => {
  const { width, height } = golden;
  const picture = decodePng("golden.png", Buffer.from(file, "base64"));
  expect({ ...picture, data: [...picture.data] }).toEqual({ width, height, channels, data: pixels });
});

/** Neither smooth nor regular, so that every guess of every filter is off by another number. */
const pixels = (size: number): number[] =>
  Array.from({ length: size }, (_, index) => (index * index * 37 + (index >> 1)) % 256);

describe.each([
  ["grey", 0, 1],
  ["grey and opacity", 4, 2],
  ["colour", 2, 3],
  ["colour and opacity", 6, 4],
] as const)("%s", (_, colour, channels) => {
  test.each([0, 1, 2, 3, 4])("filter %d is undone", (filter) => {
    const data = pixels(5 * 4 * channels);
    const file = encodePng({ width: 5, height: 4, colour, channels, data, filter });
    expect([...decodePng("a.png", file).data]).toEqual(data);
  });

  test("interlaced at every size up to 9 by 9", () => {
    for (let width = 1; width <= 9; width++) {
      for (let height = 1; height <= 9; height++) {
        const data = pixels(width * height * channels);
        const file = encodePng({ width, height, colour, channels, data, filter: 4, interlaced: true });
        expect([...decodePng("a.png", file).data]).toEqual(data);
      }
    }
  });

  test("16 bits are rounded to the nearest of 256 levels", () => {
    const data = pixels(3 * 2 * channels).map(
      (value, index) => value * 257 + [0, 128, -128][index % 3] * Number(value > 0 && value < 255),
    );
    const file = encodePng({ width: 3, height: 2, colour, channels, data, depth: 16 });
    expect([...decodePng("a.png", file).data]).toEqual(data.map((value) => Math.round(value / 257)));
  });
});

test.each([1, 2, 4])("%d bits are spread over 0–255, rows beginning at whole bytes", (depth) => {
  const most = (1 << depth) - 1;
  const data = Array.from({ length: 7 * 3 }, (_, index) => (index * 5) % (most + 1));
  const file = encodePng({ width: 7, height: 3, colour: 0, channels: 1, data, depth });
  expect([...decodePng("a.png", file).data]).toEqual(data.map((value) => (value * 255) / most));
});

describe("refused", () => {
  const sound: Encoding = { width: 2, height: 2, colour: 0, channels: 1, data: [1, 2, 3, 4] };
  const file = encodePng(sound);
  const changed = (at: number, value: number): Buffer => {
    const copy = Buffer.from(file);
    copy[at] = value;
    return copy;
  };

  test("at every place where it may break off", () => {
    for (let length = 0; length < file.length; length++) {
      expect(() => decodePng("a.png", file.subarray(0, length))).toThrow("a.png is no sound PNG file");
    }
  });

  test("with any bit changed", () => {
    for (let at = 0; at < file.length; at++) {
      expect(() => decodePng("a.png", changed(at, file[at] ^ 1))).toThrow("a.png is no sound PNG file");
    }
  });

  test.each<[string, Buffer, string]>([
    ["another kind of file", Buffer.from("GIF89a.........."), "it does not start as one"],
    ["a changed part", changed(20, 9), "the checksum of its part IHDR is wrong"],
    ["colour type 5", encodePng({ ...sound, colour: 5 }), "colour type 5"],
    ["3 bits", encodePng({ ...sound, depth: 3 }), "3 bits"],
    ["no pixels", encodePng({ ...sound, width: 0, data: [] }), "0×2"],
    ["filter 5", encodePng({ ...sound, filter: 5 }), "a row has a filter 5"],
    [
      "too few pixels",
      encodePng({ ...sound, compressed: deflateSync(Buffer.alloc(5)) }),
      "5 bytes instead of 6",
    ],
    [
      "too many pixels",
      encodePng({ ...sound, compressed: deflateSync(Buffer.alloc(99)) }),
      "no sound PNG file",
    ],
    ["no zlib data", encodePng({ ...sound, compressed: Buffer.from("x") }), "no sound PNG file"],
    ["a colour beyond the palette", encodePng({ ...sound, colour: 3 }), "a pixel has colour 1 of 0"],
    ["an unknown critical part", encodePng({ ...sound, extra: [["ABCD", Buffer.alloc(1)]] }), "a part ABCD"],
  ])("%s", (_, bytes, message) => {
    expect(() => decodePng("a.png", bytes)).toThrow(message);
  });

  test("but parts that need not be understood are passed over", () => {
    const text = encodePng({
      ...sound,
      extra: [
        ["tEXt", Buffer.from("a\0b")],
        ["gAMA", Buffer.from("000186a0", "hex")],
      ],
    });
    expect([...decodePng("a.png", text).data]).toEqual(sound.data);
  });
});
