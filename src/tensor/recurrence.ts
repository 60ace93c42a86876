import type { RawArray } from "../backend/backend.ts";
import * as ops from "../ops/index.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, sameShape, type Shape } from "../util/shape.ts";
import { requireTensor } from "./requireTensor.ts";
import { apply, floating, Tensor, unify } from "./tensor.ts";

/** The parameters of a recurrent cell; gates stand side by side in their columns. */
export interface RecurrentWeights {
  /** [features, gates · hidden] */
  readonly inputWeight: Tensor;
  /** [hidden, gates · hidden] */
  readonly hiddenWeight: Tensor;
  /** [gates · hidden] */
  readonly bias?: Tensor | null | undefined;
}

/** Where a sequence starts, and how much of a batch is sequence. */
export interface SequenceOptions<State> {
  /** The state before the first step, as an earlier piece of the sequence returned it. Default: zeros. */
  readonly state?: State | undefined;
  /**
   * How many steps of each row count, `[batch]` integers from 1 to time, where shorter sequences are filled up: what
   * lies behind a row's length is not looked at, its output is 0, and the row's last state is the one after its own
   * last step. Default: all steps.
   */
  readonly lengths?: Tensor | ArrayLike<number> | undefined;
}

/** What a cell made of a sequence. */
export interface Recurrence<State> {
  /** The hidden state after every step, [batch, time, hidden]; 0 behind a row's length. */
  readonly output: Tensor;
  /** The state after each row's last step: what the next piece of the sequence starts from. */
  readonly state: State;
}

/** Both parts of an LSTM's state, [batch, hidden] each. */
export interface LSTMState {
  readonly hidden: Tensor;
  readonly cell: Tensor;
}

/**
 * The lengths that an op takes: undefined where every row is full, which costs nothing.
 * @throws ShapeError or RangeError naming the row whose length is none
 */
function lengthsOf(
  name: string,
  [batch, times, ...rest]: Shape,
  given: Tensor | ArrayLike<number> | undefined,
): ops.Lengths {
  if (given === undefined) return undefined;
  const [values, shape] = given instanceof Tensor ? [given.raw.data, given.shape] : [given, [given.length]];
  const input = formatShape([batch, times, ...rest]);
  if (!sameShape(shape, [batch]))
    throw new ShapeError(
      `${name}: lengths ${formatShape(shape)} do not fit input ${input}; give one for each of the ${batch} rows`,
    );
  for (let row = 0; row < batch; row++)
    if (!(Number.isInteger(values[row]) && values[row] >= 1 && values[row] <= times))
      throw new RangeError(
        `${name}: the length ${values[row]} of row ${row} does not fit input ${input}; lengths are integers from 1 to ${times}`,
      );
  const lengths = Int32Array.from(values);
  return lengths.every((length) => length === times) ? undefined : lengths;
}

/**
 * h ← tanh(x·W + h·U + b) along x [batch, time, features], from `state` [batch, hidden] or zeros.
 * @throws ShapeError naming the shapes that do not fit
 */
export function rnn(
  x: Tensor,
  weights: RecurrentWeights,
  { state, lengths: given }: SequenceOptions<Tensor> = {},
): Recurrence<Tensor> {
  checkShapes("rnn", 1, x, weights, { state });
  const lengths = lengthsOf("rnn", x.shape, given);
  const output = apply(ops.rnn, operands(x, weights, [state]), lengths);
  return { output, state: apply(ops.lastStep, [output], lengths) };
}

/**
 * r, z = σ(x·W + h·U + b), g = tanh(x·W + (r⊗h)·U + b), h ← h⊗z + g⊗(1−z) along x [batch, time, features], from `state`
 * [batch, hidden] or zeros. Columns: r, z, g.
 * @throws ShapeError naming the shapes that do not fit
 */
export function gru(
  x: Tensor,
  weights: RecurrentWeights,
  { state, lengths: given }: SequenceOptions<Tensor> = {},
): Recurrence<Tensor> {
  checkShapes("gru", 3, x, weights, { state });
  const lengths = lengthsOf("gru", x.shape, given);
  const output = apply(ops.gru, operands(x, weights, [state]), lengths);
  return { output, state: apply(ops.lastStep, [output], lengths) };
}

/**
 * i, f, o = σ(x·W + h·U + b), g = tanh(x·W + h·U + b), c ← c⊗f + g⊗i, h ← tanh(c)⊗o along x [batch, time, features], from
 * `state` or zeros. Columns: i, f, g, o.
 * @throws ShapeError naming the shapes that do not fit
 */
export function lstm(
  x: Tensor,
  weights: RecurrentWeights,
  { state, lengths: given }: SequenceOptions<LSTMState> = {},
): Recurrence<LSTMState> {
  const { hidden, cell } = state ?? {};
  checkShapes("lstm", 4, x, weights, { "state.hidden": hidden, "state.cell": cell });
  const lengths = lengthsOf("lstm", x.shape, given);
  const last: ops.LastCell = { lengths };
  const output = apply(ops.lstm, operands(x, weights, [hidden, cell]), last);
  return {
    output,
    state: { hidden: apply(ops.lastStep, [output], lengths), cell: apply(ops.lastCell, [output], last) },
  };
}

/** The inputs of a recurrent op: x, both weights, the states (zeros where none is given), the bias if there is one. */
function operands(x: Tensor, weights: RecurrentWeights, states: readonly (Tensor | undefined)[]): Tensor[] {
  const { inputWeight, hiddenWeight, bias } = weights;
  const input = floating(x);
  const shape = [x.shape[0], hiddenWeight.shape[0]];
  const initial = states.map((state) => (state ? floating(state) : zeros(input.raw, shape)));
  return unify([
    ...[input, floating(inputWeight), floating(hiddenWeight)],
    ...initial,
    ...(bias ? [floating(bias)] : []),
  ]);
}

function zeros({ backend, dtype }: RawArray, shape: Shape): Tensor {
  const raw = backend.empty(shape, dtype);
  backend.fill(raw, 0);
  return new Tensor(raw, false, undefined, true);
}

function checkShapes(
  name: string,
  gates: number,
  x: Tensor,
  { inputWeight, hiddenWeight, bias }: RecurrentWeights,
  states: Readonly<Record<string, Tensor | undefined>>,
): void {
  requireTensor(name, "input", x);
  if (x.shape.length !== 3)
    throw new ShapeError(
      `${name}: input must be [batch, time, features], got ${formatShape(x.shape)}` +
        (x.shape.length === 2 ? `; reshape one sequence to ${formatShape([1, ...x.shape])}` : ""),
    );
  const [batch, times, features] = x.shape;
  if (times === 0)
    throw new ShapeError(`${name}: input ${formatShape(x.shape)} has no time step; it needs one or more`);
  const size = hiddenWeight.shape[0];
  const expect = (what: string, tensor: Tensor | null | undefined, shape: Shape, meaning: string): void => {
    if (tensor && !sameShape(tensor.shape, shape))
      throw new ShapeError(
        `${name}: ${what} ${formatShape(tensor.shape)} must be ${meaning}, here ${formatShape(shape)}`,
      );
  };
  const columns = gates === 1 ? "hidden" : `${gates} · hidden`;
  expect("hiddenWeight", hiddenWeight, [size, gates * size], `[hidden, ${columns}]`);
  if (inputWeight.shape.length === 2 && inputWeight.shape[0] !== features)
    throw new ShapeError(
      `${name}: input ${formatShape(x.shape)} does not fit inputWeight ${formatShape(inputWeight.shape)} ` +
        `(${features} features against ${inputWeight.shape[0]})`,
    );
  expect("inputWeight", inputWeight, [features, gates * size], `[features, ${columns}]`);
  expect("bias", bias, [gates * size], `[${columns}]`);
  for (const [what, state] of Object.entries(states)) expect(what, state, [batch, size], "[batch, hidden]");
}
