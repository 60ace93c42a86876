import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cifarRecords, filesOf } from "../../src/data/cifar10.ts";
import { tarFiles } from "../../src/data/tar.ts";

test("tar: the files of an archive that tar made, by name, and no folders", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradbook-tar-"));
  try {
    mkdirSync(join(folder, "inner"));
    const files = {
      "inner/a.bin": Buffer.alloc(1300, 7),
      "inner/empty": Buffer.alloc(0),
      b: Buffer.from("text"),
    };
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const archive = execFileSync("tar", ["-c", "--format=ustar", "inner", "b"], { cwd: folder });
    expect(Object.fromEntries(tarFiles("x.tar", archive))).toEqual(files);
    const changed = Buffer.from(archive);
    changed[0] ^= 1;
    expect(() => tarFiles("x.tar", changed)).toThrow("data.load: x.tar is damaged: at byte 0");
    // The first file's 1,300 bytes are cut off, wherever in the archive they begin.
    const header = archive.indexOf("inner/a.bin");
    expect(() => tarFiles("x.tar", archive.subarray(0, header + 1024))).toThrow(`at byte ${header}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("parts: five batches to train on, in their order, and one to test", () => {
  const names = [
    "test_batch",
    "data_batch_3",
    "data_batch_1",
    "data_batch_5",
    "data_batch_2",
    "data_batch_4",
  ];
  const files = new Map(
    names.map((name) => [`cifar-10-batches-bin/${name}.bin`, Uint8Array.of(Number(name.at(-1)) || 0)]),
  );
  expect(filesOf("training", files).map(([first]) => first)).toEqual([1, 2, 3, 4, 5]);
  expect(filesOf("test", files).map(([first]) => first)).toEqual([0]);
  files.delete("cifar-10-batches-bin/data_batch_4.bin");
  expect(() => filesOf("training", files)).toThrow(
    "data.load: cifar-10/cifar-10-binary.tar.gz holds no data_batch_4.bin",
  );
});

test("records: a label and three planes become images whose colours stand together", () => {
  const record = (label: number, start: number): number[] => [
    label,
    ...[0, 1, 2].flatMap((channel) =>
      Array.from({ length: 1024 }, (_, pixel) => (start + 80 * channel + pixel) % 256),
    ),
  ];
  const dataset = cifarRecords([
    Uint8Array.from([...record(3, 0), ...record(9, 5)]),
    Uint8Array.from(record(0, 7)),
  ]);
  expect([dataset.inputs.shape, [...(dataset.classes ?? [])]]).toEqual([
    [3, 32, 32, 3],
    [3, 9, 0],
  ]);
  const at = (image: number, row: number, column: number): number[] => {
    const place = ((image * 32 + row) * 32 + column) * 3;
    return [...dataset.inputs.data.subarray(place, place + 3)];
  };
  expect(at(0, 0, 0)).toEqual([0, 80, 160]);
  expect(at(1, 0, 1)).toEqual([6, 86, 166]);
  expect(at(2, 1, 2)).toEqual([41, 121, 201]);
  expect(dataset.classNames?.[9]).toBe("truck");
  expect(() => cifarRecords([new Uint8Array(3072)])).toThrow("3072 bytes are no whole number");
});
