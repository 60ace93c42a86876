import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { address, type Connection, readConnection } from "../../../kernel/io/connection.ts";

const connection: Connection = {
  ...{ transport: "tcp", ip: "127.0.0.1", key: "secret", signature_scheme: "hmac-sha256" },
  ...{ shell_port: 1, control_port: 2, stdin_port: 3, hb_port: 4, iopub_port: 5 },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradbook-connection-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function file(content: object, mode: number): string {
  const path = join(folder, "kernel.json");
  writeFileSync(path, JSON.stringify(content));
  chmodSync(path, mode);
  return path;
}

test.each([
  [0o600, false],
  [0o640, true],
  [0o644, true],
])("a connection file of mode %o is the owner's alone afterwards, told of: %j", (mode, told) => {
  const warned = vi.spyOn(console, "error").mockReturnValue();
  const path = file(connection, mode);
  expect(readConnection(path)).toEqual(connection);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(warned).toHaveBeenCalledTimes(told ? 1 : 0);
  expect(String(warned.mock.calls)).not.toContain("secret");
});

test.each([
  { ...connection, key: "" },
  { ...connection, key: undefined },
])("without a key nobody is let in", (content) => {
  expect(() => readConnection(file(content, 0o600))).toThrow("has no key");
});

test("the kernel listens where the file says", () => {
  expect(address(connection, "shell")).toBe("tcp://127.0.0.1:1");
  expect(address({ ...connection, transport: "ipc", ip: "/tmp/kernel" }, "iopub")).toBe(
    "ipc:///tmp/kernel-5",
  );
});
