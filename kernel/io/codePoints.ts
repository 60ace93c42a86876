/** Jupyter counts cursor positions in Unicode code points, TypeScript in UTF-16 units. */

export function toUnits(text: string, codePoints: number): number {
  return Array.from(text).slice(0, codePoints).join("").length;
}

export function toCodePoints(text: string, units: number): number {
  return Array.from(text.slice(0, units)).length;
}
