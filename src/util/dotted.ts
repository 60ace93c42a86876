const made = new Map<string, Map<string, string>>();

/**
 * `"outer.inner"`, the same text every time: as a property's name one that is known costs a small part of one made anew,
 * and some are asked for at every step of a training.
 */
export function dotted(outer: string, inner: string): string {
  let names = made.get(outer);
  if (!names) made.set(outer, (names = new Map()));
  let name = names.get(inner);
  if (name === undefined) names.set(inner, (name = `${outer}.${inner}`));
  return name;
}
