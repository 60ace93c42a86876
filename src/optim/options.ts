import { kindOf } from "../tensor/requireTensor.ts";

/** @throws RangeError unless value >= 0 */
export function checkNonNegative(method: string, name: string, value: number): void {
  checkNumber(method, name, value);
  if (!(value >= 0 && value < Infinity)) {
    throw new RangeError(`${method}: ${name} must be >= 0, got ${value}`);
  }
}

/** @throws RangeError unless 0 <= value < 1 */
export function checkFraction(method: string, name: string, value: number): void {
  checkNumber(method, name, value);
  if (!(value >= 0 && value < 1)) {
    throw new RangeError(`${method}: ${name} must lie in [0, 1), got ${value}`);
  }
}

function checkNumber(method: string, name: string, value: unknown): void {
  if (typeof value !== "number")
    throw new TypeError(`${method}: ${name} must be a number, got ${kindOf(value)}`);
}
