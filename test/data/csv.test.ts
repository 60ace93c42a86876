import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csv, type CsvOptions, parseCsv } from "../../src/data/index.ts";

const rows = (text: string, options: CsvOptions = {}): unknown[] => parseCsv(text, options).objects();

describe("csv", () => {
  test("numbers, booleans and text are told apart, column by column", () => {
    expect(rows("a,b,c,d\n1,true,x,0x10\n-2.5e-3,False,,7\n.5,TRUE,1,8\n")).toEqual([
      { a: 1, b: true, c: "x", d: "0x10" },
      { a: -0.0025, b: false, c: null, d: "7" },
      { a: 0.5, b: true, c: "1", d: "8" },
    ]);
  });

  test("missing values are null and do not decide the type; quoted ones are not missing", () => {
    expect(rows('a,b\n1,NA\n,""\n3,x\n')).toEqual([
      { a: 1, b: null },
      { a: null, b: "" },
      { a: 3, b: "x" },
    ]);
    expect(rows("a\n?\n2\n", { missing: ["?"] })).toEqual([{ a: null }, { a: 2 }]);
  });

  test("types asked for are kept to", () => {
    expect(rows("zip,n\n0123,1\n", { types: { zip: "string" } })).toEqual([{ zip: "0123", n: 1 }]);
  });

  test("quotes hold delimiters, line ends and quotes; lines end in any way", () => {
    expect(rows('a,b\r\n"x, y","say ""no"""\r"1\n2",z\n\n')).toEqual([
      { a: "x, y", b: 'say "no"' },
      { a: "1\n2", b: "z" },
    ]);
    expect(rows("a;b\n1,5;2\n", { delimiter: ";" })).toEqual([{ a: "1,5", b: 2 }]);
    expect(rows("a|b\n1|2\n", { delimiter: "|" })).toEqual([{ a: 1, b: 2 }]);
    expect(rows("a\tb\n1\t2", { delimiter: "\t" })).toEqual([{ a: 1, b: 2 }]);
  });

  test("what was written is read again", () => {
    const field = fc.string({ unit: fc.constantFrom("a", "1", '"', ",", "\n", "\r", " ", "é") });
    fc.assert(
      fc.property(fc.array(fc.tuple(field, field), { minLength: 1 }), (records) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const text = records.map((record) => record.map(quoted).join(",")).join("\n");
        const options: CsvOptions = { header: false, types: { column1: "string", column2: "string" } };
        expect(rows(text, options)).toEqual(records.map(([column1, column2]) => ({ column1, column2 })));
      }),
    );
  });

  test("without a header columns are numbered, or named by the caller; a byte order mark is no part of a name", () => {
    expect(rows("1,2\n", { header: false })).toEqual([{ column1: 1, column2: 2 }]);
    expect(rows("1,2\n", { header: false, names: ["x", "y"] })).toEqual([{ x: 1, y: 2 }]);
    expect(rows("a,b\n1,2\n", { names: ["x", "y"] })).toEqual([{ x: 1, y: 2 }]);
    expect(rows("\uFEFFa\n1\n")).toEqual([{ a: 1 }]);
  });

  test("a header alone is a table without rows", () => {
    const table = parseCsv("a,b\n");
    expect([table.numRows(), table.columnNames()]).toEqual([0, ["a", "b"]]);
  });

  test("from a file, plain or gzipped", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gradbook-csv-"));
    try {
      const path = join(folder, "a.csv");
      writeFileSync(path, "a\n1\n");
      expect((await csv(path)).objects()).toEqual([{ a: 1 }]);
      writeFileSync(path, gzipSync("a\n2\n"));
      expect((await csv(path)).objects()).toEqual([{ a: 2 }]);
      await expect(csv(join(folder, "b.csv"))).rejects.toThrow(`csv: cannot read ${join(folder, "b.csv")}`);
      await expect(csv(folder)).rejects.toThrow("it is a folder");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each<[string, string, CsvOptions, string]>([
    ["a short line", "a,b\n1,2\n3\n", {}, "csv: text, line 3 has 1 fields, and there are 2 columns (a, b)"],
    ["a long line after one of two lines", 'a,b\n"x\ny",2\n1,2,3\n', {}, "line 4 has 3 fields"],
    ["a long line after lines that end in CR LF", "a,b\r\n1,2\r\n1,2,3\r\n", {}, "line 3 has 3 fields"],
    ["an open quote", 'a,b\n1,2\n3,"x\ny\n', {}, "csv: text, line 3: a quote is opened and never closed"],
    ["text after a quote", 'a\n"x" y\n', {}, 'line 2: " " after a closing quote'],
    [
      "a field of another type",
      "a,n\nx,1\ny,2O\n",
      { types: { n: "number" } },
      'csv: text, line 3, column "n": "2O" is not a number',
    ],
    ["a type for no column", "name\nx\n", { types: { nmae: "string" } }, 'did you mean "name"? It has name'],
    [
      "a type that is none",
      "a\nx\n",
      { types: { a: "date" as "string" } },
      'must be number, boolean or string, got "date"',
    ],
    ["two columns of one name", "a,b,a\n1,2,3\n", {}, 'line 1: two columns are called "a"'],
    ["names too few", "a,b\n1,2\n", { names: ["x"] }, "has 2 columns, and names are 1: x"],
    ["nothing", "\n\n", {}, "csv: text is empty"],
    [
      "an impossible delimiter",
      "a",
      { delimiter: "" },
      'delimiter must be neither empty nor a quote or line end, got ""',
    ],
  ])("%s is refused", (_, text, options, message) => {
    expect(() => parseCsv(text, options)).toThrow(message);
  });
});
