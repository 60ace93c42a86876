/** rotate, scale and crop against scipy.ndimage and PyTorch, and on arrays worked out by hand. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  crop,
  type Fill,
  type Images,
  type Interpolation,
  rotate,
  scale,
} from "../../../src/data/augment/index.ts";
import { generator } from "../../../src/random/index.ts";
import { byteImage, rowsOf } from "./images.ts";

type Picture = number[][][];
const reference = JSON.parse(
  readFileSync(new URL("../../reference/augment.json", import.meta.url), "utf8"),
) as {
  value: number;
  image: Picture;
  rotate: { degrees: number; fill: Fill; interpolation: Interpolation; result: Picture }[];
  scale: { factor: number; fill: Fill; interpolation: Interpolation; result: Picture }[];
  crop: { side: number; interpolation: Interpolation; results: Picture[] }[];
};
const { value } = reference;
const image: Images = { data: Float64Array.from(reference.image.flat(2)), shape: [1, 5, 6, 2] };

/** To 12 digits: scipy and PyTorch weigh the neighbours in another order. */
const expectPicture = ({ data, shape }: Images, expected: Picture): void => {
  expect(shape).toEqual([1, expected.length, expected[0].length, expected[0][0].length]);
  const wanted = expected.flat(2);
  data.forEach((pixel, index) => expect(pixel).toBeCloseTo(wanted[index], 12));
};

describe("rotate", () => {
  test.each(reference.rotate)(
    "by $degrees°, $fill, $interpolation equals scipy's",
    ({ degrees, fill, interpolation, result }) => {
      expectPicture(rotate({ degrees, fill, interpolation, value })(image), result);
    },
  );

  const quarter = (degrees: number): number[][] =>
    rowsOf(rotate({ degrees, expand: true })(byteImage(["abc", "def"])));
  const letters = (...rows: string[]): number[][] => rowsOf(byteImage(rows));

  test("quarter turns move every pixel, counter-clockwise", () => {
    expect(quarter(90)).toEqual(letters("cf", "be", "ad"));
    expect(quarter(180)).toEqual(letters("fed", "cba"));
    expect(quarter(-90)).toEqual(letters("da", "eb", "fc"));
    expect(quarter(270)).toEqual(quarter(-90));
    expect(quarter(720)).toEqual(letters("abc", "def"));
  });

  test("four quarter turns of a square are none", () => {
    const turn = rotate({ degrees: 90 });
    const square = byteImage(["abcd", "efgh", "ijkl", "mnop"]);
    expect(turn(turn(turn(turn(square))))).toEqual(square);
  });

  test("expanded, no corner is lost, at any angle and size, and one pixel less would lose one", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: -400, max: 400 }),
        fc.integer({ min: 0, max: 200 }),
        (height, width, low, span) => {
          const blank = { data: new Uint8Array(height * width), shape: [1, height, width, 1] };
          const [, tall, wide] = rotate({ degrees: [low, low + span], expand: true })(blank).shape;
          // The truth by trying every tenth of a degree.
          let reachX = 0;
          let reachY = 0;
          for (let tenth = low * 10; tenth <= (low + span) * 10; tenth++) {
            const angle = (tenth * Math.PI) / 1800;
            const [cosine, sine] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
            reachX = Math.max(reachX, width * cosine + height * sine);
            reachY = Math.max(reachY, height * cosine + width * sine);
          }
          expect(wide).toBeGreaterThanOrEqual(reachX - 1e-5);
          expect(tall).toBeGreaterThanOrEqual(reachY - 1e-5);
          // The peak can lie between two tenths.
          expect(wide).toBeLessThan(reachX + 1 + 1e-4);
          expect(tall).toBeLessThan(reachY + 1 + 1e-4);
        },
      ),
    );
  });

  test("expanded, an image that is not turned stands in the middle", () => {
    const result = rotate({ degrees: 90, expand: true, probability: 0 })(byteImage(["abc"]));
    expect(rowsOf(result)).toEqual([[0, 0, 0], ...letters("abc"), [0, 0, 0]]);
  });

  test("each image of a batch is turned by its own angle", () => {
    const twice = { data: Uint8Array.of(1, 2, 3, 4, 1, 2, 3, 4), shape: [2, 2, 2, 1] };
    const { data } = rotate({ degrees: [-180, 180], interpolation: "nearest", fill: "wrap" })(
      twice,
      generator(3),
    );
    expect([...data.subarray(0, 4)]).not.toEqual([...data.subarray(4)]);
  });
});

describe("scale", () => {
  test.each(reference.scale)(
    "by $factor, $fill, $interpolation equals scipy's",
    ({ factor, fill, interpolation, result }) => {
      expectPicture(scale({ factor, fill, interpolation, value })(image), result);
    },
  );

  test("outward by 2 doubles the middle, inward by 2 puts the border around", () => {
    const nearest = { interpolation: "nearest" } as const;
    const grid = byteImage(["abcd", "efgh", "ijkl", "mnop"]);
    expect(rowsOf(scale({ factor: 2, ...nearest })(grid))).toEqual(
      rowsOf(byteImage(["ffgg", "ffgg", "jjkk", "jjkk"])),
    );
    const half = rowsOf(scale({ factor: 0.5 })(byteImage(["aaaa", "aaaa", "aaaa", "aaaa"])));
    expect(half).toEqual([
      [0, 0, 0, 0],
      [0, 97, 97, 0],
      [0, 97, 97, 0],
      [0, 0, 0, 0],
    ]);
  });

  test("by 1 it is the image itself", () => {
    expect(scale({ factor: 1 })(image).data).toEqual(image.data);
  });
});

describe("crop", () => {
  test.each(reference.crop)(
    "$side of each side, $interpolation: some section, resized as PyTorch does",
    ({ side, interpolation, results }) => {
      const expected = new Set(results.map((result) => rounded(result.flat(2))));
      const random = generator(8);
      const found = new Set<string>();
      for (let attempt = 0; attempt < 60; attempt++) {
        found.add(rounded(crop({ side, interpolation })(image, random).data));
      }
      expect([...found].toSorted()).toEqual([...expected].toSorted());
    },
  );

  test("all of an image is the image itself; a single pixel fills the frame", () => {
    expect(crop({ side: 1 })(image).data).toEqual(image.data);
    const { data } = crop({ side: 0.01 })(byteImage(["ab", "cd"]), generator(1));
    expect(new Set(data).size).toBe(1);
  });
});

const rounded = (pixels: Iterable<number>): string =>
  Array.from(pixels, (pixel) => pixel.toFixed(9)).join(" ");
