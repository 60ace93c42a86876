import { kindOf } from "../tensor/requireTensor.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkNonNegative } from "./options.ts";

/** Parameters with options of their own; what a group does not say is the optimizer's. */
export interface ParameterGroup {
  readonly parameters: Iterable<Tensor>;
  /** η of this group. It keeps its ratio to the optimizer's when that changes, and follows the schedule. */
  readonly learningRate?: number;
  /** λ of this group, for the methods that have a `weightDecay`. */
  readonly weightDecay?: number;
}

/** What an optimizer is given: `model.parameters()`, groups, or both mixed in one list. */
export type Optimized = Iterable<Tensor | ParameterGroup>;

export type GroupOption = "learningRate" | "weightDecay";

/**
 * The parameters in order, and of each what its group says.
 * @throws TypeError if there are no parameters, one needs no gradient, one is there twice, or a group says something
 * that the method has no use for; RangeError if it says a negative number
 */
export function readGroups(
  method: string,
  optimized: Optimized,
  options: readonly GroupOption[],
): { parameters: Tensor[]; groups: Omit<ParameterGroup, "parameters">[] } {
  if (typeof (optimized as Partial<typeof optimized> | undefined)?.[Symbol.iterator] !== "function") {
    const hint = optimized instanceof Tensor ? "put it into a list, [w]" : "give it model.parameters()";
    throw new TypeError(`${method}: parameters must be a list of tensors, got ${kindOf(optimized)}; ${hint}`);
  }
  const members = [...optimized].flatMap((item) => {
    if (item instanceof Tensor || !isGroup(item)) return [{ parameter: item as Tensor, group: {} }];
    const { parameters, ...group } = item;
    checkGroup(method, group, options);
    return [...parameters].map((parameter) => ({ parameter, group }));
  });
  const parameters = members.map(({ parameter }) => parameter);
  checkParameters(method, parameters);
  return { parameters, groups: members.map(({ group }) => group) };
}

const isGroup = (item: unknown): item is ParameterGroup =>
  typeof item === "object" && item !== null && "parameters" in item && typeof item.parameters !== "function";

function checkGroup(method: string, group: object, options: readonly string[]): void {
  for (const [name, value] of Object.entries(group)) {
    if (!options.includes(name)) {
      const known = ["parameters", ...options].join(", ");
      throw new TypeError(`${method}: a group of its parameters has no option "${name}"; it has ${known}`);
    }
    checkNonNegative(method, `a group's ${name}`, value as number);
  }
}

function checkParameters(method: string, parameters: readonly Tensor[]): void {
  if (parameters.length === 0)
    throw new TypeError(`${method}: no parameters to optimize; give it model.parameters()`);
  const places = new Map<Tensor, number>();
  for (const [index, parameter] of parameters.entries()) {
    if (!(parameter instanceof Tensor))
      throw new TypeError(
        `${method}: parameter ${index} is no tensor but ${kindOf(parameter)}; give it model.parameters()`,
      );
    if (!parameter.requiresGrad && !parameter.isParameter) {
      throw new TypeError(
        `${method}: parameter ${index} does not require a gradient; make it with { requiresGrad: true }`,
      );
    }
    const earlier = places.get(parameter);
    if (earlier !== undefined)
      throw new TypeError(`${method}: parameters ${earlier} and ${index} are the same`);
    places.set(parameter, index);
  }
}
