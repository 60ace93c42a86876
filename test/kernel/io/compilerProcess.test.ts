import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { startCompiler } from "../../../kernel/io/compilerProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "gradbook-compiler-"));
const names = vi.hoisted(() => ({ compilerProgram: "", compilerSnapshot: "" }));
vi.mock("../../../kernel/names.ts", () => names);

// It answers with all that it has been asked so far, and dies when it is told to.
const program = `
  const { createInterface } = require("node:readline");
  const asked = [];
  createInterface({ input: process.stdin }).on("line", (line) => {
    const [name, code] = JSON.parse(line);
    if (code === "die") process.kill(process.pid, "SIGKILL");
    if (code === "fail") return console.log(JSON.stringify({ failure: { message: "no such thing" } }));
    asked.push(code);
    const emitted = code.startsWith("wrong") ? undefined : { cell: { javaScript: asked.join(), sourceMap: "" }, expressions: {} };
    console.log(JSON.stringify({ value: name === "compile" ? { complaints: [], emitted } : asked.join() }));
  });`;

beforeEach(() => {
  names.compilerProgram = join(folder, "compiler.cjs");
  names.compilerSnapshot = join(folder, "compiler.blob");
  writeFileSync(names.compilerProgram, program);
  rmSync(names.compilerSnapshot, { force: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

const started = () => {
  const compiler = startCompiler();
  return {
    ...compiler,
    run: async (code: string) => (await compiler.compile(code, {})).emitted?.cell.javaScript,
  };
};

test("answers come in the order of the questions", async () => {
  const { run } = started();
  expect(await Promise.all([run("a"), run("b"), run("c")])).toEqual(["a", "a,b", "a,b,c"]);
});

test("what a method throws is thrown to whoever asked", async () => {
  const { run } = started();
  await expect(run("fail")).rejects.toThrow("no such thing");
  expect(await run("a")).toBe("a");
});

test("a compiler that dies is replaced by one that knows the cells that were right", async () => {
  const { run } = started();
  expect(await run("a")).toBe("a");
  expect(await run("wrong")).toBeUndefined();
  expect(await run("b")).toBe("a,wrong,b");
  const [dying, after] = await Promise.allSettled([run("die"), run("c")]);
  expect(dying).toMatchObject({
    status: "rejected",
    reason: { name: "CompilerError", message: expect.stringContaining("SIGKILL") as string },
  });
  expect(after).toMatchObject({ status: "fulfilled", value: "a,b,c" });
});

test("a compiler that cannot be started fails each question and is tried again with the next", async () => {
  writeFileSync(names.compilerProgram, "process.exit(3)");
  const { run } = started();
  await expect(run("a")).rejects.toThrow("exit code 3");
  writeFileSync(names.compilerProgram, program);
  expect(await run("b")).toBe("b");
});

test("a snapshot that this Node does not take is passed over", async () => {
  writeFileSync(names.compilerSnapshot, "not a snapshot");
  expect(await started().run("a")).toBe("a");
});
