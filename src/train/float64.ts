import type { Module } from "../nn/index.ts";
import { Tensor } from "../tensor/tensor.ts";

/**
 * Run `work` while each parameter of the model is a float64 copy of itself; afterwards the model holds its own
 * parameters again, and its buffers what they held.
 */
export function inFloat64<T>(model: Module, work: () => T): T {
  const copies = new Map<Tensor, Tensor>();
  const copyOf = (parameter: Tensor): Tensor => {
    const values = Float64Array.from(parameter.raw.data);
    const copy = copies.get(parameter) ?? Tensor.from(values, parameter.shape, { requiresGrad: true });
    copy.requiresGrad = parameter.requiresGrad;
    copies.set(parameter, copy);
    return copy;
  };
  const widened = (value: unknown): unknown => {
    if (value instanceof Tensor) return value.isParameter ? copyOf(value) : value;
    return Array.isArray(value) ? value.map(widened) : value;
  };
  const buffers = model.namedBuffers().map(([, { raw }]) => [raw, raw.data.slice()] as const);
  const undo: (() => void)[] = [];
  for (const [, module] of model.namedModules()) {
    const fields = module as unknown as Record<string, unknown>;
    for (const [key, value] of Object.entries(fields)) {
      // Lists of modules stay: their modules are visited themselves.
      if (
        !(value instanceof Tensor) &&
        !(Array.isArray(value) && value.some((each) => each instanceof Tensor))
      )
        continue;
      fields[key] = widened(value);
      undo.push(() => (fields[key] = value));
    }
  }
  try {
    return work();
  } finally {
    for (const restore of undo) restore();
    for (const [raw, values] of buffers) raw.data.set(values);
  }
}
