/** Execute requests wait for each other; when one fails, those that had already been sent are aborted. */
export interface ShellQueue<T> {
  push(request: T): void;
}

export interface ShellQueueParts<T> {
  /**
   * Run one. If it fails, await `failed` before the client can know: what has arrived by then is aborted, what
   * the client sends in answer to the failure is not.
   */
  run(request: T, failed: () => Promise<void>): Promise<void>;
  abort(request: T): void;
}

export function createShellQueue<T>({ run, abort }: ShellQueueParts<T>): ShellQueue<T> {
  const waiting: T[] = [];
  let busy = false;

  const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

  const work = async (): Promise<void> => {
    busy = true;
    for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
      const aborted: T[] = [];
      await run(request, async () => {
        // Requests that have reached the socket are handed over in the next turn of the event loop.
        await nextTurn();
        await nextTurn();
        aborted.push(...waiting.splice(0));
      });
      for (const each of aborted) abort(each);
    }
    busy = false;
  };

  return {
    push(request) {
      waiting.push(request);
      if (!busy) void work();
    },
  };
}
