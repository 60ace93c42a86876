import { Tensor } from "../tensor/tensor.ts";

/** What watching needs of a module. */
export interface Observable {
  training: boolean;
  forward(...inputs: any[]): any;
  eval(): unknown;
  namedModules(): [string, Observable][];
}

/** Told of a module's `forward` when it returns, hence of inner modules before those around them. */
export type Observer = (
  path: string,
  module: Observable,
  inputs: readonly unknown[],
  output: unknown,
) => void;

/** Run `work` while every `forward` inside the model, called by whatever code, is watched. */
export function observeForward<T>(model: Observable, observer: Observer, work: () => T): T {
  const modules = model.namedModules();
  const before = modules.map(([, module]) => Object.getOwnPropertyDescriptor(module, "forward"));
  for (const [path, module] of modules) {
    const { forward } = module;
    const value = (...inputs: unknown[]): unknown => {
      const output: unknown = forward.apply(module, inputs);
      observer(path, module, inputs, output);
      return output;
    };
    Object.defineProperty(module, "forward", { value, configurable: true, writable: true });
  }
  try {
    return work();
  } finally {
    modules.forEach(([, module], index) => {
      const own = before[index];
      if (own) Object.defineProperty(module, "forward", own);
      else delete (module as { forward?: unknown }).forward;
    });
  }
}

/** Run `work` with the model in evaluation mode; afterwards each module has the mode back that it had. */
export function inEvaluation<T>(model: Observable, work: () => T): T {
  const modes = model.namedModules().map(([, module]) => [module, module.training] as const);
  model.eval();
  try {
    return work();
  } finally {
    for (const [module, training] of modes) module.training = training;
  }
}

/** The tensors in what a `forward` takes or returns: alone, in lists, or in plain objects. */
export function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (value && Object.getPrototypeOf(value) === Object.prototype)
    return Object.values(value).flatMap(tensorsIn);
  return [];
}
