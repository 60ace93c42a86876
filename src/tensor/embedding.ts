import * as ops from "../ops/index.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, stridesOf } from "../util/shape.ts";
import { apply, floating, Tensor } from "./tensor.ts";

/**
 * Rows of a table by their numbers: table [V, D], int32 indices of any shape → [..., D].
 * @throws ShapeError unless the table is a matrix, TypeError unless the indices are integers, RangeError naming the
 * first index outside [0, V)
 */
export function embedding(table: Tensor, indices: Tensor): Tensor {
  if (table.shape.length !== 2)
    throw new ShapeError(`embedding: the table must be [count, size], got ${formatShape(table.shape)}`);
  if (indices.dtype !== "int32" && indices.dtype !== "uint8")
    throw new TypeError(
      `embedding: indices must be integers, got ${indices.dtype}; make them with { dtype: "int32" } or .to("int32")`,
    );
  const values = indices.raw.data;
  const count = table.shape[0];
  for (let i = 0; i < values.length; i++)
    if (!(values[i] >= 0 && values[i] < count))
      throw new RangeError(
        `embedding: index ${values[i]} at ${place(i, indices.shape)} lies outside the ${count} rows ` +
          `of the table ${formatShape(table.shape)}; use 0 to ${count - 1}`,
      );
  const rows = floating(table);
  const { backend } = rows.raw;
  const fitting = indices.raw.backend === backend && indices.dtype === "int32";
  const rowNumbers = fitting
    ? indices
    : new Tensor(backend.from(values, indices.shape, "int32"), false, undefined, true);
  return apply(ops.embedding, [rows, rowNumbers]);
}

function place(index: number, shape: readonly number[]): string {
  const strides = stridesOf(shape);
  return formatShape(shape.map((extent, axis) => Math.floor(index / strides[axis]) % extent));
}
