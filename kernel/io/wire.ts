/**
 * Jupyter messages as ZeroMQ frames: signed when they leave, verified before anything in them is parsed.
 *     [identities…, "<IDS|MSG>", signature, header, parent header, metadata, content, buffers…]
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
import { createHmac, timingSafeEqual } from "node:crypto";

export interface Header {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
}

export interface Message {
  /** Routing frames in front of the delimiter; on iopub, the topic. */
  identities: Buffer[];
  header: Header;
  /** The header of the request that this message answers; empty where there is none. */
  parentHeader: Header | Record<string, never>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  buffers: Buffer[];
}

const delimiter = Buffer.from("<IDS|MSG>");
const signedFrames = 4;

/** How many signatures are remembered, so that a recorded message cannot be played again. */
const rememberedSignatures = 65_536;

export interface Wire {
  /** Frames of a message, signed. */
  encode(message: Message): Buffer[];
  /** The message in the frames. @throws WireError, and nothing has been parsed if the signature is wrong */
  decode(frames: Buffer[]): Message;
}

export class WireError extends Error {
  override name = "WireError";
}

/** Encoder and decoder under the connection file's key; an empty key means unsigned, as Jupyter defines it. */
export function createWire(key: string, scheme = "hmac-sha256"): Wire {
  const algorithm = scheme.replace(/^hmac-/, "");
  const seen = new Set<string>();

  const sign = (frames: Buffer[]): string => {
    if (key === "") return "";
    const hmac = createHmac(algorithm, key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest("hex");
  };

  const verify = (signature: Buffer, frames: Buffer[]): void => {
    if (key === "") return;
    const expected = Buffer.from(sign(frames));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
      throw new WireError("wrong signature");
    const digest = signature.toString("latin1");
    if (seen.has(digest)) throw new WireError("a message that came before");
    seen.add(digest);
    if (seen.size > rememberedSignatures) for (const oldest of seen) return void seen.delete(oldest);
  };

  return {
    encode(message) {
      const parts = [message.header, message.parentHeader, message.metadata, message.content];
      const frames = parts.map((part) => Buffer.from(JSON.stringify(part)));
      const signature = Buffer.from(sign(frames));
      return [...message.identities, delimiter, signature, ...frames, ...message.buffers];
    },

    decode(frames) {
      const at = frames.findIndex((frame) => frame.equals(delimiter));
      const signature = frames[at + 1];
      const signed = frames.slice(at + 2, at + 2 + signedFrames);
      if (at < 0 || !signature || signed.length < signedFrames) throw new WireError("too few frames");
      verify(signature, signed);
      const [header, parentHeader, metadata, content] = signed.map(parseObject);
      if (typeof header?.msg_type !== "string" || typeof header.msg_id !== "string")
        throw new WireError("a header without msg_type and msg_id");
      return {
        identities: frames.slice(0, at),
        header: header as unknown as Header,
        parentHeader: (parentHeader ?? {}) as Message["parentHeader"],
        metadata: metadata ?? {},
        content: content ?? {},
        buffers: frames.slice(at + 2 + signedFrames),
      };
    },
  };
}

function parseObject(frame: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString("utf8"));
  } catch {
    throw new WireError("a frame that is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new WireError("a frame that is not a JSON object");
  return value as Record<string, unknown>;
}
