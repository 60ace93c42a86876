import type { RawArray } from "../backend/backend.ts";
import { Tensor } from "../tensor/tensor.ts";
import { dotted } from "../util/dotted.ts";
import { type Displayable, jupyterDisplay, type MimeBundle } from "../util/host.ts";
import type { Shape } from "../util/shape.ts";
import { restoreArrays, saveArrays, type StateDict } from "./stateDict.ts";
import { summarize, type Summary } from "./summary.ts";
import { loadWeights, writeSafetensors } from "./weightFiles.ts";

/**
 * A part of a network: parameters, the modules inside it, and a `forward` that computes.
 *
 * Whatever a property of the module holds counts: a `Tensor` made to require a gradient is a parameter, a `Module`
 * is a part, and arrays of them likewise. A parameter's name is the path to it: `"hidden.weight"`,
 * `"layers.0.bias"`. (Private `#fields` cannot be seen from outside and do not count.)
 *
 * @example
 * class Net extends nn.Module {
 *   hidden = new nn.Linear(64, 32);
 *   output = new nn.Linear(32, 10);
 *   forward(x: Tensor) {
 *     return this.output.forward(this.hidden.forward(x).relu());
 *   }
 * }
 */
export abstract class Module implements Displayable {
  /** True while learning; layers such as dropout behave differently in use. Set by `train` and `eval`. */
  training = true;

  /** Compute the output. Each module chooses its own inputs, hence the loose type. */
  abstract forward(...inputs: any[]): any;

  /** Every parameter once, with its name. */
  namedParameters(): [string, Tensor][] {
    // In plain loops: gradient norms ask at every step.
    const names = new Map<Tensor, string>();
    for (const [name, member] of this.members())
      if (member instanceof Module) {
        for (const [inner, parameter] of member.namedParameters())
          if (!names.has(parameter)) names.set(parameter, dotted(name, inner));
      } else if (!names.has(member)) names.set(member, name);
    return Array.from(names, ([parameter, name]) => [name, parameter]);
  }

  /** Every parameter once: what an optimizer is given. */
  parameters(): Tensor[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /** Every buffer with its name: what belongs to the state without being learned, such as running statistics. */
  namedBuffers(): [string, Tensor][] {
    const inner = [...this.members()].flatMap(([name, member]) =>
      member instanceof Module
        ? member.namedBuffers().map(([within, buffer]): [string, Tensor] => [`${name}.${within}`, buffer])
        : [],
    );
    const seen = new Set<Tensor>();
    return [...Object.entries(this.ownBuffers()), ...inner].filter(
      ([, buffer]) => !seen.has(buffer) && seen.add(buffer),
    );
  }

  /** This module and all inside it, each once, by path: `""`, `"hidden"`, `"layers.0"`. */
  namedModules(): [string, Module][] {
    const found = new Map<Module, string>([[this, ""]]);
    for (const [name, member] of this.members())
      if (member instanceof Module)
        for (const [inner, module] of member.namedModules())
          if (!found.has(module)) found.set(module, inner === "" ? name : `${name}.${inner}`);
    return [...found].map(([module, name]) => [name, module]);
  }

  /** Switch this module and all inside it to learning, or with `false` to use. Returns the module. */
  train(training: boolean = true): this {
    this.training = training;
    for (const [, member] of this.members()) if (member instanceof Module) member.train(training);
    return this;
  }

  /** Switch this module and all inside it from learning to use. Returns the module. */
  eval(): this {
    return this.train(false);
  }

  /**
   * Let no parameter of this module and those inside it learn: none gets a gradient, which saves the time to compute
   * them, and optimizers leave them as they are. Gradients go on through it to its inputs. Running statistics and dropout
   * belong to the mode: `eval()` stops those. Returns the module.
   * @example
   * features.freeze().eval(); // a trained part, under a new head that learns
   */
  freeze(): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = false;
    return this;
  }

  /** Let every parameter learn again. Returns the module. */
  unfreeze(): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = true;
    return this;
  }

  /** A copy of the numbers of every parameter and buffer, by name. */
  stateDict(): StateDict {
    return saveArrays(this.#state());
  }

  /**
   * Take the numbers of a `stateDict()`, in place. Nothing changes if anything in it does not fit.
   * @throws RangeError if a name is missing or unknown
   * @throws ShapeError if a shape differs
   */
  loadStateDict(state: StateDict): void {
    restoreArrays("loadStateDict", this.#state(), state);
  }

  #state(): [string, RawArray][] {
    return [...this.namedParameters(), ...this.namedBuffers()].map(([name, { raw }]) => [name, raw]);
  }

  /** The buffers held directly, by name; a layer that has any overrides this. */
  protected ownBuffers(): Record<string, Tensor> {
    return {};
  }

  /**
   * A table of the layers with the shape that each puts out and the numbers it learns.
   * @param input the shape of one example, without the axis of the batch (`digits.inputShape`), or a batch as a
   *   tensor; without it the table has no shapes
   * @example
   * new nn.Sequential(new nn.Linear(64, 32), new nn.ReLU(), new nn.Linear(32, 10)).summary([64]);
   */
  summary(input?: Shape | Tensor): Summary {
    return summarize(this, input);
  }

  /** As the value of a cell, a module shows its summary. */
  [jupyterDisplay](): MimeBundle {
    return this.summary()[jupyterDisplay]();
  }

  /** Write `stateDict()` into a safetensors file, whole or not at all. Missing folders are made. */
  async save(path: string): Promise<void> {
    await writeSafetensors(path, this.stateDict());
  }

  /**
   * Take the weights of a safetensors file, in place. Nothing changes if they do not fit.
   * @throws Error naming the file if it is missing, truncated, damaged, or holds the weights of another model
   */
  async load(path: string): Promise<void> {
    await loadWeights(this, path);
  }

  /** The parameters and modules held directly, with the name each has here. */
  protected members(): Iterable<[string, Module | Tensor]> {
    const members: [string, Module | Tensor][] = [];
    for (const name of Object.keys(this)) addMembers(members, name, this[name as keyof this]);
    return members;
  }
}

function addMembers(members: [string, Module | Tensor][], name: string, value: unknown): void {
  if (value instanceof Module || (value instanceof Tensor && value.isParameter)) members.push([name, value]);
  else if (Array.isArray(value))
    for (const [index, item] of (value as unknown[]).entries()) addMembers(members, `${name}.${index}`, item);
}
