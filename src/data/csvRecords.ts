/** One line of a CSV file, or several where a quoted field holds line ends. */
export interface CsvRecord {
  /** Where it begins, counted from 1. */
  readonly line: number;
  readonly fields: readonly CsvField[];
}

export interface CsvField {
  readonly text: string;
  /** Quoted fields are never missing. */
  readonly quoted: boolean;
}

/**
 * Take CSV text apart. Fields may stand in double quotes, and there hold delimiters, line ends and, doubled, quotes.
 * Lines end in LF, CR LF or CR. Empty lines are left out. Source: RFC 4180.
 *
 * @throws SyntaxError naming the line of a quote that is never closed, or of text after a closing quote
 */
export function* csvRecords(
  name: string,
  text: string,
  delimiter: string,
): Generator<CsvRecord, void, undefined> {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  const atLineEnd = (): boolean => at === text.length || text[at] === "\n" || text[at] === "\r";
  const stop = new RegExp(`[\\n\\r]|${delimiter.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")}`, "g");

  const quotedField = (): string => {
    const opened = line;
    let field = "";
    for (;;) {
      const quote = text.indexOf('"', at + 1);
      if (quote < 0)
        throw new SyntaxError(`csv: ${name}, line ${opened}: a quote is opened and never closed`);
      const piece = text.slice(at + 1, quote);
      line += piece.match(/\r\n|\n|\r/g)?.length ?? 0;
      field += piece;
      at = quote + 1;
      if (text[at] !== '"') break;
      field += '"';
    }
    if (!atLineEnd() && !text.startsWith(delimiter, at)) {
      throw new SyntaxError(
        `csv: ${name}, line ${line}: "${text[at]}" after a closing quote; ` +
          `a quote inside a quoted field is written twice`,
      );
    }
    return field;
  };

  const plainField = (): string => {
    stop.lastIndex = at;
    const end = stop.exec(text)?.index ?? text.length;
    const field = text.slice(at, end);
    at = end;
    return field;
  };

  while (at < text.length) {
    const record = { line, fields: [] as CsvField[] };
    for (;;) {
      const quoted = text[at] === '"';
      record.fields.push({ text: quoted ? quotedField() : plainField(), quoted });
      if (atLineEnd()) break;
      at += delimiter.length;
    }
    if (text.startsWith("\r\n", at)) at++;
    at++;
    line++;
    const [first] = record.fields;
    if (record.fields.length > 1 || first.text !== "" || first.quoted) yield record;
  }
}
