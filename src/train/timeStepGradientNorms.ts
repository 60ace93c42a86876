import type { Module } from "../nn/index.ts";
import { Recurrent } from "../nn/recurrent.ts";
import { sumsOfSquares } from "../ops/sumsOfSquares.ts";
import type { LSTMState, Recurrence, SequenceOptions } from "../tensor/recurrence.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape } from "../util/shape.ts";

type State = Tensor | LSTMState;
type Run = (input: Tensor, options: SequenceOptions<State>) => Recurrence<State>;

/**
 * How long the gradient of the loss is at each time step of the recurrent layers in a model: ‖∂L/∂h_t‖ over the whole
 * batch, by everything that follows from h_t. Where a loss at the last step leaves norms that shrink toward the first,
 * the gradient vanishes, and what happened there cannot be learned; where they grow, it explodes.
 *
 * The layers are taken step by step for it, which costs time and memory; weights and gradients stay as they are.
 *
 * @param loss computes a scalar from the model
 * @returns for each recurrent layer by its path in the model (`""` for the model itself, `"lstm.above.0"` for the second
 *   of stacked layers) one norm a step; a layer that ran several times has all its steps, one run after the other
 * @throws TypeError if there is no recurrent layer in the model
 * @throws ShapeError if the loss is not a scalar
 * @example
 * const norms = train.timeStepGradientNorms(() => losses.crossEntropy(model.forward(inputs), labels), model);
 * norms["rnn"]; // [3.1e-9, 8.4e-9, …, 0.21]
 */
export function timeStepGradientNorms(loss: () => Tensor, model: Module): Record<string, number[]> {
  const layers = model
    .namedModules()
    .flatMap(([path, module]) =>
      module instanceof Recurrent ? [[path, module as Recurrent<State>] as const] : [],
    );
  if (layers.length === 0)
    throw new TypeError(
      `timeStepGradientNorms: ${model.constructor.name} holds no recurrent layer; nn.RNN, nn.GRU and nn.LSTM are such`,
    );
  const markers = new Map(layers.map(([path]) => [path, [] as Tensor[]]));
  const gradients = model.parameters().map((parameter) => {
    const before = parameter.grad?.detach() ?? null;
    parameter.grad = null;
    return [parameter, before] as const;
  });
  for (const [path, layer] of layers) takeStepByStep(layer, markers.get(path)!);
  try {
    Tensor.scope(() => {
      const value = loss();
      if (value.numel !== 1)
        throw new ShapeError(
          `timeStepGradientNorms: the loss must be a scalar, got ${formatShape(value.shape)}`,
        );
      value.backward();
    });
    const normOf = ({ grad }: Tensor): number => (grad ? Math.sqrt(sumsOfSquares([grad.raw])[0]) : 0);
    return Object.fromEntries([...markers].map(([path, list]) => [path, list.map(normOf)]));
  } finally {
    for (const [, layer] of layers) Reflect.deleteProperty(layer, "run");
    for (const marker of [...markers.values()].flat()) marker.dispose();
    for (const [parameter, before] of gradients) parameter.grad = before;
  }
}

/** Let a layer run one step at a time, with 0 added to each h, a leaf whose gradient is that of h. */
function takeStepByStep(layer: Recurrent<State>, markers: Tensor[]): void {
  const { run: whole } = layer as unknown as { run: Run };
  const run: Run = (input, { state: initial, lengths }) => {
    const ends = lengths instanceof Tensor ? lengths.data : lengths;
    const outputs: Tensor[] = [];
    let state = initial;
    for (let t = 0; t < input.shape[1]; t++) {
      const step = whole.call(layer, input.slice(t, t + 1, 1), { state });
      const hidden = hiddenOf(step.state);
      const marker = Tensor.zeros(hidden.shape, { dtype: hidden.dtype as "float32", requiresGrad: true });
      markers.push(marker);
      let next = withHidden(step.state, hidden.add(marker));
      let output = hiddenOf(next);
      if (ends && state) {
        const active = Tensor.from(
          Array.from(ends, (length) => (t < length ? 1 : 0)),
          [ends.length, 1],
        );
        output = output.where(active, 0);
        next = choose(active, next, state);
      }
      outputs.push(output);
      state = next;
    }
    return { output: Tensor.stack(outputs, 1), state: state! };
  };
  Object.assign(layer, { run });
}

const hiddenOf = (state: State): Tensor => (state instanceof Tensor ? state : state.hidden);

const withHidden = (state: State, hidden: Tensor): State =>
  state instanceof Tensor ? hidden : { hidden, cell: state.cell };

/** The next state in the rows that go on, and the one before in those that have ended. */
function choose(active: Tensor, next: State, before: State): State {
  if (next instanceof Tensor) return next.where(active, before as Tensor);
  const { hidden, cell } = before as LSTMState;
  return { hidden: next.hidden.where(active, hidden), cell: next.cell.where(active, cell) };
}
