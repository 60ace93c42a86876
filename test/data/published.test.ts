/** Data sets that are downloaded on first use: what is asked of which server, without asking any. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { filesRead } from "../../src/data/filesRead.ts";
import { csv, idx, load } from "../../src/data/index.ts";
import { filesOf } from "../../src/data/mnist.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradbook-published-"));
  vi.stubEnv("GRADBOOK_DATASETS", folder);
  vi.stubGlobal("fetch", () => Promise.reject(new Error("offline")));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true });
});

test.each([
  ["mnist", undefined, "https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz"],
  ["mnist", "training", "https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz"],
  ["mnist", "test", "https://storage.googleapis.com/cvdf-datasets/mnist/t10k-images-idx3-ubyte.gz"],
  ["fashion-mnist", "training", "/fashion-mnist/master/data/fashion/train-images-idx3-ubyte.gz"],
  ["fashion-mnist", "test", "/fashion-mnist/master/data/fashion/t10k-images-idx3-ubyte.gz"],
  ["cifar-10", "test", "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"],
] as const)("%s, part %s, offline: the error says what to get where", async (name, part, url) => {
  await expect(load(name, part && { part })).rejects.toThrow(`${url}: offline`);
});

test("the files of a part, images and labels", () => {
  const published = { images: [3, "a", "b"], labels: [1, "c", "d"] } as const;
  expect(filesOf("set", ["https://one/", "https://two/"], published, "test")).toEqual({
    images: {
      path: "set/t10k-images-idx3-ubyte.gz",
      urls: ["https://one/t10k-images-idx3-ubyte.gz", "https://two/t10k-images-idx3-ubyte.gz"],
      size: 3,
      sha256: "a",
      contentsMd5: "b",
    },
    labels: {
      path: "set/t10k-labels-idx1-ubyte.gz",
      urls: ["https://one/t10k-labels-idx1-ubyte.gz", "https://two/t10k-labels-idx1-ubyte.gz"],
      size: 1,
      sha256: "c",
      contentsMd5: "d",
    },
  });
});

test("the checksum of every file that was read is noted, of the user's own too", async () => {
  const files = {
    "own.csv": Buffer.from("a,b\n1,2\n"),
    "own.idx": Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]),
  };
  const paths = Object.entries(files).map(([name, bytes]) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return [path, createHash("sha256").update(bytes).digest("hex")] as const;
  });
  await csv(paths[0][0]);
  await idx(paths[1][0]);
  expect(filesRead()).toMatchObject(Object.fromEntries(paths));
});
