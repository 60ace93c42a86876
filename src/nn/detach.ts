import { Tensor } from "../tensor/tensor.ts";

/**
 * A state outside the graph, numbers shared: what follows is computed from it, but no gradient goes back through it.
 * Tensors are found alone, in lists, and in plain objects.
 *
 * @example
 * const { state } = layer.forward(firstPiece);
 * const { output } = layer.forward(secondPiece, { state: nn.detach(state) });
 */
export function detach<State>(state: State): State {
  return mapTensors(state, (tensor) => tensor.detach());
}

/** The same structure with another tensor in the place of each. */
export function mapTensors<Value>(value: Value, change: (tensor: Tensor) => Tensor): Value {
  const mapped = (inner: unknown): unknown => {
    if (inner instanceof Tensor) return change(inner);
    if (Array.isArray(inner)) return inner.map(mapped);
    if (inner !== null && typeof inner === "object" && Object.getPrototypeOf(inner) === Object.prototype)
      return Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, mapped(each)]));
    return inner;
  };
  return mapped(value) as Value;
}
