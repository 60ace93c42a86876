import { Tensor } from "../tensor/tensor.ts";
import type { Shape } from "../util/shape.ts";
import { fans as fansOf } from "./fans.ts";
import type { Fans, Initializer } from "./initializer.ts";

type FanCount = (fans: Fans) => number;

/** Normal with mean 0 and variance gain / n, for the n that the family counts. */
export function normalOver(name: string, gain: number, count: FanCount): Initializer {
  return spread(name, count, (shape, n, options) => {
    const drawn = Tensor.randn(shape, options);
    const deviation = Math.sqrt(gain / n);
    const { data } = drawn.raw;
    for (let i = 0; i < data.length; i++) data[i] *= deviation;
    return drawn;
  });
}

/** Uniform on ±√(gain / n), whose variance is a third of gain / n. */
export function uniformOver(name: string, gain: number, count: FanCount): Initializer {
  return spread(name, count, (shape, n, options) => {
    const bound = Math.sqrt(gain / n);
    return Tensor.uniform(shape, -bound, bound, options);
  });
}

function spread(
  name: string,
  count: FanCount,
  draw: (shape: Shape, n: number, options: Pick<Fans, "generator">) => Tensor,
): Initializer {
  return (shape, fans = fansOf(shape)) => {
    for (const fan of ["fanIn", "fanOut"] as const)
      if (!(fans[fan] > 0)) throw new RangeError(`${name}: ${fan} must be > 0, got ${fans[fan]}`);
    return draw(shape, count(fans), fans.generator ? { generator: fans.generator } : {});
  };
}
