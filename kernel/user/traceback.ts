/** Errors in the user's terms: positions in cells as written, and no frame that is ours or Node's. */
import { SourceMap } from "node:module";
import { inspect, types } from "node:util";
import type { Failure, Script } from "../channel.ts";
import { asWritten } from "../names.ts";
import { InterruptedError } from "./cell.ts";

/** Taken before cells may replace it, and before an interrupt makes it throw. */
const parseJson = JSON.parse;

const scheme = "gradbook:cell/";
const kernelDirectory = new URL("../", import.meta.url).href;
const packageDirectory = new URL("../../", import.meta.url).href;

interface CellScript {
  label: string;
  lines: string[];
  /** Absent where every place is where it was written. */
  sourceMap?: string;
  parsed?: SourceMap;
}

/** A place in a cell; line and column count from 1. */
interface CellPosition {
  script: CellScript;
  line: number;
  column: number;
}

const scripts = new Map<string, CellScript>();
let evaluations = 0;

/** Remember a cell's source; the URL that its evaluated script must carry. */
export function registerScript({ label, code, sourceMap }: Script): string {
  const url = `${scheme}${++evaluations}`;
  scripts.set(url, { label, lines: code.split("\n"), sourceMap });
  return url;
}

/** Remember a local module's source, under the URL that Node loads it by; its label is its path from the notebook. */
export function registerModule(url: string, label: string, code: string, sourceMap?: string): void {
  scripts.set(url, { label, lines: code.split("\n"), ...(sourceMap !== undefined && { sourceMap }) });
}

function cellPosition(url: string, line: number, column: number): CellPosition | undefined {
  const script = scripts.get(url);
  if (!script) return undefined;
  if (script.sourceMap === undefined) return { script, line, column };
  script.parsed ??= new SourceMap(parseJson(script.sourceMap));
  const entry = script.parsed.findEntry(line - 1, column - 1);
  if (!("originalLine" in entry)) return { script, line: 1, column: 1 };
  return { script, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

const describe = ({ script, line }: CellPosition): string => `${script.label}, line ${line}`;

/** Where each error was made, innermost cell frame; kept beside the error because its stack is only text. */
const origins = new WeakMap<Error, CellPosition>();

/** The top-level `await` that each error came out of, as an error made there; its stack is read only if need be. */
const awaitedAt = new WeakMap<object, Error>();

export function noteAwait(error: unknown, place: Error): void {
  if (typeof error === "object" && error !== null && !awaitedAt.has(error)) awaitedAt.set(error, place);
}

/** Where the cell awaited what failed. */
function awaitPosition(error: object): CellPosition | undefined {
  const place = awaitedAt.get(error);
  // Formatting the stack is what finds the cell's frame in it.
  return place?.stack === undefined ? undefined : origins.get(place);
}

/** The stack as users read it, in `error.stack` too: V8 calls this when a stack is first read. */
export function installStackFormat(): void {
  Error.prepareStackTrace = (error, frames) => {
    const lines: string[] = [];
    for (const frame of frames) {
      const url = frame.getScriptNameOrSourceURL() ?? "";
      // Below the call into the inspector lies only how the kernel got there.
      if (url === "node:inspector") break;
      if (url.startsWith(kernelDirectory) || url.startsWith("node:internal/")) continue;
      const position = cellPosition(url, frame.getLineNumber() ?? 1, frame.getColumnNumber() ?? 1);
      if (frame.isEval() && url === "") {
        lines.push(`    at evaluated code, line ${frame.getLineNumber()}`);
        continue;
      }
      if (!position) {
        lines.push(`    at ${frame}`);
        continue;
      }
      if (!origins.has(error)) origins.set(error, position);
      const name = asWritten(frame.getFunctionName() ?? "");
      lines.push(`    at ${name ? `${name} (${describe(position)})` : describe(position)}`);
    }
    return [headline(error), ...lines].join("\n");
  };
}

function headline(error: Error): string {
  const { name, message } = error;
  return asWritten(message ? `${name}: ${message}` : name);
}

/** The failing line with its neighbours, an arrow at the line and a caret under the column. */
function excerpt(position: CellPosition): string[] {
  const { lines } = position.script;
  const first = Math.max(1, position.line - 2);
  const width = String(position.line).length;
  const shown = lines.slice(first - 1, position.line).map((text, at) => {
    const line = first + at;
    return `${line === position.line ? ">" : " "} ${String(line).padStart(width)} | ${text}`;
  });
  const caret = `  ${" ".repeat(width)} | ${" ".repeat(position.column - 1)}^`;
  return [`${describe(position)}:`, ...shown, caret];
}

const isEngines = (line: string): boolean => /\((<anonymous>|index \d+)\)$/.test(line);

/** Frames that help the reader: their cells and files and what these call, not the library's inside and not Node's. */
function forReader(frames: string[]): string[] {
  let callerKept = false;
  return frames.reduceRight<string[]>((kept, line) => {
    // An engine's function, such as Array.map, goes with the one that called it.
    callerKept = isEngines(line) ? callerKept : !/\(?node:/.test(line) && !line.includes(packageDirectory);
    return callerKept ? [line, ...kept] : kept;
  }, []);
}

/** Frame lines of an error, the cell's top-level `await` among them. */
function framesOf(error: Error): string[] {
  const all = String(error.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line));
  const helpful = forReader(all);
  const awaited = awaitPosition(error);
  const place = awaited && describe(awaited);
  if (
    place !== undefined &&
    !helpful.some((line) => line.endsWith(` ${place}`) || line.endsWith(`(${place})`))
  )
    helpful.push(`    at async ${place}`);
  return folded(helpful.length > 0 || error instanceof InterruptedError ? helpful : all);
}

/** A recursion's frames as one. */
function folded(frames: string[]): string[] {
  const kept: string[] = [];
  for (let first = 0, next = 0; first < frames.length; first = next) {
    while (next < frames.length && frames[next] === frames[first]) next++;
    kept.push(`${frames[first]}${next - first > 2 ? `, ${next - first} times` : ""}`);
    if (next - first === 2) kept.push(frames[first]!);
  }
  return kept;
}

/** Errors of other realms too, as `vm` makes them. */
const isError = (value: unknown): value is Error => value instanceof Error || types.isNativeError(value);

/** What an error carries besides its message, such as `{ status: 404 }`. */
function details(error: Error): string[] {
  // Node's own say it in their message.
  if ("syscall" in error) return [];
  const {
    name: _,
    message: _message,
    stack: _stack,
    cause: _cause,
    errors: _errors,
    ...own
  } = error as Error & {
    errors?: unknown;
  };
  return Object.keys(own).length > 0
    ? [`  ${inspect(own, { depth: 2, breakLength: 100, maxStringLength: 500 })}`]
    : [];
}

/** For messages; never throws, whatever was thrown. */
export function describeFailure(thrown: unknown): Failure {
  try {
    return describeThrown(thrown);
  } catch {
    const message = "a value that cannot be read: its own code throws when it is looked at";
    return { name: "Thrown", message, traceback: [`Thrown: ${message}`] };
  }
}

function describeThrown(thrown: unknown): Failure {
  if (!isError(thrown)) {
    const message = typeof thrown === "string" ? thrown : inspect(thrown);
    const position = typeof thrown === "object" && thrown !== null ? awaitPosition(thrown) : undefined;
    const where = position ? [`    at ${describe(position)}`, "", ...excerpt(position)] : [];
    return { name: "Thrown", message, traceback: [`Thrown: ${message}`, ...where] };
  }
  const traceback = [headline(thrown), ...framesOf(thrown), ...details(thrown)];
  const position = origins.get(thrown) ?? awaitPosition(thrown);
  if (position) traceback.push("", ...excerpt(position));
  traceback.push(...reasons(thrown, new Set([thrown])));
  return { name: String(thrown.name), message: asWritten(String(thrown.message)), traceback };
}

/** What an error was made from: the errors it gathers, its cause, and theirs. */
function reasons(error: Error, told: Set<unknown>): string[] {
  const tell = (introduction: string, reason: unknown): string[] => {
    if (told.has(reason)) return [];
    if (!isError(reason)) return [`${introduction}: ${inspect(reason)}`];
    told.add(reason);
    return [
      `${introduction}: ${headline(reason)}`,
      ...framesOf(reason),
      ...details(reason),
      ...reasons(reason, told),
    ];
  };
  const gathered =
    error instanceof AggregateError ? error.errors.flatMap((each) => tell("One of them", each)) : [];
  return error.cause === undefined ? gathered : [...gathered, ...tell("Caused by", error.cause)];
}
