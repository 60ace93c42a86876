/**
 * Colours that stay apart for the colour-blind: Okabe & Ito 2008, https://jfly.uni-koeln.de/color/. Their yellow, too
 * pale for a line on white, is a grey here, and their black, gone on a dark page, a violet.
 */
const colors = [
  "#0072B2",
  "#D55E00",
  "#009E73",
  "#CC79A7",
  "#E69F00",
  "#56B4E9",
  "#8A6FDF",
  "#808080",
] as const;

/** The optimizers have theirs in every figure, whoever else is in it. */
const own: ReadonlyMap<string, string> = new Map([
  ["SGD", "#0072B2"],
  ["Adam", "#D55E00"],
  ["Momentum", "#009E73"],
  ["Nesterov", "#CC79A7"],
  ["RMSProp", "#E69F00"],
  ["AdaGrad", "#56B4E9"],
  ["AdamW", "#8A6FDF"],
  ["AdaDelta", "#808080"],
]);

/** The colours that other names were first drawn in. */
const given = new Map<string, string>();

/**
 * A colour a name, the same in every figure of the session. A new name takes one that its figure has not yet, and of
 * those the one that fewest names have. Where two names with one colour meet in a figure, an optimizer or the first of them keeps it and the other
 * takes a free one; past eight names colours repeat.
 */
export function colorsOf(names: readonly string[]): string[] {
  const chosen = new Map<string, string>();
  const taken = new Set<string>();
  const choose = (name: string, color: string | undefined): void => {
    if (color === undefined || chosen.has(name) || taken.has(color)) return;
    chosen.set(name, color);
    taken.add(color);
  };
  for (const name of names) choose(name, own.get(name));
  for (const name of names) choose(name, given.get(name));
  const uses = (color: string): number => [...given.values()].filter((each) => each === color).length;
  names.forEach((name, index) => {
    if (chosen.has(name)) return;
    const free = colors.filter((each) => !taken.has(each));
    const [color = colors[index % colors.length]] = free.toSorted((a, b) => uses(a) - uses(b));
    chosen.set(name, color);
    taken.add(color);
    if (!given.has(name)) given.set(name, color);
  });
  return names.map((name) => chosen.get(name)!);
}

/** A colour of the palette with this opacity, in [0, 1]. */
export function faded(color: string, opacity: number): string {
  const parts = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return `rgba(${parts.join(", ")}, ${opacity})`;
}

/** Blue over green to orange, evenly apart: its ends stand out from white and from black. */
const ramp = ["#4A6FC0", "#2A88A0", "#22A884", "#B5A82A", "#E8871E"] as const;

/** Colours for things in an order, such as layers or epochs, from the first to the last. */
export function shades(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const place = count === 1 ? 0 : (index / (count - 1)) * (ramp.length - 1);
    const at = Math.min(ramp.length - 2, Math.floor(place));
    return mixed(ramp[at], ramp[at + 1], place - at);
  });
}

/** The palette's first eight, for classes, which have an order and no names of their own. */
export const classColor = (index: number): string => colors[index % colors.length];

/** For amounts: dark blue to yellow, made for the colour-blind (Nuñez, Anderton & Renslow 2018). */
export const amounts = "Cividis";

type Scale = [number, string][];

/** For numbers on both sides of 0: blue below, orange above. */
export const signed: Scale = [
  [0, "#0B4F8A"],
  [0.25, "#6FA8D6"],
  [0.5, "#F7F7F7"],
  [0.75, "#EE9A5B"],
  [1, "#A63C00"],
];

/** From the page itself, light or dark, to grey: every colour of the palette stands out on it. */
export const relief: Scale = [
  [0, "rgba(128, 128, 128, 0)"],
  [1, "rgba(128, 128, 128, 0.4)"],
];

/** Black to white. */
export const greys: Scale = [
  [0, "#000000"],
  [1, "#FFFFFF"],
];

/** The colour at a place in [0, 1] of a scale, as red, green and blue from 0 to 255. */
export function colorAt(scale: Scale, place: number): [number, number, number] {
  const above = Math.max(
    1,
    scale.findIndex(([stop]) => stop >= place),
  );
  const [[low, from], [high, to]] = [scale[above - 1], scale[above]];
  return channels(mixed(from, to, (place - low) / (high - low)));
}

const channels = (color: string): [number, number, number] =>
  [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)) as [number, number, number];

function mixed(from: string, to: string, share: number): string {
  const [start, end] = [channels(from), channels(to)];
  const hex = start.map((value, at) => Math.round(value + share * (end[at] - value)).toString(16));
  return `#${hex.map((digits) => digits.padStart(2, "0")).join("")}`;
}
