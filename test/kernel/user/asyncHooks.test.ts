import asyncHooks, { type AsyncHook, AsyncResource } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import { setImmediate as nextTurn } from "node:timers/promises";
import { runInThisContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type HookSwitch, installHookSwitch } from "../../../kernel/user/asyncHooks.ts";

const { createHook } = asyncHooks;
const prototype = Object.getPrototypeOf(createHook({})) as AsyncHook;
const { enable, disable } = prototype;
let hooks: HookSwitch;
let reported: unknown[];

beforeEach(() => {
  reported = [];
  hooks = installHookSwitch((error) => void reported.push(error));
});
afterEach(() => {
  asyncHooks.createHook = createHook;
  Object.assign(prototype, { enable, disable });
  syncBuiltinESMExports();
});

/** A hook that counts the resources made under a name, so that nobody else's are among them. */
function counting(name: string): { hook: AsyncHook; count: () => number } {
  let count = 0;
  const hook = asyncHooks.createHook({ init: (_id, type) => void (count += Number(type === name)) });
  return { hook, count: () => count };
}

const resumed = async (): Promise<void> => {
  hooks.resume();
  await nextTurn();
};

/** What `body` does until it is terminated, as an interrupt would. */
function terminated(body: () => void): void {
  Object.assign(globalThis, { bodyOfTest: body });
  expect(() => void runInThisContext("bodyOfTest()", { timeout: 20 })).toThrow(/timed out/);
  Reflect.deleteProperty(globalThis, "bodyOfTest");
}

describe("async hooks of cells", () => {
  test("are off while suspended, and on again afterwards", async () => {
    const { hook, count } = counting("seen");
    hook.enable();
    expect(hooks.suspend(true)).toBe(true);
    new AsyncResource("seen");
    expect(count()).toBe(0);
    await resumed();
    new AsyncResource("seen");
    expect(count()).toBe(1);
    hook.disable();
    new AsyncResource("seen");
    expect(count()).toBe(1);
  });

  test("finish the call that they are in, and are called no more", async () => {
    const events: unknown[] = [];
    const other = counting("unseen");
    const hook = asyncHooks
      .createHook({
        init(_id, type) {
          if (type === "unseen") events.push("called");
          if (type !== "first") return;
          // Heeded by Node when this call has ended.
          other.hook.enable();
          events.push(hooks.suspend(true), hooks.suspend(false), "finished");
        },
      })
      .enable();
    new AsyncResource("first");
    new AsyncResource("unseen");
    expect(events).toEqual([false, true, "finished"]);
    expect(other.count()).toBe(0);
    expect(hooks.suspend(true)).toBe(true);
    await resumed();
    hook.disable();
    other.hook.disable();
  });

  test("stay off once a cell has disabled them", async () => {
    const { hook, count } = counting("unseen");
    hook.enable().disable();
    hooks.suspend(true);
    await resumed();
    new AsyncResource("unseen");
    expect(count()).toBe(0);
  });

  test("that are switched while suspended are on or off afterwards", async () => {
    const on = counting("seen");
    const off = counting("seen");
    off.hook.enable();
    hooks.suspend(true);
    on.hook.enable();
    new AsyncResource("seen");
    expect(on.count()).toBe(0);
    off.hook.disable();
    await resumed();
    new AsyncResource("seen");
    expect([on.count(), off.count()]).toEqual([1, 0]);
    on.hook.disable();
  });

  test("that were suspended again before they were back stay off", async () => {
    const { hook, count } = counting("unseen");
    hook.enable();
    hooks.suspend(true);
    hooks.resume();
    hooks.suspend(true);
    await nextTurn();
    new AsyncResource("unseen");
    expect(count()).toBe(0);
    await resumed();
    hook.disable();
  });

  test("survive a termination that strikes one of them: it is disabled and named, the others are heeded", async () => {
    const other = counting("seen");
    other.hook.enable();
    let calls = 0;
    const endless = asyncHooks.createHook({
      init() {
        calls++;
        for (;;);
      },
    });
    terminated(() => {
      endless.enable();
      new AsyncResource("struck");
    });
    expect(hooks.suspend(true)).toBe(false);
    await resumed();
    new AsyncResource("seen");
    expect([calls, other.count()]).toEqual([1, 1]);
    expect(String(reported)).toMatch(/async hook was interrupted while it was called, and has been disabled/);
    other.hook.disable();
    new AsyncResource("seen");
    expect(other.count()).toBe(1);
  });

  test("that throw are disabled and their errors told, where Node would end the process", () => {
    const other = counting("seen");
    other.hook.enable();
    const failure = new Error("mine");
    const throwing = asyncHooks.createHook({
      init() {
        throw failure;
      },
    });
    throwing.enable();
    new AsyncResource("seen");
    new AsyncResource("seen");
    expect(reported).toEqual([failure]);
    expect(other.count()).toBe(2);
    other.hook.disable();
  });

  test("may be methods of a class, and must be functions", () => {
    class Inits {
      count = 0;
      init(): void {
        inits++;
      }
    }
    let inits = 0;
    const hook = asyncHooks.createHook(new Inits()).enable();
    new AsyncResource("seen");
    hook.disable();
    expect(inits).toBe(1);
    expect(() => asyncHooks.createHook({ init: 5 as never })).toThrow(/hook.init must be a function/);
  });

  test("are refused, with what to do, by a Node that hides its counts; no termination is let in while they are sought", async () => {
    const mayTerminate: boolean[] = [];
    vi.resetModules();
    vi.doMock("../../../kernel/user/closures.ts", () => ({
      withClosures: () => {
        mayTerminate.push(hooks.suspend(false));
        throw new Error("there is no variable active_hooks");
      },
    }));
    const other = await import("../../../kernel/user/asyncHooks.ts");
    vi.doUnmock("../../../kernel/user/closures.ts");
    hooks = other.installHookSwitch(() => {});
    const { hook, count } = counting("unseen");
    expect(() => hook.enable()).toThrow(
      /Node v\d.* might end the kernel. Use the Node that is installed with gradbook/,
    );
    mayTerminate.push(hooks.suspend(false));
    expect(mayTerminate).toEqual([false, true]);
    new AsyncResource("unseen");
    expect(count()).toBe(0);
  });
});
