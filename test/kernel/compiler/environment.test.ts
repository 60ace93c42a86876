/** Which declarations of earlier cells are kept: all that something can still lead to, and no others. */
import { describe, expect, test } from "vitest";
import { cellOptions } from "../../../kernel/compiler/compilerOptions.ts";
import { createEnvironment } from "../../../kernel/compiler/environment.ts";

/** Adds cells by their declarations; `alive` says which of them are still there. */
function session() {
  const environment = createEnvironment(() => "/folder", cellOptions);
  const modules: string[] = [];
  const add = (declarations: string, ...names: string[]): number =>
    modules.push(environment.add(declarations, names).fileName) - 1;
  const alive = (cell: number): boolean => environment.module(modules[cell]!) !== undefined;
  /** Cells enough, each replacing the one before, for what is not needed to be looked for. */
  const goOn = (): void => {
    for (let n = 0; n < 200; n++) add(`export declare const step: ${n};`, "step");
  };
  return { add, alive, goOn, steps: () => modules.filter((_, cell) => alive(cell)).length };
}

describe("an earlier cell", () => {
  test("is there as long as one of its names means what it said", () => {
    const { add, alive, goOn } = session();
    const half = add("export declare const a: 1;\nexport declare const b: 1;", "a", "b");
    const gone = add("export declare const c: 1;", "c");
    add("export declare const a: 2;\nexport declare const c: 2;", "a", "c");
    goOn();
    expect([alive(half), alive(gone)]).toEqual([true, false]);
  });

  test("is there as long as a type needs it, over any number of steps", () => {
    const { add, alive, goOn } = session();
    const base = add("export interface Base { x: number }", "Base");
    const middle = add("export interface Middle extends Base {}", "Middle");
    const last = add("export declare const last: Middle;", "last");
    add("export interface Base { y: number }\nexport interface Middle { z: number }", "Base", "Middle");
    goOn();
    expect([base, middle, last].map(alive)).toEqual([true, true, true]);
    add("export declare const last: 1;", "last");
    goOn();
    expect([base, middle, last].map(alive)).toEqual([false, false, false]);
  });

  test("is there as long as another one imports from it", () => {
    const { add, alive, goOn } = session();
    const first = add("export interface P { x: number }", "P");
    add("export interface P { y: number }", "P");
    add(`export declare const p: import("./gradbook-cell-${first}").P;`, "p");
    goOn();
    expect(alive(first)).toBe(true);
  });

  test("is there as long as its type is, whatever value has the name", () => {
    const { add, alive, goOn } = session();
    const type = add("export interface Size { width: number }", "Size");
    add("export declare const Size: 3;", "Size");
    goOn();
    expect(alive(type)).toBe(true);
  });

  test("is there for good if it declares something for everybody", () => {
    const { add, alive, goOn } = session();
    const augmenting = add("declare global { interface Array<T> { second(): T } }\nexport {};");
    goOn();
    expect(alive(augmenting)).toBe(true);
  });

  test("goes when it was replaced: a session is as large as what it declares", () => {
    const { goOn, steps } = session();
    for (let times = 0; times < 10; times++) goOn();
    expect(steps()).toBeLessThan(100);
  });
});
