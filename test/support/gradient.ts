import { expect } from "vitest";
import { Tensor } from "../../src/tensor/tensor.ts";
import { generator } from "../../src/random/index.ts";

/**
 * Hold back-propagation against central differences in float64: for a random upstream gradient u, every
 * d(Σ u·f)/dx must agree with (L(x+h) − L(x−h)) / 2h.
 */
export function expectGradient(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  h = 1e-6,
): void {
  const upstream = Tensor.uniform(f(...inputs).shape, 0.5, 1.5, {
    dtype: "float64",
    generator: generator(7),
  });
  const loss = (): Tensor =>
    f(...inputs)
      .mul(upstream)
      .sum();
  for (const input of inputs) input.grad = null;
  loss().backward();
  for (const [place, input] of inputs.entries()) {
    if (!input.requiresGrad) continue;
    const elements = input.raw.data;
    const numeric = Float64Array.from(elements, (value, index) => {
      elements[index] = value + h;
      const above = Tensor.noGrad(() => loss().item());
      elements[index] = value - h;
      const below = Tensor.noGrad(() => loss().item());
      elements[index] = value;
      return (above - below) / (2 * h);
    });
    const analytic = input.grad!.data;
    expect(input.grad!.shape).toEqual(input.shape);
    for (const [index, expected] of numeric.entries()) {
      const tolerance = 1e-6 * Math.max(1, Math.abs(expected));
      expect(Math.abs(analytic[index] - expected), `input ${place}, element ${index}`).toBeLessThan(
        tolerance,
      );
    }
  }
}

/** float64 leaves with distinct values away from 0 and from one another, so that no kink lies within h. */
export function leaf(shape: readonly number[], low = -2, high = 2, seed = 1): Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const order = generator(seed).permutation(size);
  const values = Float64Array.from(
    { length: size },
    (_, i) => low + ((high - low) * (order[i] + 0.37)) / size,
  );
  return Tensor.from(values, shape, { requiresGrad: true });
}
