import type { Activation } from "../backend/backend.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Module } from "./module.ts";

type Forward = Module["forward"];
/** Computes φ(layer(input)) in one operation, or undefined where the layer cannot take this φ. */
type Activated<L> = (layer: L, activation: Activation) => ((input: Tensor) => Tensor) | undefined;

// By `forward`, not by class: a subclass or an object that overrides it computes something else, and is left alone.
const activations = new Map<Forward, Activation>();
const absorbers = new Map<Forward, Activated<never>>();

/** These layers apply a function to each element and do nothing else. */
export function isActivation({ prototype }: { prototype: Module }, activation: Activation): void {
  activations.set(prototype.forward, activation);
}

/** These layers can apply an activation to their result while it is still in the cache. */
export function absorbsActivation<L extends Module>(
  { prototype }: { prototype: L },
  activated: Activated<L>,
): void {
  absorbers.set(prototype.forward, activated);
}

/** A layer and the activation behind it as one step, the same bits; undefined where they are not such a pair. */
export function fused(layer: Module, next: Module | undefined): ((input: Tensor) => Tensor) | undefined {
  const activation = next && activations.get(next.forward);
  return activation && absorbers.get(layer.forward)?.(layer as never, activation);
}
