import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test, vi } from "vitest";
import { load } from "../../src/data/index.ts";
import * as random from "../../src/random/index.ts";
import { tensor } from "../../src/tensor/tensor.ts";
import * as track from "../../src/tracking/index.ts";
import { temporaryFolder } from "./folder.ts";

test("a run is read back as it was recorded", async () => {
  const folder = temporaryFolder();
  await load("digits");
  random.seed(5);
  const run = track.run("digits", {
    folder,
    params: { learningRate: 0.01, layers: [64, 32], optimizer: { name: "Adam" } },
    tags: ["baseline"],
    notes: "first try",
  });
  run.log({ loss: 2.5, accuracy: 0.1 }, { step: 1 });
  run.log({ loss: 1.25 });
  run.log({ loss: 1.5, accuracy: 0.4 }, { step: 10 });
  run.tag("kept", "baseline");
  run.note("the second was better");
  run.addParams({ learningRate: 0.02 });
  run.text("sample", "once upon\na time", { step: 10 });
  expect(track.open(run.id, { folder }).status).toBe("running");
  run.finish();

  const stored = track.open(run.id, { folder });
  expect([stored.name, stored.status, stored.seed]).toEqual(["digits", "finished", 5]);
  expect(stored.flatParams).toEqual({ learningRate: 0.02, layers: "[64,32]", "optimizer.name": "Adam" });
  expect(stored.tags).toEqual(["baseline", "kept"]);
  expect(stored.notes).toBe("the second was better");
  expect(stored.texts).toEqual([{ name: "sample", text: "once upon\na time", step: 10 }]);
  expect(stored.metrics).toEqual({
    loss: { count: 3, last: 1.5, lastStep: 10, min: 1.25, max: 2.5 },
    accuracy: { count: 2, last: 0.4, lastStep: 10, min: 0.1, max: 0.4 },
  });
  expect([...stored.curve("loss").steps]).toEqual([1, 2, 10]);
  expect([...stored.curve("loss").values]).toEqual([2.5, 1.25, 1.5]);
  expect(stored.datasets["digits/digits.csv.gz"]).toMatch(/^[0-9a-f]{64}$/);
  expect(stored.versions).toMatchObject({
    node: process.versions.node,
    gradbook: expect.stringMatching(/^\d/),
  });
  expect(stored.duration).toBeGreaterThanOrEqual(0);
  expect(Math.abs(Date.now() - stored.started.getTime())).toBeLessThan(60_000);
});

test("numbers come back bit for bit, NaN and infinities too", () => {
  const folder = temporaryFolder();
  const run = track.run("exact", { folder });
  const values = [0.1 + 0.2, 5e-324, 1.7976931348623157e308, -1 / 3, NaN, Infinity, -Infinity, 0];
  values.forEach((x, index) => run.log({ x }, { step: index }));
  run.finish();
  const stored = track.open(run.id, { folder });
  expect([...stored.curve("x").values]).toEqual(values);
  expect(stored.metrics["x"]).toMatchObject({ count: 8, last: 0, min: -1 / 3, max: 1.7976931348623157e308 });
});

test("a line a step: at once, or with those that follow closely, which a reader here finds already", async () => {
  const folder = temporaryFolder();
  const run = track.run("lines", { folder });
  run.log({ loss: 1 });
  const [file] = readdirSync(run.folder).filter((name) => name.startsWith("metrics."));
  const read = (): string => readFileSync(join(run.folder, file), "utf8");
  expect(read()).toMatch(/^\{"step":1,"time":\d+,"loss":1\}\n$/);
  run.log({ loss: 0.5, accuracy: 1 });
  expect([...track.open(run.id, { folder }).curve("loss").values]).toEqual([1, 0.5]);
  run.log({ loss: 0.25 });
  await vi.waitFor(() => expect(read().split("\n")).toHaveLength(4), 20_000);
  run.log({ loss: 0.125 });
  run.finish();
  expect(read().split("\n")).toHaveLength(5);
});

test("histograms of lists and tensors, and as others made them", () => {
  const folder = temporaryFolder();
  const run = track.run("histograms", { folder });
  run.log({ loss: 1 }, { step: 7 });
  run.histogram("list", [0, 1, 1, 4], { bins: 4 });
  run.histogram("tensor", tensor([1, 2, 3, 4]), { step: 9, bins: 2 });
  run.histogram("made", { low: -1, high: 1, counts: [3, 4] }, { step: 8 });
  run.finish();
  expect(track.open(run.id, { folder }).histograms()).toMatchObject([
    { name: "list", step: 7, low: 0, high: 4, counts: [1, 2, 0, 1] },
    { name: "made", step: 8, low: -1, high: 1, counts: [3, 4] },
    { name: "tensor", step: 9, low: 1, high: 4, counts: [2, 2] },
  ]);
});

/** SHA-256 as FIPS 180-2 gives it for "abc", and of two other texts as `sha256sum` tells it. */
const sums = {
  abc: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  hello: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
  "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
};

test("artifacts are copies of files and folders, or contents at hand, each with size and SHA-256 in the record", () => {
  const folder = temporaryFolder();
  const run = track.run("artifacts", { folder });
  writeFileSync(join(folder, "weights.bin"), "abc");
  mkdirSync(join(folder, "set", "inner"), { recursive: true });
  writeFileSync(join(folder, "set", "inner", "empty"), "");
  writeFileSync(join(folder, "set", "hello.txt"), "hello");
  run.artifact(join(folder, "weights.bin"));
  run.artifact(join(folder, "set"));
  run.artifact("texts/sample.txt", { contents: "hello" });
  // Written by others, such as `train.checkpoint`: known when the run ends.
  writeFileSync(run.artifactPath("best.bin"), "abc");
  expect(
    track
      .open(run.id, { folder })
      .artifacts()
      .map(({ sha256 }) => sha256),
  ).toEqual([undefined, ...[sums.hello, sums[""], sums.hello, sums.abc]]);
  run.finish();
  const artifacts = track.open(run.id, { folder }).artifacts();
  expect(artifacts.map(({ name, bytes, sha256 }) => [name, bytes, sha256])).toEqual([
    ["best.bin", 3, sums.abc],
    ["set/hello.txt", 5, sums.hello],
    ["set/inner/empty", 0, sums[""]],
    ["texts/sample.txt", 5, sums.hello],
    ["weights.bin", 3, sums.abc],
  ]);
  expect(readFileSync(artifacts[3].path, "utf8")).toBe("hello");
});

test("an artifact kept again takes the place of the one before, a folder as a whole", () => {
  const folder = temporaryFolder();
  const run = track.run("again", { folder });
  const source = join(folder, "source");
  mkdirSync(source);
  writeFileSync(join(source, "old.txt"), "abc");
  writeFileSync(join(source, "both.txt"), "abc");
  run.artifact(source);
  run.artifact("note.txt", { contents: "abc" });
  rmSync(join(source, "old.txt"));
  writeFileSync(join(source, "both.txt"), "hello");
  run.artifact(source);
  run.artifact("note.txt", { contents: "hello" });
  run.finish();
  // A writer that comes later and changes one, under the same name.
  const later = track.resume(run.id, { folder });
  writeFileSync(later.artifactPath("note.txt"), "abc");
  later.finish();
  const artifacts = track.open(run.id, { folder }).artifacts();
  expect(artifacts.map(({ name, sha256 }) => [name, sha256])).toEqual([
    ["note.txt", sums.abc],
    ["source/both.txt", sums.hello],
  ]);
  expect(readdirSync(run.folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("an artifact may not leave the run's folder, and a missing file is an error", () => {
  const run = track.run("artifacts", { folder: temporaryFolder() });
  expect(() => run.artifact("../x", { contents: "" })).toThrow(
    'the name "../x" leads out of the run\'s folder',
  );
  expect(() => run.artifact("no such file")).toThrow(
    `there is no file or folder ${resolve("no such file")}; { contents } keeps what is at hand`,
  );
  expect(() => run.artifact(join(run.folder, ".."), { name: "all" })).toThrow("holds the run's own folder");
  run.finish();
});

test("a run in a repository keeps commit, branch, changes and the difference", async () => {
  const folder = temporaryFolder();
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], {
      cwd: folder,
      encoding: "utf8",
    });
  git("init", "--quiet", "--initial-branch=trunk");
  writeFileSync(join(folder, "a.txt"), "one\n");
  git("add", "a.txt");
  git("commit", "--quiet", "-m", "first");
  writeFileSync(join(folder, "a.txt"), "two\n");
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(folder);
  const run = track.run("in git", { folder: join(folder, "runs") });
  cwd.mockRestore();
  await vi.waitFor(
    () => expect(track.open(run.id, { folder: join(folder, "runs") }).git).not.toBeNull(),
    20_000,
  );
  run.finish();
  const stored = track.open(run.id, { folder: join(folder, "runs") });
  expect(stored.git).toMatchObject({ commit: git("rev-parse", "HEAD").trim(), branch: "trunk" });
  expect(stored.git?.changes).toContain(" M a.txt");
  expect(stored.diff()).toContain("-one\n+two");
});

test("resuming adds a writer that counts on; several may write at once", () => {
  const folder = temporaryFolder();
  const first = track.run("long", { folder });
  first.log({ loss: 3 });
  first.log({ loss: 2 });
  first.finish("interrupted");
  const [second, third] = [track.resume(first.id, { folder }), track.resume(first.id.slice(-8), { folder })];
  second.log({ loss: 1 });
  third.log({ loss: 0.5 }, { step: 4 });
  second.finish();
  expect(track.open(first.id, { folder }).status).toBe("running");
  third.finish();
  const stored = track.open(first.id, { folder });
  expect(stored.status).toBe("finished");
  expect([...stored.curve("loss").steps]).toEqual([1, 2, 3, 4]);
  expect([...stored.curve("loss").values]).toEqual([3, 2, 1, 0.5]);
});

test("using finishes a run, and what comes after its end is an error that says how to go on", () => {
  const folder = temporaryFolder();
  let id: string;
  let ended: track.Run;
  {
    using run = track.run("scoped", { folder });
    ({ id } = run);
    ended = run;
  }
  expect(track.open(id, { folder }).status).toBe("finished");
  expect(() => ended.log({ loss: 1 })).toThrow(
    `has ended (finished); go on with it by track.resume("${id}")`,
  );
});

test("a run that failed says why", () => {
  const folder = temporaryFolder();
  const run = track.run("bad", { folder });
  run.finish("failed", "the loss was NaN");
  expect(track.open(run.id, { folder })).toMatchObject({ status: "failed", reason: "the loss was NaN" });
});

test.each([
  [() => track.run(""), 'track.run: the first argument is the run\'s name, got ""'],
  [() => track.run("x", { params: { f: () => 1 } }), "track.run: params.f must be a number, text,"],
  [() => track.run("x", { params: { a: { t: tensor([1]) } } }), "params.a.t must be a number"],
  [
    () => track.run("x", { tags: "t" as unknown as string[] }),
    'tags must be texts, such as ["baseline"], got "t"',
  ],
])("a mistake is told before anything is written, case %#", (start, message) => {
  const folder = temporaryFolder();
  vi.stubEnv("GRADBOOK_RUNS", folder);
  expect(start).toThrow(message);
  expect(readdirSync(folder)).toEqual([]);
  vi.unstubAllEnvs();
});

test.each([
  [{ loss: "1" }, 'run.log: "loss" must be a number, got "1"'],
  [
    { loss: tensor(1) },
    '"loss" must be a number, got a Tensor; a scalar tensor gives its number with .item()',
  ],
  [{ step: 1 }, '"step" is what each line has already; give it as { step }'],
])("log refuses %j", (values, message) => {
  const run = track.run("checks", { folder: temporaryFolder() });
  expect(() => run.log(values as unknown as Record<string, number>)).toThrow(message);
  expect(() => run.log({ loss: 1 }, { step: NaN })).toThrow("step must be a finite number");
  expect(existsSync(run.folder)).toBe(true);
  run.finish();
});
