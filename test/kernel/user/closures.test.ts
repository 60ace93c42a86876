import asyncHooks from "node:async_hooks";
import { describe, expect, test } from "vitest";
import { withClosures } from "../../../kernel/user/closures.ts";

const globalNames = Reflect.ownKeys(globalThis);

function counter(): { next: () => number; list: object[] } {
  let count = 7;
  const list = [{}];
  return { next: () => (list.length > 0 ? ++count : 0), list };
}

describe("variables that a function sees", () => {
  test("are numbers, and objects themselves", () => {
    const { next, list } = counter();
    withClosures((look) => {
      expect(look(next, "count")).toBe(7);
      expect(next()).toBe(8);
      expect(look(next, "count")).toBe(8);
      expect(look(next, "list")).toBe(list);
    });
  });

  test("of Node's own modules are seen too", () => {
    const { enable } = Object.getPrototypeOf(asyncHooks.createHook({})) as { enable: () => unknown };
    expect(withClosures((look) => look(enable, "getHookArrays"))).toBeTypeOf("function");
  });

  test("that are not there are named, and nothing is left behind", () => {
    expect(() => withClosures((look) => look(counter().next, "nowhere"))).toThrow(
      "there is no variable nowhere in the closure of next",
    );
    expect(Reflect.ownKeys(globalThis)).toEqual(globalNames);
  });
});
