import { broadcastShapes } from "../../util/shape.ts";
import type { ElementwiseBackend, MakeArray, RawArray } from "../backend.ts";
import { broadcastStrides, leadingOffsets } from "../view.ts";
import { PARALLEL_ELEMENTS, pointerOf, runElementwise } from "./dispatch.ts";
import { kernels } from "./kernels.ts";
import { binaryCode, unaryKinds } from "./kinds.ts";

export const elementwise = (make: MakeArray): ElementwiseBackend => ({
  unary(kind, x) {
    const out = make(x.shape, x.dtype);
    const code = unaryKinds.indexOf(kind);
    if (x.size < PARALLEL_ELEMENTS) kernels.unary(code, pointerOf(x), pointerOf(out), x.size);
    else runElementwise("unary", x.size, [code, pointerOf(x), pointerOf(out)]);
    return out;
  },

  binary(kind, x, y) {
    const shape = broadcastShapes(kind, x.shape, y.shape);
    const out = make(shape, "float32");
    const code = binaryCode(kind, x.dtype);
    // An operand moves along the result element by element, stays put as one number, or does neither.
    const xMoves = x.size === out.size;
    const yMoves = y.size === out.size;
    if ((xMoves || x.size === 1) && (yMoves || y.size === 1)) {
      const [xAt, yAt, to] = [pointerOf(x), pointerOf(y), pointerOf(out)];
      const [xStep, yStep] = [xMoves ? 4 : 0, yMoves ? 4 : 0];
      if (out.size < PARALLEL_ELEMENTS) kernels.binary(code, xAt, 0, xStep, yAt, 0, yStep, to, 1, out.size);
      else runElementwise("binary", out.size, [code, xAt, xStep, yAt, yStep, to]);
    } else broadcast(code, x, y, out);
    return out;
  },

  where(condition, x, y) {
    const out = make(x.shape, x.dtype);
    if (x.dtype === "uint8") {
      const [chosen, yes, no, to] = [condition.data, x.data, y.data, out.data];
      for (let i = 0; i < to.length; i++) to[i] = chosen[i] !== 0 ? yes[i] : no[i];
    } else runElementwise("where", x.size, [condition, x, y, out].map(pointerOf));
    return out;
  },
});

/** The general case, of two axes or more: a matrix at a time, each operand with its own strides. */
function broadcast(code: number, x: RawArray, y: RawArray, out: RawArray): void {
  const { shape } = out;
  const left = { shape, strides: broadcastStrides(x.shape, shape), offset: 0 };
  const right = { shape, strides: broadcastStrides(y.shape, shape), offset: 0 };
  const last = shape.length - 1;
  const [rows, columns] = [shape[last - 1], shape[last]];
  const [xRow, xColumn] = [left.strides[last - 1] * 4, left.strides[last] * 4];
  const [yRow, yColumn] = [right.strides[last - 1] * 4, right.strides[last] * 4];
  const rightOffsets = leadingOffsets(right);
  let to = pointerOf(out);
  for (const offset of leadingOffsets(left)) {
    const [xAt, yAt] = [pointerOf(x) + offset * 4, pointerOf(y) + rightOffsets.next().value! * 4];
    kernels.binary(code, xAt, xRow, xColumn, yAt, yRow, yColumn, to, rows, columns);
    to += rows * columns * 4;
  }
}
