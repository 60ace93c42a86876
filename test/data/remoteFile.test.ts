/** Downloads against a server on this machine that serves pieces, breaks off, and serves wrong bytes. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cifarImages } from "../../src/data/cifar10.ts";
import { idxImages } from "../../src/data/mnist.ts";
import { remoteFile, type RemoteFile } from "../../src/data/remoteFile.ts";
import { generator } from "../../src/random/index.ts";
import { connectHost, type Displayable, type Host, jupyterDisplay } from "../../src/util/host.ts";

const stream = generator(1);
const contents = Buffer.from(Array.from({ length: 50_000 }, () => stream.bits() & 63));
const published = gzipSync(contents, { level: 1 });
const half = Math.floor(published.length / 2);

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let folder: string;
let server: Server;
let answer: Answer;
/** The range header of each request, "all" without one. */
let requests: string[];
let shown: string[];
let interrupted: boolean;
let previous: Host;
let warnings: ReturnType<typeof vi.spyOn>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gradbook-datasets-"));
  process.env["GRADBOOK_DATASETS"] = folder;
  [requests, shown, interrupted] = [[], [], false];
  const note = (value: unknown): number =>
    shown.push(String((value as Displayable)[jupyterDisplay]()["text/plain"]));
  previous = connectHost({
    display: (value) => {
      note(value);
      return { update: note };
    },
    interrupted: () => interrupted,
    polling: () => () => {},
    whenCellEnds: () => {},
  });
  warnings = vi.spyOn(console, "warn").mockImplementation(() => {});
  answer = serve(published);
  server = createServer((request, response) => {
    requests.push(request.headers.range ?? "all");
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  connectHost(previous);
  warnings.mockRestore();
  delete process.env["GRADBOOK_DATASETS"];
  rmSync(folder, { recursive: true, force: true });
});

/** A server that knows ranges. */
const serve =
  (bytes: Buffer): Answer =>
  ({ headers }, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
    if (from >= bytes.length) return void response.writeHead(416).end();
    if (from === 0) return void response.end(bytes);
    response.writeHead(206, { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` });
    response.end(bytes.subarray(from));
  };

/** Promises all of it and hangs up once `length` bytes have reached the part. */
const breakOff =
  (length: number): Answer =>
  (_, response) => {
    response.writeHead(200, { "content-length": published.length });
    response.write(published.subarray(0, length));
    const part = `${target()}.${process.pid}.part`;
    const hangUp = (): void => {
      if (existsSync(part) && statSync(part).size === length) response.destroy();
      else if (!response.destroyed) setImmediate(hangUp);
    };
    hangUp();
  };

const url = (path = "a"): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`;
const file = (change: Partial<RemoteFile> = {}): RemoteFile => ({
  path: "set/numbers.gz",
  urls: [url()],
  size: published.length,
  sha256: createHash("sha256").update(published).digest("hex"),
  contentsMd5: createHash("md5").update(contents).digest("hex"),
  ...change,
});
const put = (name: string, bytes: Buffer): void => {
  mkdirSync(join(folder, "set"), { recursive: true });
  writeFileSync(join(folder, "set", name), bytes);
};
const inFolder = (): string[] => (existsSync(join(folder, "set")) ? readdirSync(join(folder, "set")) : []);
const target = (): string => join(folder, "set", "numbers.gz");
const ownPart = `numbers.gz.${process.pid}.part`;

describe("a first download", () => {
  test("gives the contents, keeps the file, shows how far it is; the second use needs no network", async () => {
    expect(await remoteFile(file())).toEqual(contents);
    expect(readFileSync(target())).toEqual(published);
    expect(inFolder()).toEqual(["numbers.gz"]);
    expect(shown[0]).toBe("numbers.gz · connecting · 0.0 of 0.0 MB, 0 %");
    expect(shown.at(-1)).toBe("numbers.gz · downloaded · 0.0 of 0.0 MB, 100 %");
    answer = (_, response) => response.destroy();
    expect(await remoteFile(file())).toEqual(contents);
    expect(requests).toEqual(["all"]);
  });

  test("comes in pieces of any size", async () => {
    answer = (_, response) => {
      for (let at = 0; at < published.length; at += 777) response.write(published.subarray(at, at + 777));
      response.end();
    };
    expect(await remoteFile(file())).toEqual(contents);
  });

  test("goes to the next address if the first has not got it", async () => {
    answer = (request, response) => {
      if (request.url === "/none") response.writeHead(404).end("not here");
      else response.end(published);
    };
    expect(await remoteFile(file({ urls: [url("none"), url("b")] }))).toEqual(contents);
    expect(requests).toEqual(["all", "all"]);
  });

  test("asked for twice at once is made once", async () => {
    const both = await Promise.all([remoteFile(file()), remoteFile(file())]);
    expect(both).toEqual([contents, contents]);
    expect(requests).toEqual(["all"]);
  });
});

describe("a download that breaks off", () => {
  test("fails, keeps its part, and the next attempt asks for the rest only", async () => {
    answer = breakOff(half);
    await expect(remoteFile(file())).rejects.toThrow("data.load: cannot download numbers.gz:");
    expect(shown.at(-1)).toContain("numbers.gz · not downloaded · ");
    expect(inFolder()).toEqual([ownPart]);
    expect(readFileSync(join(folder, "set", ownPart))).toEqual(published.subarray(0, half));
    answer = serve(published);
    expect(await remoteFile(file())).toEqual(contents);
    expect(requests).toEqual(["all", `bytes=${half}-`]);
    expect(inFolder()).toEqual(["numbers.gz"]);
  });

  test("goes on at the next address at once", async () => {
    answer = (request, response) =>
      (request.url === "/a" ? breakOff(half) : serve(published))(request, response);
    expect(await remoteFile(file({ urls: [url("a"), url("b")] }))).toEqual(contents);
    expect(requests).toEqual(["all", `bytes=${half}-`]);
  });

  test("goes on where a process that is no more left it, and leaves alone what a living one writes", async () => {
    // No process has so high a number.
    put("numbers.gz.999999999.part", published.subarray(0, half));
    put("numbers.gz.999999998.part", published.subarray(0, 10));
    put(`numbers.gz.${process.ppid}.part`, published.subarray(0, half + 9));
    expect(await remoteFile(file())).toEqual(contents);
    expect(requests).toEqual([`bytes=${half}-`]);
    expect(inFolder().toSorted()).toEqual(["numbers.gz", `numbers.gz.${process.ppid}.part`]);
  });

  test("starts again where the server knows no ranges, or answers with another one", async () => {
    put("numbers.gz.999999999.part", published.subarray(0, half));
    answer = (_, response) => response.end(published);
    expect(await remoteFile(file())).toEqual(contents);
    expect(requests).toEqual([`bytes=${half}-`]);
    rmSync(target());
    put("numbers.gz.999999999.part", published.subarray(0, half));
    answer = (_, response) => {
      response.writeHead(206, { "content-range": `bytes 0-${published.length - 1}/${published.length}` });
      response.end(published);
    };
    await expect(remoteFile(file())).rejects.toThrow("HTTP 206");
  });

  test("starts again if the part was of something else, or too long", async () => {
    put("numbers.gz.999999999.part", Buffer.alloc(half, 7));
    expect(await remoteFile(file())).toEqual(contents);
    expect(requests).toEqual([`bytes=${half}-`, "all"]);
    rmSync(target());
    put("numbers.gz.999999999.part", Buffer.concat([published, Buffer.from("more")]));
    expect(await remoteFile(file())).toEqual(contents);
    expect(requests.slice(2)).toEqual(["all"]);
  });

  test("a part that is complete needs no server", async () => {
    put("numbers.gz.999999999.part", published);
    expect(await remoteFile(file())).toEqual(contents);
    expect(requests).toEqual([]);
  });

  test("an interrupt ends it and keeps the part", async () => {
    answer = (_, response) => {
      response.writeHead(200, { "content-length": published.length });
      response.write(published.subarray(0, half), () => {
        interrupted = true;
        response.end(published.subarray(half));
      });
    };
    await expect(remoteFile(file({ urls: [url("a"), url("b")] }))).rejects.toThrow(
      /interrupted after \d+ of/,
    );
    expect(requests).toEqual(["all"]);
    expect(inFolder()).toEqual([ownPart]);
  });
});

describe("wrong bytes", () => {
  const wrong = Buffer.from(published);
  wrong[half] ^= 1;

  test.each([
    [
      "one bit changed",
      wrong,
      /wrong contents: \d+ bytes with SHA-256 [0-9a-f]{64}, expected \d+ with [0-9a-f]{64}/,
    ],
    ["too long", Buffer.concat([published, Buffer.from("x")]), /more than the \d+ bytes expected/],
    ["a page that says please log in", Buffer.from("<html>"), /it broke off after 6 of/],
  ])("%s: refused, and nothing is left that could be used", async (name, bytes, message) => {
    answer = (_, response) => response.end(bytes);
    await expect(remoteFile(file())).rejects.toThrow(message);
    expect(existsSync(target())).toBe(false);
    if (bytes.length >= published.length) expect(inFolder()).toEqual([]);
    answer = serve(published);
    expect(await remoteFile(file())).toEqual(contents);
    expect(name).toBeTruthy();
  });

  test("in the folder: warned of, and replaced by a sound download", async () => {
    put("numbers.gz", wrong);
    expect(await remoteFile(file())).toEqual(contents);
    expect(warnings).toHaveBeenCalledWith(
      `data.load: ${target()} is damaged or another file; downloading it`,
    );
    expect(readFileSync(target())).toEqual(published);
  });

  test.each([
    ["cut off", published.subarray(0, half)],
    ["empty", Buffer.alloc(0)],
    ["unzipped and changed", Buffer.concat([contents.subarray(1), Buffer.of(1)])],
  ])("in the folder, %s: never used, and named when there is no other", async (_, bytes) => {
    put("numbers.gz", bytes);
    answer = (_request, response) => response.writeHead(503).end();
    await expect(remoteFile(file())).rejects.toThrow(`${target()} is there, but is not that file`);
    expect(readFileSync(target())).toEqual(bytes);
  });
});

describe("files put there by hand", () => {
  test.each([
    ["as published", "numbers.gz", published],
    ["packed by another program", "numbers.gz", gzipSync(contents, { level: 9 })],
    ["unpacked", "numbers", contents],
    ["unpacked under the packed name", "numbers.gz", contents],
  ])("%s: used without a network", async (_, name, bytes) => {
    put(name, bytes);
    expect(await remoteFile(file())).toEqual(contents);
    expect(requests).toEqual([]);
  });

  test("where unpacked contents are not known, only the published file counts", async () => {
    put("numbers", contents);
    const { contentsMd5: _, ...strict } = file();
    expect(await remoteFile(strict)).toEqual(contents);
    expect(requests).toEqual(["all"]);
  });
});

test("offline: the error says what to get, from where, and where to put it", async () => {
  const { port } = server.address() as AddressInfo;
  const { size, sha256 } = file();
  const urls = [`http://127.0.0.1:${port}/a`, `http://127.0.0.1:${port}/b`];
  answer = (_, response) => response.destroy();
  const error: Error = await remoteFile(file({ urls })).then(
    () => new Error("it did not fail"),
    (thrown: Error) => thrown,
  );
  expect(error.message.split("\n")).toEqual([
    "data.load: cannot download numbers.gz:",
    expect.stringMatching(/^ {4}http:\/\/127\.0\.0\.1:\d+\/a: fetch failed \(.+\)$/),
    expect.stringMatching(/^ {4}http:\/\/127\.0\.0\.1:\d+\/b: fetch failed \(.+\)$/),
    `Without a connection: get numbers.gz (${size} bytes, SHA-256 ${sha256}) on another machine from`,
    `    ${urls[0]}`,
    `    ${urls[1]}`,
    `and save it as ${target()} (or unzipped, without .gz); ` +
      "or set GRADBOOK_DATASETS to a folder that holds set/numbers.gz.",
  ]);
  expect(readdirSync(folder)).toEqual([]);
});

test("a folder that cannot be made is named", async () => {
  writeFileSync(join(folder, "set"), "a file where the folder should be");
  await expect(remoteFile(file())).rejects.toThrow(`cannot make the folder ${join(folder, "set")}`);
  expect(requests).toEqual([]);
});

/** Files that the server has, by name, as a data set would ask for them. */
const publish = (files: Record<string, Buffer>): ((name: string) => RemoteFile) => {
  answer = (request, response) => serve(files[request.url!.slice(1)])(request, response);
  return (name) => ({
    path: `set/${name}`,
    urls: [url(name)],
    size: files[name].length,
    sha256: createHash("sha256").update(files[name]).digest("hex"),
  });
};

test("images and labels in IDX files, downloaded, become a data set in [0, 1]", async () => {
  const entry = publish({
    "images.gz": gzipSync(Buffer.from("000008030000000200000001000000020033ff00", "hex")),
    "labels.gz": gzipSync(Buffer.from("00000801000000020103", "hex")),
  });
  const files = { images: entry("images.gz"), labels: entry("labels.gz") };
  for (const requested of [2, 2]) {
    const dataset = await idxImages(files, ["a", "b"]);
    expect([dataset.inputs.shape, dataset.classes, dataset.classNames]).toEqual([
      [2, 1, 2, 1],
      Int32Array.of(1, 3),
      ["a", "b"],
    ]);
    expect([...dataset.batch([0, 1]).inputs.data]).toEqual([0, 0.2, 1, 0].map(Math.fround));
    expect(requests).toHaveLength(requested);
  }
});

test("an archive of CIFAR-10's records, whose download broke off and went on, becomes a data set in [0, 1]", async () => {
  const source = mkdtempSync(join(tmpdir(), "gradbook-cifar-"));
  try {
    const batches = join(source, "cifar-10-batches-bin");
    mkdirSync(batches);
    // One colour for each image, a fifth brighter from channel to channel.
    const record = (label: number): Buffer =>
      Buffer.concat([
        Buffer.of(label),
        ...[0, 1, 2].map((channel) => Buffer.from(Array.from({ length: 1024 }, () => 51 * channel + label))),
      ]);
    for (let batch = 1; batch <= 5; batch++)
      writeFileSync(join(batches, `data_batch_${batch}.bin`), Buffer.concat([record(batch), record(0)]));
    writeFileSync(join(batches, "test_batch.bin"), record(9));
    writeFileSync(join(batches, "readme.html"), "<html>");
    const archive = execFileSync("tar", ["-c", "--format=ustar", "cifar-10-batches-bin"], { cwd: source });
    const packed = gzipSync(archive);
    put("cifar.tar.gz.999999999.part", packed.subarray(0, 200));
    const file = publish({ "cifar.tar.gz": packed })("cifar.tar.gz");
    const training = await cifarImages(file, "training");
    expect(requests).toEqual(["bytes=200-"]);
    expect([training.inputs.shape, [...training.classes!]]).toEqual([
      [10, 32, 32, 3],
      [1, 0, 2, 0, 3, 0, 4, 0, 5, 0],
    ]);
    expect([...training.batch([4]).inputs.data.slice(-3)]).toEqual(
      [3, 54, 105].map((byte) => Math.fround(byte / 255)),
    );
    const test = await cifarImages(file, "test");
    expect([test.inputs.shape, [...test.classes!], test.classNames![9]]).toEqual([
      [1, 32, 32, 3],
      [9],
      "truck",
    ]);
    expect(requests).toHaveLength(1);
  } finally {
    rmSync(source, { recursive: true });
  }
});
