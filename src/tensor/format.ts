import type { DType } from "../backend/backend.ts";
import { formatShape, type Shape, sizeOf } from "../util/shape.ts";

/** Elements shown at each end of an axis once the tensor has more than LIMIT of them. */
const EDGE = 3;
const LIMIT = 200;
const DIGITS = 4;

/** A tensor in text: a heading with shape and type, then its numbers, aligned, the middle of long axes left out. */
export function formatTensor(values: ArrayLike<number>, shape: Shape, dtype: DType): string {
  const heading = shape.length === 0 ? `Tensor ${dtype}` : `Tensor ${formatShape(shape)} ${dtype}`;
  if (sizeOf(shape) === 0) return heading;
  if (shape.length === 0) return `${heading} ${formatNumber(values[0], Number.isInteger(values[0]))}`;
  const cells = new Map<number, string>();
  const shown = shownIndices(shape);
  const whole = shown.every((index) => Number.isInteger(values[index]) || !Number.isFinite(values[index]));
  for (const index of shown) cells.set(index, formatNumber(values[index], whole));
  const width = [...cells.values()].reduce((widest, cell) => Math.max(widest, cell.length), 0);
  const render = (axis: number, offset: number): string => {
    if (axis === shape.length) return cells.get(offset)!.padStart(width);
    const step = sizeOf(shape.slice(axis + 1));
    const items = shownOfAxis(shape, axis).map((index) =>
      index < 0 ? "…" : render(axis + 1, offset + index * step),
    );
    const last = axis === shape.length - 1;
    return `[${items.join(last ? ", " : `,\n${" ".repeat(axis + 1)}`)}]`;
  };
  return `${heading}\n${render(0, 0)}`;
}

/** The indices of an axis to show; −1 stands for those left out. */
function shownOfAxis(shape: Shape, axis: number): number[] {
  const extent = shape[axis];
  if (sizeOf(shape) <= LIMIT || extent <= 2 * EDGE + 1) return [...Array(extent).keys()];
  const edge = [...Array(EDGE).keys()];
  return [...edge, -1, ...edge.map((index) => extent - EDGE + index)];
}

function shownIndices(shape: Shape): number[] {
  let offsets = [0];
  for (let axis = 0; axis < shape.length; axis++) {
    const step = sizeOf(shape.slice(axis + 1));
    const shown = shownOfAxis(shape, axis).filter((index) => index >= 0);
    offsets = offsets.flatMap((offset) => shown.map((index) => offset + index * step));
  }
  return offsets;
}

/** With four digits; a whole number as it is. */
export function formatNumber(value: number, whole: boolean): string {
  if (whole || value === 0 || !Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  const magnitude = Math.abs(value);
  return magnitude >= 1e5 || magnitude < 1e-4 ? value.toExponential(DIGITS - 1) : value.toFixed(DIGITS);
}
