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
export function downsample(x: ArrayLike<number>, y: ArrayLike<number>, limit: number = 500): Points {
  if (x.length !== y.length) {
    throw new RangeError(`downsample: x and y differ in length (${x.length} against ${y.length})`);
  }
  if (!(limit >= 4)) throw new RangeError(`downsample: limit must be >= 4, got ${limit}`);
  const places = new Uint32Array(x.length);
  let count = 0;
  for (let place = 0; place < x.length; place++) if (Number.isFinite(y[place])) places[count++] = place;
  const finite = places.subarray(0, count);
  const kept = count <= limit ? finite : extremes(finite, y, limit);
  return { x: Array.from(kept, (place) => x[place]), y: Array.from(kept, (place) => y[place]) };
}

function extremes(places: Uint32Array, y: ArrayLike<number>, limit: number): number[] {
  let span = 2;
  while (2 * Math.ceil(places.length / span) + 2 > limit) span *= 2;
  const kept = new Set<number>([places[0]]);
  for (let start = 0; start < places.length; start += span) {
    let [lowest, highest] = [places[start], places[start]];
    for (let index = start + 1; index < Math.min(start + span, places.length); index++) {
      const place = places[index];
      if (y[place] < y[lowest]) lowest = place;
      if (y[place] > y[highest]) highest = place;
    }
    kept.add(Math.min(lowest, highest)).add(Math.max(lowest, highest));
  }
  kept.add(places[places.length - 1]);
  return [...kept];
}
