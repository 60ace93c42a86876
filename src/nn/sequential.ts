import type { Tensor } from "../tensor/tensor.ts";
import { fused } from "./fusion.ts";
import { Module } from "./module.ts";

/**
 * Modules one after another, each given what the one before returned. Parameters are named by position:
 * `"0.weight"`, `"2.bias"`.
 *
 * @throws TypeError if something is not a module
 * @example
 * const model = new nn.Sequential(new nn.Flatten(), new nn.Linear(64, 32), new nn.ReLU(), new nn.Linear(32, 10));
 */
export class Sequential<L extends readonly Module[] = readonly Module[]> extends Module {
  readonly layers: L;

  constructor(...layers: L) {
    super();
    layers.forEach((layer, position) => {
      if (!(layer instanceof Module)) {
        throw new TypeError(
          `Sequential: layer ${position} is not a module, got ${typeof layer}; ` +
            `write new nn.ReLU(), with new and parentheses`,
        );
      }
    });
    this.layers = layers;
  }

  forward(input: Tensor): Tensor {
    let current = input;
    for (let position = 0; position < this.layers.length; position++) {
      const layer = this.layers[position];
      const step = fused(layer, this.layers[position + 1]);
      if (step) position++;
      current = step ? step(current) : (layer.forward(current) as Tensor);
    }
    return current;
  }

  protected override members(): Iterable<[string, Module]> {
    return this.layers.map((layer, position) => [String(position), layer]);
  }
}
