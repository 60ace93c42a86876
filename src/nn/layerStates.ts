import { Tensor, temporary } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape } from "../util/shape.ts";
import { mapTensors } from "./detach.ts";
import { tensorsIn } from "./observe.ts";

/**
 * The states of stacked layers, from one whose tensors are `[layers, batch, hidden]`.
 * @throws ShapeError unless they have so many layers
 */
export function statesOfLayers<State>(name: string, state: State, layers: number): State[] {
  return Array.from({ length: layers }, (_, layer) =>
    mapTensors(state, (tensor) => {
      if (tensor.shape.length !== 3 || tensor.shape[0] !== layers)
        throw new ShapeError(
          `${name}: a state ${formatShape(tensor.shape)} must be [layers, batch, hidden], here with ${layers} layers`,
        );
      return temporary(tensor.slice(layer, layer + 1)).reshape(tensor.shape.slice(1));
    }),
  );
}

/** One state with `[layers, batch, hidden]` tensors, from those of the layers. */
export function stackStates<State>([first, ...others]: readonly State[]): State {
  const parts = others.map((state) => tensorsIn(state));
  let place = 0;
  return mapTensors(first, (tensor) => {
    const index = place++;
    return Tensor.stack([tensor, ...parts.map((list) => list[index])]);
  });
}
