import { readFileSync } from "node:fs";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { parseCsv } from "../../src/data/csv.ts";
import { crc32c, tfRecord } from "../../src/tracking/export/tfRecord.ts";
import * as track from "../../src/tracking/index.ts";
import { temporaryFolder } from "./folder.ts";

function twoRuns(): string {
  const folder = temporaryFolder();
  for (const name of ["plain", 'with "quotes", and commas']) {
    const run = track.run(name, { folder });
    for (let step = 1; step <= 3; step++) run.log({ loss: 1 / step / 3, "a,b": step }, { step });
    run.finish();
  }
  return folder;
}

test("CSV: what is written is read back bit for bit", () => {
  const folder = twoRuns();
  const path = join(folder, "out", "runs.csv");
  expect(track.exportCsv(path, { folder })).toBe(12);
  const read = parseCsv(readFileSync(path, "utf8"));
  const written = track.metrics({ folder });
  expect(read.columnNames()).toEqual(["id", "name", "metric", "step", "time", "value"]);
  for (const column of ["id", "name", "metric", "step", "value"])
    expect(Array.from(read.array(column))).toEqual(Array.from(written.array(column)));
  expect(Array.from(read.array("time"), (time) => Date.parse(time as string))).toEqual(
    Array.from(written.array("time")),
  );
});

test("Parquet: what is written is read back bit for bit", async () => {
  const folder = twoRuns();
  const path = join(folder, "runs.parquet");
  expect(track.exportParquet(path, { folder, name: "plain" })).toBe(6);
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
  const expected = track.metrics({ folder, name: "plain" }).objects() as { time: number }[];
  expect(rows).toEqual(expected.map((row) => ({ ...row, time: new Date(row.time) })));
});

test("CRC-32C of RFC 3720, appendix B.4", () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e);
});

test("a record is framed by its length and two checksums", () => {
  const record = tfRecord(Buffer.from("abc"));
  expect(record.length).toBe(8 + 4 + 3 + 4);
  expect(record.readBigUInt64LE(0)).toBe(3n);
  expect(record.toString("latin1", 12, 15)).toBe("abc");
});
