import { Tensor } from "./tensor.ts";

/** @throws TypeError that says what was given in a tensor's place, and how to come by one */
export function requireTensor(operation: string, role: string, value: unknown): asserts value is Tensor {
  if (value instanceof Tensor) return;
  throw new TypeError(`${operation}: the ${role} must be a tensor, got ${kindOf(value)}${hintFor(value)}`);
}

/** What something is, in a word or two; never its contents. */
export function kindOf(value: unknown): string {
  if (value === null || typeof value !== "object") return value === undefined ? "undefined" : describe(value);
  if (Array.isArray(value)) return "an array";
  const { name } = (value.constructor as { name?: string } | undefined) ?? {};
  return name && name !== "Object" ? `a ${name}` : `{ ${Object.keys(value).slice(0, 4).join(", ")} }`;
}

const describe = (value: unknown): string => (value === null ? "null" : `a ${typeof value}`);

function hintFor(value: unknown): string {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return "; make it with tensor(…)";
  if (value instanceof Promise) return "; await it";
  if (typeof value === "object" && value !== null && "output" in value)
    return "; what a recurrent layer puts out is in .output";
  return "";
}
