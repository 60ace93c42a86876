/** Points of a curve. */
export interface Points {
  readonly x: number[];
  readonly y: number[];
}

/**
 * At most `limit` points that look the same: the first, the last, and of each bucket between the lowest and the
 * highest, so that no peak is lost. A bucket spans 2ᵏ points counted from the start, so that a growing curve keeps
 * the points it has shown until buckets double. Points that are not finite are left out.
 *
 * @throws RangeError if x and y differ in length, or limit < 4
 */
export function downsample(x: readonly number[], y: readonly number[], limit: number = 500): Points {
  if (x.length !== y.length) {
    throw new RangeError(`downsample: x and y differ in length (${x.length} against ${y.length})`);
  }
  if (!(limit >= 4)) throw new RangeError(`downsample: limit must be >= 4, got ${limit}`);
  const places = x.map((_, place) => place).filter((place) => Number.isFinite(y[place]));
  const kept = places.length <= limit ? places : extremes(places, y, limit);
  return { x: kept.map((place) => x[place]), y: kept.map((place) => y[place]) };
}

function extremes(places: readonly number[], y: readonly number[], limit: number): number[] {
  let span = 2;
  while (2 * Math.ceil(places.length / span) + 2 > limit) span *= 2;
  const kept = new Set<number>([places[0]]);
  for (let start = 0; start < places.length; start += span) {
    const bucket = places.slice(start, start + span);
    const lowest = bucket.reduce((best, place) => (y[place] < y[best] ? place : best));
    const highest = bucket.reduce((best, place) => (y[place] > y[best] ? place : best));
    kept.add(Math.min(lowest, highest)).add(Math.max(lowest, highest));
  }
  kept.add(places[places.length - 1]);
  return [...kept];
}
