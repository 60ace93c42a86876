import { Session } from "node:inspector";
import { expect, test } from "vitest";
import { createInterrupter } from "../../../kernel/io/interrupt.ts";
import { createSignals } from "../../../kernel/signals.ts";

test("a cell that does not end is abandoned again where that message got lost", async () => {
  let abandonments = 0;
  let settle = (): void => {};
  const settled = new Promise<void>((resolve) => (settle = resolve));
  const interrupter = createInterrupter({
    session: new Session(),
    signals: createSignals(),
    running: () => settled,
    tell: () => {},
    post(message) {
      if ("token" in message) setImmediate(interrupter.answered, message.token);
      if (message.type === "abandon" && ++abandonments === 2) settle();
    },
  });
  await interrupter.interrupt();
  expect(abandonments).toBe(2);
});
