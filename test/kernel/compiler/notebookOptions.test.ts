/** A notebook's own compiler options, as its cells feel them. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { createLanguage } from "../../../kernel/compiler/language.ts";

const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "gradbook-options-"));
const file = join(folder, "tsconfig.json");
process.chdir(folder);
// One session for all, for it takes a while to make; what a comment sets stays, so each test sets what it needs.
const session = createLanguage(["", []]);
afterEach(() => rmSync(file, { force: true }));
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

let written = 0;
/** Files are told apart by when they were changed, which two of one test might not be. */
const configure = (text: string): void => {
  writeFileSync(file, text);
  utimesSync(file, new Date(0), new Date(++written * 1000));
};
const messages = (cell: string): string[] => session.check(cell).map(({ message }) => message);

const nullable = "let maybe: string | undefined = [undefined][0]; maybe.length";
const untyped = "function f(x) { return x }";

describe("tsconfig.json beside the notebook", () => {
  test("sets how cells are checked, and is read again when it has changed", () => {
    configure(
      '{ "compilerOptions": { "strictNullChecks": false, "outDir": "built", "module": "commonjs" } }',
    );
    expect(messages(nullable)).toEqual([]);
    configure('{ "compilerOptions": { "noImplicitAny": true } } // said again');
    expect(messages(nullable)).toEqual([expect.stringContaining("possibly 'undefined'")]);
    expect(messages(untyped)).toEqual([expect.stringContaining("implicitly has an 'any' type")]);
    rmSync(file);
    expect(messages(untyped)).toEqual([]);
  });

  test("may take its options from another file", () => {
    writeFileSync(join(folder, "base.json"), '{ "compilerOptions": { "strict": false } }');
    configure('{ "extends": "./base.json" }');
    expect(messages(nullable)).toEqual([]);
  });

  test("is complained of where it is wrong", () => {
    configure('{\n  "compilerOptions": { "strickt": true }\n}');
    expect(session.check("1")).toMatchObject([
      {
        fileName: "tsconfig.json",
        start: { line: 1, character: 23 },
        message: "Unknown compiler option 'strickt'. Did you mean 'strict'?",
      },
    ]);
    configure('{ "compilerOptions": ');
    expect(session.check("1")).toContainEqual(
      expect.objectContaining({ fileName: "tsconfig.json", message: "'}' expected." }),
    );
    configure('{ "compilerOptions": { "strict": false, "exactOptionalPropertyTypes": true } }');
    expect(session.check("1")).toMatchObject([
      { fileName: "tsconfig.json", message: expect.stringContaining("strictNullChecks") as string },
    ]);
  });
});

describe("a comment at the top of a cell", () => {
  test("comes before tsconfig.json; `strict` by name is all of it", () => {
    configure('{ "compilerOptions": { "strict": false } }');
    expect(messages(`${nullable}; ${untyped}`)).toEqual([]);
    expect(messages(`// @strict: true\n${nullable}; ${untyped}`)).toEqual([
      expect.stringContaining("possibly 'undefined'"),
      expect.stringContaining("implicitly has an 'any' type"),
    ]);
    expect(messages("// @strict: true\n// @noImplicitAny: false\n1")).toEqual([]);
  });

  test("sets an option from there on, once its cell was right", () => {
    expect(messages(`// @noImplicitAny: true\n${untyped}`)).toHaveLength(1);
    expect(messages(untyped)).toEqual([]);
    expect(messages("// @noImplicitAny: true\n1")).toEqual([]);
    expect(messages(untyped)).toHaveLength(1);
    expect(messages(`// @noImplicitAny: false\n${untyped}`)).toEqual([]);
  });

  test("adds libraries and types to those that cells have", () => {
    expect(messages("document.title")).toEqual([expect.stringContaining("Cannot find name 'document'")]);
    expect(messages("// @lib: dom, dom.iterable\ndocument.title; [1].values().map(String)")).toEqual([]);
  });

  test("knows what it can set, and says so", () => {
    expect(session.check("let a = 1;\n// @strict: maybe\na")).toEqual([]);
    expect(session.check("// A cell.\n// @strickt: true\na")).toMatchObject([
      {
        start: { line: 1, character: 0 },
        end: { line: 1, character: 17 },
        message: "Unknown compiler option 'strickt'. Did you mean 'strict'?",
      },
    ]);
    expect(messages("// @strict: maybe")).toEqual([
      "Compiler option 'strict' requires a value of type boolean.",
    ]);
    expect(messages("// @lib: doom")).toEqual([expect.stringContaining("must be: 'es5'")]);
    expect(messages("// @outDir: built")).toEqual([expect.stringContaining("has no meaning for a cell")]);
    expect(messages("// @strict: false\n// @exactOptionalPropertyTypes: true")).toEqual([
      expect.stringContaining("strictNullChecks"),
    ]);
  });
});
