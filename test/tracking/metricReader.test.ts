import fc from "fast-check";
import { expect, test } from "vitest";
import { decimal } from "../../src/tracking/decimal.ts";
import { parseLines } from "../../src/tracking/lines.ts";
import { addLine, type CurveBuilder } from "../../src/tracking/metricColumns.ts";
import { metricLine } from "../../src/tracking/metricLines.ts";
import { MetricReader } from "../../src/tracking/metricReader.ts";

type Curves = Record<string, { steps: number[]; times: number[]; values: number[] }>;

function curvesOf(builders: Map<string, CurveBuilder>): Curves {
  return Object.fromEntries(
    [...builders].map(([name, { curve }]) => [
      name,
      { steps: [...curve.steps], times: [...curve.times], values: [...curve.values] },
    ]),
  );
}

function read(...pieces: Buffer[]): Curves {
  const builders = new Map<string, CurveBuilder>();
  const reader = new MetricReader(builders);
  for (const piece of pieces) reader.read(piece);
  return curvesOf(builders);
}

/** What the lines are by `JSON.parse`. */
function parsed(bytes: Buffer): Curves {
  const builders = new Map<string, CurveBuilder>();
  for (const line of parseLines(bytes)) addLine(builders, line);
  return curvesOf(builders);
}

const bytesOf = (...lines: string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(""));

/** Every kind of float64: any bits, and the sizes that losses and norms have. */
const float64 = fc.oneof(
  fc.double(),
  fc.double({ min: -10, max: 10 }),
  fc
    .tuple(fc.double({ min: 0, max: 1 }), fc.integer({ min: -12, max: 12 }))
    .map(([x, k]) => x * Number(`1e${k}`)),
  fc.integer({ min: -1000, max: 2 ** 53 }),
);

test("a number is read as JSON reads it, however many digits it has", () => {
  const digits = fc
    .tuple(
      fc.stringMatching(/^(0|[1-9]\d{0,20})$/),
      fc.stringMatching(/^(\.\d{1,22})?$/),
      fc.stringMatching(/^(e[+-]?\d{1,2})?$/),
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(float64.filter(Number.isFinite).map(String), digits), (text) => {
      expect(read(bytesOf(`{"step":1,"time":2,"x":${text}}`))["x"].values).toEqual([Number(text)]);
    }),
    { numRuns: 5000 },
  );
});

test("decimals beside the middle between two numbers are rounded as Number rounds them, or left to it", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.5, max: 0.999, noNaN: true }), (x) => {
      // The middle between x and the next number, cut after 17 digits, and its neighbours.
      const middle = (BigInt(x * 2 ** 53) * 2n + 1n) * 10n ** 17n;
      for (const away of [-1n, 0n, 1n]) {
        const digits = String(middle / 2n ** 54n + away).padStart(17, "0");
        const value = decimal(Number(digits.slice(0, 9)), Number(digits.slice(9)), 8, -17);
        if (!Number.isNaN(value)) expect(value).toBe(Number(`0.${digits}`));
      }
    }),
    { numRuns: 2000 },
  );
});

test("hardly a number as it is logged is left to Number", () => {
  let [left, all] = [0, 0];
  for (const x of fc.sample(fc.double({ min: 0.001, max: 0.999, noNaN: true }), { numRuns: 2000, seed: 1 })) {
    const digits = String(x).slice(2).replace(/^0+/, "");
    if (digits.length > 17) continue;
    const fraction = String(x).length - 2;
    const value = decimal(
      Number(digits.slice(0, 9)),
      Number(digits.slice(9)),
      Math.max(0, digits.length - 9),
      -fraction,
    );
    all++;
    if (Number.isNaN(value)) left++;
    else expect(value).toBe(x);
  }
  expect(all).toBeGreaterThan(1500);
  expect(left / all).toBeLessThan(0.01);
});

test("lines are read as JSON reads them: fields that change, names with escapes, words for what is not finite, torn lines", () => {
  const name = fc.oneof(
    fc.constantFrom("loss", "accuracy", "validation.loss", "gradientNorm.0.weight"),
    fc.string({ unit: "binary", maxLength: 8 }),
  );
  const line = fc
    .record({
      step: fc.oneof(fc.integer({ min: 0, max: 1e6 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
      time: fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 }),
      values: fc.dictionary(
        name.filter((each) => each !== "step" && each !== "time" && each !== "__proto__"),
        float64,
        { maxKeys: 6, noNullPrototype: true },
      ),
    })
    .map((record) => metricLine(record));
  const torn = fc.tuple(line, fc.nat(60)).map(([text, length]) => text.slice(0, length));
  const foreign = fc.constantFrom(
    "",
    "null",
    "[1]",
    '{"time":1,"step":2,"x":3}',
    '{"step":1,"x":3}',
    "\0\0\0",
    '{"step":1,"time":2, "x" : 4}',
  );
  const lines = fc.array(fc.oneof({ weight: 6, arbitrary: line }, torn, foreign), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (first, second) => {
      const [a, b] = [bytesOf(...first), bytesOf(...second)];
      expect(read(a, b)).toEqual(parsed(Buffer.concat([a, b])));
    }),
    { numRuns: 300 },
  );
});

test("a metric of which only a torn line tells is none", () => {
  expect(
    read(bytesOf('{"step":1,"time":2,"a":1}', '{"step":2,"time":3,"a":2,"b":', '{"step":3,"time":4,"a":3}')),
  ).toEqual({
    a: { steps: [1, 3], times: [2, 4], values: [1, 3] },
  });
});
