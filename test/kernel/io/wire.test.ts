import { describe, expect, test, vi } from "vitest";
import { createWire, WireError, type Message } from "../../../kernel/io/wire.ts";

const message: Message = {
  identities: [Buffer.from([0, 1, 2])],
  header: {
    msg_id: "m1",
    session: "s",
    username: "u",
    date: "2026-01-01T00:00:00.000Z",
    msg_type: "execute_request",
    version: "5.4",
  },
  parentHeader: {},
  metadata: { a: 1 },
  content: { code: "1 + 1 // ü" },
  buffers: [Buffer.from("bytes")],
};

describe("wire", () => {
  test("a message comes back as it was sent, and only once", () => {
    const frames = createWire("key").encode(message);
    const receiver = createWire("key");
    expect(receiver.decode(frames)).toEqual(message);
    expect(() => receiver.decode(frames)).toThrow("came before");
  });

  test("the signature is HMAC-SHA256 over the four JSON frames", () => {
    const frames = createWire("key").encode({
      ...message,
      metadata: {},
      content: {},
      identities: [],
      buffers: [],
    });
    // python: hmac.new(b"key", header + b"{}{}{}", "sha256").hexdigest()
    expect(frames[1]?.toString()).toBe("82454ed720b4246f7a9a10995ad45a99760a2bbb4f98f014376463a3bc67cbf5");
  });

  test.each([2, 3, 4, 5])("a change in signed frame %i is refused before it is parsed", (frame) => {
    const frames = createWire("key").encode({ ...message, identities: [] });
    frames[frame] = Buffer.from("{ not JSON");
    expect(() => createWire("key").decode(frames)).toThrow("wrong signature");
  });

  test("under another key nothing is parsed, not even what could be", () => {
    const frames = createWire("key").encode(message);
    const parse = vi.spyOn(JSON, "parse");
    try {
      expect(() => createWire("other").decode(frames)).toThrow(WireError);
      expect(parse).not.toHaveBeenCalled();
      createWire("key").decode(frames);
      expect(parse).toHaveBeenCalledTimes(4);
    } finally {
      parse.mockRestore();
    }
  });

  test("an empty key means unsigned messages", () => {
    const frames = createWire("").encode(message);
    expect(createWire("").decode(frames).content).toEqual(message.content);
  });

  test.each([
    ["no delimiter", [Buffer.from("x")]],
    ["too few frames", [Buffer.from("<IDS|MSG>"), Buffer.from(""), Buffer.from("{}")]],
    ["a frame that is not JSON", ["<IDS|MSG>", "", "{", "{}", "{}", "{}"].map((each) => Buffer.from(each))],
    [
      "a frame that is not an object",
      ["<IDS|MSG>", "", "[]", "{}", "{}", "{}"].map((each) => Buffer.from(each)),
    ],
    ["a header without a type", ["<IDS|MSG>", "", "{}", "{}", "{}", "{}"].map((each) => Buffer.from(each))],
  ])("%s is a WireError", (_, frames) => {
    expect(() => createWire("").decode(frames)).toThrow(WireError);
  });
});
