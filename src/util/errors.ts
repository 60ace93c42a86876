/** Shapes that do not fit an operation. The message names the operation, both shapes and what differs. */
export class ShapeError extends Error {
  override name = "ShapeError";
}
