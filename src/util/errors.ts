/** Shapes that do not fit an operation. The message names the operation, both shapes and what differs. */
export class ShapeError extends Error {
  override name = "ShapeError";
}

/** The compute memory is full. The message names the operation, the size it asked for, and what is in use. */
export class OutOfMemoryError extends RangeError {
  override name = "OutOfMemoryError";
}

/** An error on its way out of an operation: one about memory, which arises below it, learns the operation's name. */
export function fromOperation(operation: string, error: unknown): unknown {
  if (!(error instanceof OutOfMemoryError) || !error.message.startsWith("out of memory")) return error;
  return new OutOfMemoryError(`${operation}: ${error.message}`, { cause: error });
}
