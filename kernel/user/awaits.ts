/** Top-level awaits that an interrupt can reject. The emitter routes every one of a cell through these. */
import { currentCell, InterruptedError, type RunningCell } from "./cell.ts";
import { noteAwait } from "./traceback.ts";

const never = new Promise<never>(() => {});

/** `await value` at cell level becomes `await interruptible(value)`. */
export function interruptible<T>(value: T): Promise<Awaited<T>> {
  const cell = currentCell();
  if (cell.interrupted) return never;
  // V8 cannot follow an asynchronous stack through a promise of ours, so the place is kept here.
  const place = new Error();
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      noteAwait(error, place);
      reject(error);
    };
    cell.pendingAwaits.add(fail);
    Promise.resolve(value).then(
      (result) => {
        cell.pendingAwaits.delete(fail);
        if (!cell.interrupted) resolve(result);
      },
      (error) => {
        cell.pendingAwaits.delete(fail);
        if (!cell.interrupted) fail(error);
      },
    );
  });
}

/** `for await (… of source)` at cell level becomes `for await (… of interruptibleSteps(source))`. */
export function interruptibleSteps<T>(source: AsyncIterable<T> | Iterable<T>): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator =
        Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
      return {
        next: () => interruptible(iterator.next()),
        return: async (value) => (await iterator.return?.(value)) ?? { done: true, value },
      };
    },
  };
}

/** Reject what the cell waits for, once; after that nothing of it resumes. */
export function rejectAwaits(cell: RunningCell): void {
  if (cell.pendingAwaits.size > 0) cell.heeded = true;
  for (const reject of cell.pendingAwaits) reject(new InterruptedError());
  cell.pendingAwaits.clear();
}
