/** Requests that are answered at once, whatever the main thread is doing. */
import { createRequire } from "node:module";
import { toCodePoints, toUnits } from "./codePoints.ts";
import type { RemoteCompiler } from "./compilerProcess.ts";
import { errorContent } from "./execution.ts";
import { inspectionBundle, type DetailLevel } from "./inspection.ts";

const nodeRequire = createRequire(import.meta.url);
const versionOf = (manifest: string): string => (nodeRequire(manifest) as { version: string }).version;
const gradbookVersion = versionOf("../../../package.json");
const typescriptVersion = versionOf("typescript/package.json");

export function kernelInfo(): Record<string, unknown> {
  return {
    status: "ok",
    protocol_version: "5.4",
    implementation: "gradbook",
    implementation_version: gradbookVersion,
    language_info: {
      name: "typescript",
      version: typescriptVersion,
      mimetype: "text/typescript",
      file_extension: ".ts",
      codemirror_mode: { name: "javascript", typescript: true },
      pygments_lexer: "typescript",
    },
    banner: `gradbook ${gradbookVersion}: TypeScript for gradient methods, on Node ${process.version}`,
    help_links: [],
    supported_features: [],
    debugger: false,
  };
}

export interface CursorRequest {
  code: string;
  /** In Unicode code points. */
  cursor_pos: number;
}

export async function completeReply(
  { code, cursor_pos }: CursorRequest,
  complete: RemoteCompiler["complete"],
): Promise<Record<string, unknown>> {
  const { start, end, entries } = await complete(code, toUnits(code, cursor_pos));
  const cursor_start = toCodePoints(code, start);
  const cursor_end = toCodePoints(code, end);
  return {
    status: "ok",
    matches: entries.map(({ text }) => text),
    cursor_start,
    cursor_end,
    metadata: {
      _jupyter_types_experimental: entries.map(({ text, kind }) => ({
        text,
        type: kind,
        start: cursor_start,
        end: cursor_end,
      })),
    },
  };
}

export interface InspectRequest extends CursorRequest {
  detail_level?: DetailLevel;
}

export async function inspectReply(
  { code, cursor_pos, detail_level = 0 }: InspectRequest,
  inspect: RemoteCompiler["inspect"],
): Promise<Record<string, unknown>> {
  const found = await inspect(code, toUnits(code, cursor_pos));
  const data = found ? inspectionBundle(found, detail_level) : {};
  return { status: "ok", found: found !== undefined, data, metadata: {} };
}

/** To a request that the kernel failed to answer. */
export const failureReply = ({ name, message, stack = "" }: Error): Record<string, unknown> => ({
  status: "error",
  ...errorContent({ name, message, traceback: stack.split("\n") }),
});

/** To a request of a type that nothing here answers. */
export const unknownReply = (type: string): Record<string, unknown> => ({
  status: "error",
  ...errorContent({
    name: "NotImplementedError",
    message: `gradbook does not answer ${type}`,
    traceback: [],
  }),
});
