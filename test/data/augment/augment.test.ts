/** What every augmentation keeps to, and those that move pixels without sampling between them. */
import { describe, expect, test } from "vitest";
import * as augment from "../../../src/data/augment/index.ts";
import type { Augmentation, Fill, Images } from "../../../src/data/augment/index.ts";
import * as random from "../../../src/random/index.ts";
import { Tensor, tensor } from "../../../src/tensor/tensor.ts";
import { byteImage, rowsOf, spelt } from "./images.ts";

const all: Record<string, Augmentation> = {
  flip: augment.flip(),
  rotate: augment.rotate({ degrees: [-30, 30] }),
  scale: augment.scale({ factor: [0.5, 2] }),
  crop: augment.crop({ side: [0.3, 1] }),
  translate: augment.translate({ x: [-2, 2], y: [-1, 3] }),
  normalize: augment.normalize({ mean: 3, standardDeviation: 2 }),
  noise: augment.noise({ standardDeviation: [1, 20] }),
  compose: augment.compose(augment.flip(), augment.rotate({ degrees: [0, 9] }), augment.crop({ side: 0.5 })),
};
const bytes: Images = {
  data: Uint8Array.from({ length: 3 * 4 * 5 * 2 }, (_, index) => (index * 37) % 251),
  shape: [3, 4, 5, 2],
};
const floats: Images = { data: Float32Array.from(bytes.data), shape: bytes.shape };

describe.each(Object.entries(all))("%s", (name, operation) => {
  test.each([
    ["bytes", bytes],
    ["floats", floats],
  ])("%s: the same state gives the same images, and the images it was given stay", (_, images) => {
    const before = images.data.slice();
    const first = operation(images, random.generator(5));
    expect(operation(images, random.generator(5))).toEqual(first);
    expect(images.data).toEqual(before);
    expect(first.shape).toEqual(images.shape);
    if (name !== "normalize") expect(first.data.constructor).toBe(images.data.constructor);
    expect(first.data).not.toEqual(before);
  });

  test("a tensor in, a tensor out, with the same numbers; drawn from the session's generator", () => {
    random.seed(5);
    const result = operation(Tensor.from(floats.data, floats.shape));
    expect(result).toBeInstanceOf(Tensor);
    expect(result.data).toEqual(operation(floats, random.generator(5)).data);
  });

  test("no images give no images; what is no image is refused", () => {
    expect(operation({ data: new Uint8Array(0), shape: [0, 4, 5, 2] }).data.length).toBe(0);
    expect(() => operation({ data: new Uint8Array(6), shape: [2, 3] })).toThrow(
      `${name}: images must be [N, height, width, channels], got [2, 3]`,
    );
    expect(() => operation({ data: new Uint8Array(5), shape: [1, 2, 3, 1] })).toThrow(
      `${name}: 5 numbers do not fill images [1, 2, 3, 1]`,
    );
    expect(() => operation({ data: new Uint8Array(0), shape: [1, 0, 3, 1] })).toThrow("have no pixels");
    expect(() => operation(tensor([[[[1]]]], { dtype: "int32" }))).toThrow(TypeError);
  });
});

const fills: Fill[] = ["constant", "edge", "reflect", "symmetric", "wrap"];
const ways = fills.flatMap((fill) =>
  (["bilinear", "nearest"] as const).map((interpolation) => ({ fill, interpolation, value: 200 })),
);

describe.each(ways)("$fill, $interpolation", (way) => {
  const operations: [string, Augmentation][] = [
    ["rotate", augment.rotate({ degrees: [-60, 60], ...way })],
    ["rotate, expanded", augment.rotate({ degrees: [-60, 60], expand: true, ...way })],
    ["scale", augment.scale({ factor: [0.5, 2], ...way })],
    ["crop", augment.crop({ side: [0.3, 1], interpolation: way.interpolation })],
    ["translate", augment.translate({ x: [-7, 7], y: [-7, 7], fill: way.fill, value: way.value })],
  ];

  test.each(operations)("%s: a byte is the float64 of its place, rounded", (_, operation) => {
    const exact = { data: Float64Array.from(bytes.data), shape: bytes.shape };
    const { data, shape } = operation(exact, random.generator(9));
    const found = operation(bytes, random.generator(9));
    expect(found).toEqual({ data: Uint8Array.from(data, (pixel) => Math.floor(pixel + 0.5)), shape });
  });

  test.each(operations)("%s: several channels are each moved as if alone", (_, operation) => {
    const channels = 3;
    const [count, height, width] = [2, 4, 7];
    const planes = Array.from({ length: channels }, (_, channel) => ({
      data: Uint8Array.from({ length: count * height * width }, (_, i) => (i * 41 + channel * 97) % 253),
      shape: [count, height, width, 1],
    }));
    const together = {
      data: Uint8Array.from(
        { length: count * height * width * channels },
        (_, i) => planes[i % channels].data[Math.floor(i / channels)],
      ),
      shape: [count, height, width, channels],
    };
    const found = operation(together, random.generator(4)).data;
    for (const [channel, plane] of planes.entries())
      expect(found.filter((_, i) => i % channels === channel)).toEqual(
        operation(plane, random.generator(4)).data,
      );
  });
});

describe("probability", () => {
  const certain = { probability: 1 };
  const never = { probability: 0 };
  test.each([
    ["flip", augment.flip(never), augment.flip(certain)],
    ["rotate", augment.rotate({ degrees: 90, ...never }), augment.rotate({ degrees: 90, ...certain })],
    ["scale", augment.scale({ factor: 2, ...never }), augment.scale({ factor: 2, ...certain })],
    ["crop", augment.crop({ side: 0.5, ...never }), augment.crop({ side: 0.5, ...certain })],
    ["translate", augment.translate({ x: 1, ...never }), augment.translate({ x: 1, ...certain })],
    [
      "noise",
      augment.noise({ standardDeviation: 9, ...never }),
      augment.noise({ standardDeviation: 9, ...certain }),
    ],
  ])("%s: 0 is never, 1 always", (_, off, on) => {
    expect(off(bytes, random.generator(1))).toEqual(bytes);
    const { data } = on(bytes, random.generator(1));
    for (let image = 0; image < 3; image++) {
      expect(data.subarray(image * 40, image * 40 + 40)).not.toEqual(
        bytes.data.subarray(image * 40, image * 40 + 40),
      );
    }
  });

  test("0.3 is three in ten, image by image", () => {
    const many = { data: Uint8Array.from({ length: 4000 }, (_, index) => index % 2), shape: [2000, 1, 2, 1] };
    const { data } = augment.flip({ probability: 0.3 })(many, random.generator(2));
    const flipped = data.filter((pixel, index) => index % 2 === 0 && pixel === 1).length;
    expect(Math.abs(flipped - 600)).toBeLessThan(4 * Math.sqrt(2000 * 0.3 * 0.7));
  });
});

describe("flip", () => {
  test("exchanges left and right, or top and bottom; twice is not at all", () => {
    const letters = byteImage(["abc", "def"]);
    const mirror = augment.flip({ probability: 1 });
    expect(spelt(mirror(letters))).toEqual(["cba", "fed"]);
    expect(spelt(augment.flip({ direction: "vertical", probability: 1 })(letters))).toEqual(["def", "abc"]);
    expect(mirror(mirror(bytes))).toEqual(bytes);
  });

  test("channels stay together", () => {
    const { data } = augment.flip({ probability: 1 })({
      data: Uint8Array.of(1, 2, 3, 4, 5, 6),
      shape: [1, 1, 2, 3],
    });
    expect([...data]).toEqual([4, 5, 6, 1, 2, 3]);
  });
});

describe("translate", () => {
  const letters = byteImage(["abcd", "efgh", "ijkl"]);
  test("right and down are positive", () => {
    expect(spelt(augment.translate({ x: 1 })(letters))).toEqual([".abc", ".efg", ".ijk"]);
    expect(spelt(augment.translate({ y: -2 })(letters))).toEqual(["ijkl", "....", "...."]);
    expect(spelt(augment.translate({ x: -1, y: 1 })(letters))).toEqual(["....", "bcd.", "fgh."]);
  });

  test.each<[Fill, string]>([
    ["constant", ".........abcd........."],
    ["edge", "aaaaaaaaaabcdddddddddd"],
    ["reflect", "dcbabcdcbabcdcbabcdcba"],
    ["symmetric", "aabcddcbaabcddcbaabcdd"],
    ["wrap", "dabcdabcdabcdabcdabcda"],
  ])("%s: beyond the border, nine pixels either way", (fill, expected) => {
    const line = byteImage(["abcd"]);
    const at = (x: number): string => spelt(augment.translate({ x, fill })(line))[0];
    // Windows of four, side by side: from 9 pixels left of the image to 9 right of it.
    const seen = [9, 5, 1, -3, -7].map(at).join("");
    expect(seen + at(-9).slice(2)).toBe(expected);
    const single = byteImage(["a"]);
    expect(spelt(augment.translate({ x: 5, fill })(single))).toEqual([fill === "constant" ? "." : "a"]);
  });

  test("every distance in the range comes up equally often", () => {
    const line = {
      data: new Uint8Array(3000 * 5).map((_, index) => Number(index % 5 === 2)),
      shape: [3000, 1, 5, 1],
    };
    const { data } = augment.translate({ x: [-1, 1] })(line, random.generator(3));
    const counts = [1, 2, 3].map(
      (place) => data.filter((pixel, index) => pixel && index % 5 === place).length,
    );
    expect(counts.reduce((sum, count) => sum + count)).toBe(3000);
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt((3000 * 2) / 9));
  });

  test("NaN and infinities move without spreading", () => {
    const strange = { data: Float32Array.of(NaN, 1, Infinity, 2), shape: [1, 2, 2, 1] };
    expect([...augment.translate({ x: 1 })(strange).data]).toEqual([0, NaN, 0, Infinity]);
    expect([...augment.rotate({ degrees: 90 })(strange).data]).toEqual([1, 2, NaN, Infinity]);
  });
});

describe("normalize and noise", () => {
  test("normalize: each channel by its own mean and deviation; bytes become float32", () => {
    const pixels = { data: Uint8Array.of(1, 10, 3, 30), shape: [1, 1, 2, 2] };
    const { data } = augment.normalize({ mean: [1, 20], standardDeviation: [2, 10] })(pixels);
    expect(data).toEqual(Float32Array.of(0, -1, 1, 1));
    expect(augment.normalize({ mean: 1, standardDeviation: 2 })(pixels).data).toEqual(
      Float32Array.of(0, 4.5, 1, 14.5),
    );
  });

  test("noise: normal around the pixel; bytes stay in 0–255", () => {
    const grey = { data: new Float32Array(20_000).fill(0.5), shape: [2, 100, 100, 1] };
    const data = Array.from(augment.noise({ standardDeviation: 0.1 })(grey, random.generator(6)).data);
    const mean = data.reduce((sum, pixel) => sum + pixel, 0) / data.length;
    const variance = data.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0) / data.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan((4 * 0.1) / Math.sqrt(data.length));
    expect(Math.abs(variance - 0.01)).toBeLessThan(4 * 0.01 * Math.sqrt(2 / data.length));
    const border = { data: Uint8Array.of(0, 255, 0, 255), shape: [1, 2, 2, 1] };
    const noisy = rowsOf(augment.noise({ standardDeviation: 20 })(border, random.generator(7))).flat();
    expect(noisy.filter((pixel) => pixel > 128)).toHaveLength(2);
    // So little noise is rounded away.
    expect(augment.noise({ standardDeviation: 0.05 })(bytes, random.generator(8))).toEqual(bytes);
  });
});

test("compose: in order, from one stream", () => {
  const letters = byteImage(["abc", "def"]);
  const move = augment.translate({ x: 1 });
  const mirror = augment.flip({ probability: 1 });
  expect(spelt(augment.compose(move, mirror)(letters))).toEqual(["ba.", "ed."]);
  expect(spelt(augment.compose(mirror, move)(letters))).toEqual([".cb", ".fe"]);
  expect(augment.compose()(letters)).toEqual(letters);
  const [turn, grain] = [augment.rotate({ degrees: [-9, 9] }), augment.noise({ standardDeviation: 3 })];
  const stream = random.generator(4);
  const byHand = grain(turn(bytes, stream), stream);
  expect(augment.compose(turn, grain)(bytes, random.generator(4))).toEqual(byHand);
});

test("bytes: halves between two pixels are rounded up", () => {
  const pair = { data: Uint8Array.of(1, 2, 2, 200), shape: [1, 1, 4, 1] };
  // By 2 about the centre, the pixels are read at 0.75, 1.25, 1.75, 2.25.
  expect([...augment.scale({ factor: 2 })(pair).data]).toEqual([2, 2, 2, 52]);
  expect([...augment.scale({ factor: 2, interpolation: "nearest" })(pair).data]).toEqual([2, 2, 2, 2]);
});

test.each<[() => unknown, string]>([
  [() => augment.flip({ probability: 1.5 }), "flip: probability must lie in [0, 1], got 1.5"],
  [
    () => augment.flip({ direction: "up" as "vertical" }),
    'flip: direction must be horizontal or vertical, got "up"',
  ],
  [
    () => augment.rotate({ degrees: [9, 3] }),
    "rotate: degrees must be a number, or [low, high] of them with low <= high, got [9, 3]",
  ],
  [
    () => augment.rotate({ degrees: 5, fill: "mirror" as Fill }),
    'rotate: fill must be one of constant, edge, reflect, symmetric, wrap, got "mirror"',
  ],
  [
    () => augment.rotate({ degrees: 5, interpolation: "cubic" as "nearest" }),
    'rotate: interpolation must be one of bilinear, nearest, got "cubic"',
  ],
  [() => augment.rotate({ degrees: NaN }), "rotate: degrees must be a number"],
  [
    () => augment.scale({ factor: 0 }),
    "scale: factor must be a number > 0, or [low, high] of them with low <= high, got 0",
  ],
  [() => augment.crop({ side: [0.5, 1.1] }), "crop: side must be a number > 0 and <= 1"],
  [() => augment.translate({ x: 0.5 }), "translate: x must be a whole number"],
  [() => augment.noise({ standardDeviation: -1 }), "noise: standardDeviation must be a number >= 0"],
  [() => augment.normalize({ mean: 0, standardDeviation: 0 }), "normalize: standardDeviation must be > 0"],
  [
    () => augment.normalize({ mean: [1, 2, 3], standardDeviation: 1 })(bytes),
    "normalize: mean has 3 numbers for 2 channels; give 1 or 2",
  ],
  [
    () => augment.translate({ x: 1, value: 0.5 })(bytes),
    "translate: value must be an integer from 0 to 255 for bytes, got 0.5",
  ],
])("error %#", (make, message) => {
  expect(make).toThrow(message);
});
