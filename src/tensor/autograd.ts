import type { RawArray } from "../backend/backend.ts";
import { scoped } from "../backend/lifetime.ts";
import type { Op } from "../ops/op.ts";
import { fromOperation } from "../util/errors.ts";
import { formatShape, sizeOf } from "../util/shape.ts";

/** What the tape needs of a tensor. */
export interface Variable {
  readonly raw: RawArray;
  readonly requiresGrad: boolean;
  /** How it was computed; undefined for leaves. */
  readonly origin: Origin | undefined;
  /** Made only to serve one operation (a number as an operand, a change of type): the tape may free it. */
  readonly temporary: boolean;
  /** Add to `.grad`; only leaves are asked to. */
  receiveGradient(gradient: RawArray): void;
}

/** One recorded operation. */
export class Origin {
  readonly op: Op<unknown>;
  readonly options: unknown;
  /** Later operations have higher numbers, so descending order is an order for back-propagation. */
  readonly number: number;
  /** Gone once back-propagation has passed, as is what `forward` saved. */
  inputs: readonly Variable[] | undefined;
  saved: readonly RawArray[];
  /** Its gradient has begun to overwrite what was saved: it cannot be made again, should this back-propagation break off. */
  overwritten = false;
  /** The back-propagation that found it last, and the gradient of its result that has gathered so far. */
  pass = 0;
  gradient: RawArray | undefined;
  static #count = 0;

  constructor(op: Op<unknown>, inputs: readonly Variable[], saved: readonly RawArray[], options: unknown) {
    this.op = op;
    this.inputs = inputs;
    this.saved = saved;
    this.options = options;
    this.number = Origin.#count++;
  }
}

let recording = true;

/** Whether operations on these inputs are to be recorded. */
export function records(inputs: readonly Variable[]): boolean {
  return recording && inputs.some((input) => input.requiresGrad);
}

/**
 * Run `work` without recording: no gradients, no memory held for them.
 * @throws TypeError if `work` is async, since recording would be back on before it has run
 */
export function noGrad<T>(work: () => T): T {
  const before = recording;
  recording = false;
  try {
    return refusePromise("Tensor.noGrad", work());
  } finally {
    recording = before;
  }
}

export function refusePromise<T>(name: string, result: T): T {
  if (result instanceof Promise)
    throw new TypeError(
      `${name}: the function must not be async; await inside, and pass only the computing part`,
    );
  return result;
}

/** Results of the previous back-propagation, still readable until the next one has passed. */
let previous: RawArray[] = [];

/**
 * Back-propagation from `root`: the chain rule over the recorded operations, latest first, without recursion, so
 * depth is no limit. Gradients add to the `.grad` of every leaf that requires one. The graph is spent afterwards;
 * its intermediate results are freed when the next call has passed.
 */
export function backward(root: Variable): void {
  const order = operationsBelow(root);
  scoped(
    "backward()",
    () => {
      const { backend, shape, dtype } = root.raw;
      const leaves = new Map<Variable, RawArray>();
      try {
        gather(root, backend.from([1], shape, dtype), leaves);
        for (const output of order) propagate(output, leaves);
      } finally {
        for (const output of order) output.origin!.gradient = undefined;
      }
      for (const [leaf, gradient] of leaves) leaf.receiveGradient(gradient);
    },
    () => [],
  );
  retire(order, root);
}

let passes = 0;

/** Every recorded result that `root` depends on, latest first. */
function operationsBelow(root: Variable): Variable[] {
  const pass = ++passes;
  const found: Variable[] = [];
  const visit = (variable: Variable): void => {
    const { origin } = variable;
    if (!origin || origin.pass === pass) return;
    if (!origin.inputs) throw spentError(root, origin);
    if (origin.overwritten) throw overwrittenError(root, origin);
    origin.pass = pass;
    found.push(variable);
  };
  visit(root);
  for (let next = 0; next < found.length; next++)
    for (const input of found[next].origin!.inputs!) if (input.requiresGrad) visit(input);
  return found.sort((a, b) => b.origin!.number - a.origin!.number);
}

function propagate(output: Variable, leaves: Map<Variable, RawArray>): void {
  const origin = output.origin!;
  const { op, options, saved, inputs, gradient } = origin;
  const raws = inputs!.map((input) => input.raw);
  if (op.overwritesSaved) origin.overwritten = true;
  try {
    const backwards = op.backward(gradient!, raws, output.raw, options, saved);
    for (let i = 0; i < raws.length; i++) {
      const make = backwards[i];
      if (make && inputs![i].requiresGrad) gather(inputs![i], make(), leaves);
    }
  } catch (error) {
    throw fromOperation(`the gradient of ${op.name}`, error);
  }
}

/** Add to what an operation's result or a leaf has received so far. */
function gather(variable: Variable, gradient: RawArray, leaves: Map<Variable, RawArray>): void {
  const { origin } = variable;
  const sum = origin ? origin.gradient : leaves.get(variable);
  // Never in place: a gradient may share its memory with another one (a sum hands on its own).
  const total = sum ? sum.backend.binary("add", sum, gradient) : gradient;
  if (origin) origin.gradient = total;
  else leaves.set(variable, total);
}

function retire(order: readonly Variable[], root: Variable): void {
  for (const raw of previous) raw.release("a later backward()");
  previous = [];
  for (const output of order) {
    const origin = output.origin!;
    for (const input of origin.inputs!) if (input.temporary) input.raw.release("backward()");
    for (const raw of origin.saved) raw.release("backward()");
    origin.inputs = undefined;
    origin.saved = [];
    if (output !== root) previous.push(output.raw);
  }
}

const named = ({ raw }: Variable): string => (sizeOf(raw.shape) === 1 ? "scalar" : formatShape(raw.shape));

function spentError(root: Variable, origin: Origin): Error {
  return new Error(
    `backward: the graph of this ${named(root)} was already ` +
      `used (at ${origin.op.name}); compute the loss again, or add the losses and call backward() once`,
  );
}

function overwrittenError(root: Variable, origin: Origin): Error {
  return new Error(
    `backward: an earlier backward() broke off behind the gradient of ${origin.op.name}, which can be computed only once; ` +
      `compute this ${named(root)} again`,
  );
}
