import { expect, test } from "vitest";
import { closest } from "../../src/util/closest.ts";

test.each([
  ["digit", "digits"],
  ["digtis", "digits"], // neighbours swapped count once
  ["DIGITS", "digits"],
  ["mnits", "mnist"],
  ["0.wieght", "0.weight"],
])("%s most likely meant %s", (name, expected) => {
  expect(closest(name, ["iris", "mnist", "digits", "0.weight", "0.bias"])).toBe(expected);
});

test("nothing is suggested for a name unlike all others", () => {
  expect(closest("imagenet", ["iris", "mnist", "digits"])).toBeUndefined();
  expect(closest("x", [])).toBeUndefined();
});
