/**
 * A notebook's own compiler options: from the `tsconfig.json` beside it, and from comments at the top of its cells,
 * `// @noImplicitAny: true`. A comment's option is in force for its cell and, once that was right, for those after it.
 */
import { relative } from "node:path";
import ts from "typescript";
import { cellOptions, kindOfOption, namesForCells, strictOptions } from "./compilerOptions.ts";
import { complaintOf, type Complaint } from "./complaint.ts";

/** What a cell is checked with, or why its options cannot be. */
export interface AskedOptions {
  options: ts.CompilerOptions;
  complaints: Complaint[];
  /** The cell was right: its options stay. */
  keep(): void;
}

export interface NotebookOptions {
  /** Those in force between cells. */
  current(): ts.CompilerOptions;
  askedBy(code: string): AskedOptions;
}

export function createNotebookOptions(directory: () => string): NotebookOptions {
  const configuration = createConfiguration(directory);
  let fromComments: ts.CompilerOptions = {};
  let known: Merged | undefined;

  const inForce = (file: ts.CompilerOptions, comments: ts.CompilerOptions): Merged => {
    if (known?.file === file && known.comments === comments) return known;
    const asked = { ...file, ...comments };
    if (Object.keys(asked).length === 0)
      return (known = { file, comments, options: cellOptions, contradictions: [] });
    const options = merge(asked);
    return (known = { file, comments, options, contradictions: contradictionsOf(options) });
  };

  return {
    current: () => inForce(configuration.read().options, fromComments).options,
    askedBy(code) {
      const file = configuration.read();
      const comments = optionComments(code);
      const settings =
        comments.length > 0
          ? Object.assign({}, fromComments, ...comments.map(({ options }) => options))
          : fromComments;
      const { options, contradictions } = inForce(file.options, settings);
      const complaints = [...file.complaints, ...comments.flatMap(({ complaint }) => complaint ?? [])];
      if (complaints.length === 0)
        for (const message of contradictions)
          complaints.push(
            comments[0] ? complaintAt(comments[0], code, message) : configuration.complaint(message),
          );
      return { options, complaints, keep: () => void (fromComments = settings) };
    },
  };
}

interface Merged {
  file: ts.CompilerOptions;
  comments: ts.CompilerOptions;
  options: ts.CompilerOptions;
  contradictions: string[];
}

function merge(asked: ts.CompilerOptions): ts.CompilerOptions {
  const both = (name: "lib" | "types"): string[] => [
    ...new Set([...(cellOptions[name] ?? []), ...(asked[name] ?? [])]),
  ];
  return {
    // Who asks for `strict` by name means all of it.
    ...(asked.strict === undefined ? cellOptions : strictOptions),
    ...asked,
    lib: both("lib"),
    types: both("types"),
  };
}

interface Configuration {
  /** Read again when the file has changed. */
  read(): { options: ts.CompilerOptions; complaints: Complaint[] };
  /** Something that is wrong with all of it. */
  complaint(message: string): Complaint;
}

function createConfiguration(directory: () => string): Configuration {
  const path = (): string => `${directory()}/tsconfig.json`;
  // Which files a project has is of no interest, and may take long to find.
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    readDirectory: () => [`${directory()}/cell.ts`],
    onUnRecoverableConfigFileDiagnostic: () => undefined,
  };
  let version: number | undefined;
  let read: ReturnType<Configuration["read"]> = { options: {}, complaints: [] };

  const parse = (): typeof read => {
    const source = ts.readJsonConfigFile(path(), (file) => ts.sys.readFile(file));
    const { options, errors } = ts.parseJsonSourceFileConfigFileContent(source, host, directory());
    const complaints = [
      ...(source as unknown as { parseDiagnostics: readonly ts.Diagnostic[] }).parseDiagnostics,
      ...errors,
    ].map((diagnostic) => {
      const file = diagnostic.file ?? source;
      const { start = 0, length = 0 } = diagnostic.file ? diagnostic : {};
      return complaintOf(
        { ...diagnostic, file, start, length } as ts.DiagnosticWithLocation,
        file,
        relative(directory(), file.fileName),
      );
    });
    return {
      // How a project is built is no concern of cells.
      options: Object.fromEntries(Object.entries(options).filter(([name]) => kindOfOption(name))),
      complaints,
    };
  };

  return {
    read() {
      const modified = ts.sys.getModifiedTime?.(path())?.getTime();
      if (modified !== version) {
        version = modified;
        read = modified === undefined ? { options: {}, complaints: [] } : parse();
      }
      return read;
    },
    complaint: (message) => ({
      fileName: relative(directory(), path()),
      start: { line: 0, character: 0 },
      end: { line: 0, character: 0 },
      message,
      reasons: [],
    }),
  };
}

interface OptionComment {
  start: number;
  end: number;
  options: ts.CompilerOptions;
  complaint?: Complaint;
}

const optionComment = /^\/\/\s*@([A-Za-z]+)\s*:(.*)$/;

/** The comments before a cell's first statement that set an option. */
function optionComments(code: string): OptionComment[] {
  return (ts.getLeadingCommentRanges(code, 0) ?? []).flatMap(({ pos: start, end, kind }) => {
    const [, name, value] =
      (kind === ts.SyntaxKind.SingleLineCommentTrivia &&
        optionComment.exec(code.slice(start, end).trimEnd())) ||
      [];
    if (name === undefined || value === undefined) return [];
    const { options, message } = parseOption(name, value.trim());
    const comment = { start, end, options };
    return [message === undefined ? comment : { ...comment, complaint: complaintAt(comment, code, message) }];
  });
}

function complaintAt(
  { start, end }: { start: number; end: number },
  code: string,
  messageText: string,
): Complaint {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest);
  const category = ts.DiagnosticCategory.Error;
  return complaintOf({ file, start, length: end - start, messageText, category, code: 0 }, file);
}

function parseOption(name: string, value: string): { options: ts.CompilerOptions; message?: string } {
  const kind = kindOfOption(name);
  const json =
    kind === "list"
      ? value.split(",").map((item) => item.trim())
      : value === "true" || value === "false"
        ? value === "true"
        : value;
  const { options, errors } = ts.convertCompilerOptionsFromJson({ [name]: json }, "");
  const [error] = errors;
  if (error) return { options: {}, message: ts.flattenDiagnosticMessageText(error.messageText, " ") };
  if (kind) return { options };
  const message = `Option '${name}' says how files are built and has no meaning for a cell; options for cells are: ${namesForCells.join(", ")}.`;
  return { options: {}, message };
}

/** Why TypeScript does not take these options together. */
function contradictionsOf(options: ts.CompilerOptions): string[] {
  const { lib: _lib, ...withoutLibrary } = options;
  const nothing = ts.createProgram([], { ...withoutLibrary, noLib: true, types: [] });
  return nothing
    .getOptionsDiagnostics()
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}
