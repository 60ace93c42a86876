/**
 * Colours that stay apart for the colour-blind: Okabe & Ito 2008, https://jfly.uni-koeln.de/color/ (their yellow,
 * too pale for a line on white, is a grey here).
 */
const colors = [
  "#0072B2",
  "#D55E00",
  "#009E73",
  "#CC79A7",
  "#E69F00",
  "#56B4E9",
  "#000000",
  "#808080",
] as const;

/** The optimizers have theirs in every figure, whoever else is in it. */
const own: Readonly<Record<string, string>> = {
  SGD: "#0072B2",
  Adam: "#D55E00",
  Momentum: "#009E73",
  Nesterov: "#CC79A7",
  RMSProp: "#E69F00",
  AdaGrad: "#56B4E9",
  AdamW: "#000000",
  AdaDelta: "#808080",
};

/** A colour a name: its own if it has one, else the first that none of the others has; past eight they repeat. */
export function colorsOf(names: readonly string[]): string[] {
  const ownOf = (name: string): string | undefined => (Object.hasOwn(own, name) ? own[name] : undefined);
  const taken = new Set(names.map(ownOf));
  const free = colors.filter((color) => !taken.has(color));
  const rest = free.length > 0 ? free : colors;
  let next = 0;
  return names.map((name) => ownOf(name) ?? rest[next++ % rest.length]);
}
