/**
 * AssemblyScript for pooling over [height, width, channels]: for each place, eight channels at a time, then four, so
 * that V8 can join the two vectors of eight. What lies outside the image is left out of the window beforehand.
 */
import type { PoolKind } from "../../backend.ts";
import { poolKinds } from "../kinds.ts";

interface Pooling {
  readonly start: string;
  readonly take: (result: string, x: string) => string;
  readonly finish: (result: string) => string;
}

const sum: Pooling = {
  start: "f32x4.splat(0)",
  take: (result, x) => `f32x4.add(${result}, ${x})`,
  finish: (result) => result,
};

const poolings: Record<PoolKind, Pooling> = {
  max: { ...sum, start: "f32x4.splat(-Infinity)", take: (result, x) => `f32x4.max(${result}, ${x})` },
  sum,
  average: { ...sum, finish: (result) => `f32x4.div(${result}, area)` },
};

/** A line for each of the vectors, whose names end in its number. */
const each = (vectors: number, line: (j: number) => string): string =>
  [...Array(vectors).keys()].map((j) => `      ${line(j)}`).join("\n");

const overWindow = (body: string): string => `
      let row = at;
      for (let y = 0; y < rows; y++) {
        let px = row;
        for (let i = 0; i < columns; i++) {
${body}
          px += place;
        }
        row += imageRow;
      }`;

const poolVectors = (vectors: number, { start, take, finish }: Pooling): string => {
  const [load, store] = accesses(vectors);
  return `
${each(vectors, (j) => `let r${j} = ${start};`)}
${overWindow(each(vectors, (j) => `const x${j} = ${load("px", j)};`) + "\n" + each(vectors, (j) => `r${j} = ${take(`r${j}`, `x${j}`)};`))}
${each(vectors, (j) => `const z${j} = ${finish(`r${j}`)};`)}
${each(vectors, (j) => store("to", `z${j}`, j))}`;
};

/** Of a maximum the first element that reaches it takes the gradient; a NaN reaches it. */
const gradientVectors = (vectors: number, kind: PoolKind): string => {
  const [load, store] = accesses(vectors);
  const share = kind === "average" ? (g: string) => `f32x4.div(${g}, area)` : (g: string) => g;
  const before =
    each(vectors, (j) => `const g${j} = ${share(load("gradient", j))};`) +
    (kind === "max"
      ? "\n" +
        each(vectors, (j) => `const y${j} = ${load("to", j)};`) +
        "\n" +
        each(vectors, (j) => `let open${j} = i32x4.splat(-1);`)
      : "");
  const taken =
    kind === "max"
      ? [
          (j: number) => `const x${j} = ${load("px", j)};`,
          (j: number) =>
            `const first${j} = v128.and(open${j}, v128.or(f32x4.eq(x${j}, y${j}), f32x4.ne(x${j}, x${j})));`,
          (j: number) => `open${j} = v128.andnot(open${j}, first${j});`,
          (j: number) => `const d${j} = f32x4.add(${load("px + shift", j)}, v128.and(first${j}, g${j}));`,
        ]
      : [(j: number) => `const d${j} = f32x4.add(${load("px + shift", j)}, g${j});`];
  const body = [...taken, (j: number) => store("px + shift", `d${j}`, j)]
    .map((line) => each(vectors, line))
    .join("\n");
  return before + overWindow(body);
};

type Load = (at: string, j: number) => string;
type Store = (at: string, value: string, j: number) => string;

/** Two whole vectors, or one that may have fewer lanes. */
const accesses = (vectors: number): [Load, Store] =>
  vectors === 2
    ? [(at, j) => `v128.load(${at}, ${16 * j})`, (at, value, j) => `v128.store(${at}, ${value}, ${16 * j});`]
    : [(at) => `lanesAt(${at}, channels - c)`, (at, value) => `putLanes(${at}, ${value}, channels - c);`];

const overChannels = (body: (vectors: number) => string, pointers: string[]): string => {
  const advance = (bytes: number): string => pointers.map((pointer) => `${pointer} += ${bytes};`).join(" ");
  return `
    let c = 0;
    for (; c + 8 <= channels; c += 8) {
${body(2)}
      ${advance(32)}
    }
    for (; c < channels; c += 4) {
${body(1)}
      ${advance(16)}
    }`;
};

const placeFunctions = (kind: PoolKind): string => `
function ${kind}Place(
  at: usize, rows: i32, columns: i32, channels: i32, imageRow: usize, place: usize, size: f32, to: usize,
): void {
  const area = f32x4.splat(size);
${overChannels((vectors) => poolVectors(vectors, poolings[kind]), ["at", "to"])}
}

// The gradient of the element at an address lies \`shift\` bytes further.
function ${kind}GradientPlace(
  at: usize, rows: i32, columns: i32, channels: i32, imageRow: usize, place: usize, size: f32, to: usize,
  gradient: usize, shift: usize,
): void {
  const area = f32x4.splat(size);
${overChannels((vectors) => gradientVectors(vectors, kind), ["at", "to", "gradient"])}
}`;

const job = (name: string, begin: string, call: (kind: string) => string): string => `
export function ${name}Job(args: usize, chunk: i32, scratch: usize): void {
  const kind = integer(args, 0), images = integer(args, 1), imagesAChunk = integer(args, 2);
  const height = integer(args, 3), width = integer(args, 4), channels = integer(args, 5);
  const windowRows = integer(args, 6), windowColumns = integer(args, 7);
  const strideRows = integer(args, 8), strideColumns = integer(args, 9);
  const padTop = integer(args, 10), padLeft = integer(args, 11);
  const outRows = integer(args, 12), outColumns = integer(args, 13);
  const x = address(args, 14), y = address(args, 15);
  const place = <usize>channels << 2, imageRow = place * <usize>width, imageSize = imageRow * <usize>height;
  const size = <f32>(windowRows * windowColumns);
  const first = chunk * imagesAChunk, last = min(images, first + imagesAChunk);
  let offset = place * <usize>(outRows * outColumns) * <usize>first;
  for (let image = first; image < last; image++) {
    const from = x + imageSize * <usize>image;
    ${begin}
    for (let i = 0; i < outRows; i++) {
      const top = max(0, i * strideRows - padTop), bottom = min(height, i * strideRows - padTop + windowRows);
      for (let j = 0; j < outColumns; j++) {
        const left = max(0, j * strideColumns - padLeft);
        const right = min(width, j * strideColumns - padLeft + windowColumns);
        const at = from + imageRow * <usize>top + place * <usize>left, rows = bottom - top, columns = right - left;
        switch (kind) {
${poolKinds.map((kind, code) => `          case ${code}: ${call(kind)} break;`).join("\n")}
        }
        offset += place;
      }
    }
  }
}`;

export function poolingSource(): string {
  const place = "at, rows, columns, channels, imageRow, place, size, y + offset";
  return `// Generated by generate/pooling.ts.
import { address, integer } from "./args";
import { lanesAt, putLanes } from "./lanes";
${poolKinds.map(placeFunctions).join("\n")}
${job("pool", "", (kind) => `${kind}Place(${place});`)}
${job(
  "poolGradient",
  `const gradient = address(args, 16), shift = address(args, 17) - x;
    memory.fill(from + shift, 0, imageSize);`,
  (kind) => `${kind}GradientPlace(${place}, gradient + offset, shift);`,
)}
`;
}
