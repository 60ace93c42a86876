import type { Parameter, Parameters } from "./runRecord.ts";

/**
 * Parameters as JSON can hold them: what is undefined is left out, NaN and infinities become words.
 * @throws TypeError naming the parameter, if a value is a function, a tensor or another object with a class
 */
export function checkedParameters(operation: string, params: Readonly<Record<string, unknown>>): Parameters {
  if (!isPlain(params))
    throw new TypeError(`${operation}: params must be an object of names and values, got ${kindOf(params)}`);
  return checked(operation, "params", params) as Parameters;
}

function checked(operation: string, path: string, value: unknown): Parameter {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value))
    return value.map((item, index) => checked(operation, `${path}[${index}]`, item ?? null));
  if (!isPlain(value))
    throw new TypeError(
      `${operation}: ${path} must be a number, text, true, false, null, or a list or object of these, got ${kindOf(value)}; ` +
        "give its name or its settings instead",
    );
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.map(([name, item]) => [name, checked(operation, `${path}.${name}`, item)]),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Objects of another realm, such as a cell's, have a prototype of their own without one above it.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** What a value is, for errors. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return `a ${value.constructor?.name ?? "object"}`;
  return typeof value === "string" ? JSON.stringify(value) : `a ${typeof value}`;
}

/** Nested parameters side by side: `{ optimizer: { name: "Adam" } }` becomes `{ "optimizer.name": "Adam" }`. */
export function flattened(params: Parameters): Record<string, string | number | boolean | null> {
  const flat: Record<string, string | number | boolean | null> = {};
  const add = (name: string, value: Parameter): void => {
    if (Array.isArray(value)) flat[name] = JSON.stringify(value);
    else if (typeof value === "object" && value !== null)
      for (const [inner, item] of Object.entries(value)) add(`${name}.${inner}`, item as Parameter);
    else flat[name] = value as string | number | boolean | null;
  };
  for (const [name, value] of Object.entries(params)) add(name, value);
  return flat;
}

/** @throws TypeError unless they are texts */
export function checkedTags(operation: string, tags: readonly string[]): readonly string[] {
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === "string"))
    throw new TypeError(`${operation}: tags must be texts, such as ["baseline"], got ${kindOf(tags)}`);
  return tags;
}
