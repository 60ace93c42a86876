import { expect, test } from "vitest";
import { createShellQueue } from "../../../kernel/io/shellQueue.ts";

test("requests run one at a time, in order", async () => {
  const log: string[] = [];
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  const done = new Promise<void>((resolve) => {
    const queue = createShellQueue<string>({
      async run(request) {
        log.push(`start ${request}`);
        if (request === "a") await gate;
        log.push(`end ${request}`);
        if (request === "b") resolve();
      },
      abort: (request) => log.push(`abort ${request}`),
    });
    queue.push("a");
    queue.push("b");
  });
  expect(log).toEqual(["start a"]);
  release();
  await done;
  expect(log).toEqual(["start a", "end a", "start b", "end b"]);
});

test("a failure aborts what had come before the client knew, and nothing after", async () => {
  const log: string[] = [];
  await new Promise<void>((resolve) => {
    const queue = createShellQueue<string>({
      async run(request, failed) {
        log.push(request);
        if (request === "after") return resolve();
        if (request !== "fails") return;
        await failed();
        queue.push("after");
      },
      abort: (request) => log.push(`abort ${request}`),
    });
    queue.push("fails");
    queue.push("queued");
    setImmediate(() => queue.push("arriving"));
  });
  expect(log).toEqual(["fails", "abort queued", "abort arriving", "after"]);
});
