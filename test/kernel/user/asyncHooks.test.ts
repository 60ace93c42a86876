import asyncHooks, { AsyncResource } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type HookSwitch, installHookSwitch } from "../../../kernel/user/asyncHooks.ts";

const { createHook } = asyncHooks;
let hooks: HookSwitch;

beforeEach(() => {
  asyncHooks.createHook = createHook;
  hooks = installHookSwitch();
});
afterAll(() => {
  asyncHooks.createHook = createHook;
  syncBuiltinESMExports();
});

describe("async hooks of cells", () => {
  test("are off while suspended, and on again two turns after", async () => {
    let inits = 0;
    const hook = asyncHooks.createHook({ init: () => void inits++ }).enable();
    expect(hooks.suspend()).toBe(true);
    const before = inits;
    new AsyncResource("unseen");
    expect(inits).toBe(before);
    hooks.resume();
    for (let turn = 0; turn < 3; turn++) await nextTurn();
    const resumed = inits;
    new AsyncResource("seen");
    expect(inits).toBe(resumed + 1);
    hook.disable();
  });

  test("called by Node are said to be on still, and go off as soon as it has called them", () => {
    const answers: boolean[] = [];
    let inits = 0;
    const hook = asyncHooks
      .createHook({
        init() {
          if (inits++ === 0) answers.push(hooks.suspend());
        },
      })
      .enable();
    new AsyncResource("first");
    const before = inits;
    new AsyncResource("unseen");
    expect(answers).toEqual([false]);
    expect(inits).toBe(before);
    expect(hooks.suspend()).toBe(true);
    hook.disable();
  });

  test("that a cell has disabled stay off", async () => {
    let inits = 0;
    const hook = asyncHooks.createHook({ init: () => void inits++ }).enable();
    hook.disable();
    expect(hooks.suspend()).toBe(true);
    hooks.resume();
    for (let turn = 0; turn < 3; turn++) await nextTurn();
    new AsyncResource("unseen");
    expect(inits).toBe(0);
  });
});
