import { expect, test } from "vitest";
import { completeness } from "../../../kernel/compiler/completeness.ts";

test.each(["1", "", "function f() { return 1 }", "await f()", "for await (const x of y) {}", "display?"])(
  "%j is complete",
  (code) => {
    expect(completeness(code)).toEqual({ status: "complete" });
  },
);

test.each(["const = 1", "1 +* 2", "}", "'open\n1"])("%j is invalid", (code) => {
  expect(completeness(code)).toEqual({ status: "invalid" });
});

test.each([
  ["function f() {", "  "],
  ["f(", "  "],
  ["`open", ""],
  ["/* open", ""],
  ["const a =", ""],
  ["[1,", "  "],
  ["class A {\n  m() {", "    "],
  ["class A {\n  m() {}", "  "],
  ["f({ a: '{' }, [1], () => {", "  "],
  ["if (x) {\n} else {", "  "],
])("%j is incomplete, and the next line starts with %j", (code, indent) => {
  expect(completeness(code)).toEqual({ status: "incomplete", indent });
});
