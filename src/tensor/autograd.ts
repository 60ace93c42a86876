import type { RawArray } from "../backend/backend.ts";
import { keep, scoped } from "../backend/lifetime.ts";
import type { Op } from "../ops/op.ts";
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
  /** Gone once back-propagation has passed. */
  inputs: readonly Variable[] | undefined;
  static #count = 0;

  constructor(op: Op<unknown>, inputs: readonly Variable[], options: unknown) {
    this.op = op;
    this.inputs = inputs;
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
      const gradients = new Map<Variable, RawArray>([[root, backend.from([1], shape, dtype)]]);
      const leaves: Variable[] = root.origin ? [] : [root];
      for (const output of order) propagate(output, gradients, leaves);
      deliver(leaves, gradients);
    },
    () => [],
  );
  retire(order, root);
}

/** Every recorded result that `root` depends on, latest first. */
function operationsBelow(root: Variable): Variable[] {
  const seen = new Set<Variable>([root]);
  const stack = [root];
  const found: Variable[] = [];
  for (let variable = stack.pop(); variable; variable = stack.pop()) {
    const { origin } = variable;
    if (!origin) continue;
    if (!origin.inputs) throw spentError(root, origin);
    found.push(variable);
    for (const input of origin.inputs)
      if (input.requiresGrad && !seen.has(input)) {
        seen.add(input);
        stack.push(input);
      }
  }
  return found.sort((a, b) => b.origin!.number - a.origin!.number);
}

function propagate(output: Variable, gradients: Map<Variable, RawArray>, leaves: Variable[]): void {
  const { op, options, inputs } = output.origin!;
  const gradient = gradients.get(output)!;
  const raws = inputs!.map((input) => input.raw);
  const backwards = op.backward(gradient, raws, output.raw, options);
  for (const [index, input] of inputs!.entries()) {
    const make = backwards[index];
    if (!make || !input.requiresGrad) continue;
    const sum = gradients.get(input);
    // Never in place: a gradient may share its memory with another one (a sum hands on its own).
    gradients.set(input, sum ? sum.backend.binary("add", sum, make()) : make());
    if (!sum && !input.origin) leaves.push(input);
  }
  gradients.delete(output);
}

function deliver(leaves: readonly Variable[], gradients: ReadonlyMap<Variable, RawArray>): void {
  const owned = new Set<RawArray>();
  for (const leaf of leaves) {
    const gradient = gradients.get(leaf)!;
    // Two leaves of one sum are handed the same array; the second gets a claim of its own.
    const mine = owned.has(gradient) ? gradient.backend.reshape(gradient, gradient.shape) : gradient;
    owned.add(mine);
    keep(mine);
    leaf.receiveGradient(mine);
  }
}

function retire(order: readonly Variable[], root: Variable): void {
  for (const raw of previous) raw.release("a later backward()");
  previous = [];
  for (const output of order) {
    const origin = output.origin!;
    for (const input of origin.inputs!) if (input.temporary) input.raw.release("backward()");
    origin.inputs = undefined;
    if (output !== root) previous.push(output.raw);
  }
}

function spentError(root: Variable, origin: Origin): Error {
  return new Error(
    `backward: the graph of this ${sizeOf(root.raw.shape) === 1 ? "scalar" : formatShape(root.raw.shape)} was already ` +
      `used (at ${origin.op.name}); compute the loss again, or add the losses and call backward() once`,
  );
}
