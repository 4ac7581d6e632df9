/**
 * One CSV record: text to fields and back, after RFC 4180. Knows nothing of headers, types or files.
 *
 * Read: a field that begins with `"` is quoted, `""` in it is one quote, and it may hold separators and line ends. A quote inside
 * an unquoted field is a character like any other. Spaces belong to the field.
 */

export interface CsvRecord {
  readonly fields: readonly string[];
  /** The quoted fields' numbers, when there are any; tells `""` (an empty string) from nothing. */
  readonly quoted?: ReadonlySet<number>;
}

/** @throws Error when a quoted field does not close, or something follows its closing quote. */
export function parseCsvRecord(text: string, separator: string): CsvRecord {
  if (!text.includes('"')) return { fields: text.split(separator) };
  const fields: string[] = [];
  const quoted = new Set<number>();
  let at = 0;
  for (;;) {
    if (text.charCodeAt(at) === quoteCode) {
      const end = closingQuote(text, at + 1);
      if (end < 0) throw new Error(`The quoted field ${fields.length + 1} does not close${swallowed(text, at)}.`);
      quoted.add(fields.length);
      fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
      if (at < text.length && !text.startsWith(separator, at)) {
        throw new Error(
          `After the closing quote of field ${fields.length} comes ${JSON.stringify(text[at])} and not a separator.`,
        );
      }
    } else {
      const end = text.indexOf(separator, at);
      fields.push(text.slice(at, end < 0 ? text.length : end));
      at = end < 0 ? text.length : end;
    }
    if (at >= text.length) return { fields, quoted };
    at += separator.length;
  }
}

/** What an open quote takes with it is easily overlooked. */
function swallowed(text: string, from: number): string {
  const lines = text.slice(from).trimEnd().split("\n").length - 1;
  if (lines === 0) return "";
  return lines === 1
    ? ": the line after it is taken for its text"
    : `: the ${lines} lines after it are taken for its text`;
}

const quoteCode = 0x22;

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text.charCodeAt(at + 1) === quoteCode) at = text.indexOf('"', at + 2);
  return at;
}

/** Undefined fields (nothing there) are written empty, empty strings as `""`. Without a line end. */
export function formatCsvRecord(fields: readonly (string | undefined)[], separator: string): string {
  let text = "";
  for (let i = 0; i < fields.length; i++) {
    if (i > 0) text += separator;
    const field = fields[i];
    if (field !== undefined) text += needsQuotes(field, separator) ? `"${field.replaceAll('"', '""')}"` : field;
  }
  // A record of one absent field would be an empty line, which readers skip.
  return text === "" ? '""' : text;
}

function needsQuotes(field: string, separator: string): boolean {
  return field === "" || /["\r\n]/.test(field) || field.includes(separator);
}

/** Where a walk through a record stands. */
const atFieldStart = 0;
const inPlainField = 1;
const inQuotes = 2;
/** After a quote inside quotes: the end of the field, or the first half of an escaped quote. */
const afterQuote = 3;

/**
 * Finds where the record that starts at `from` ends: the index of its line feed outside quotes, or -1 when `[from, to)` holds
 * none. Asked again for the same record, it goes on after the `seen` bytes that it has walked already, so that a quote which never
 * closes costs no more than its length. Quote, separator and line feed are single bytes in UTF-8: no character is cut.
 */
export function csvFraming(separator: string): (bytes: Uint8Array, from: number, to: number, seen?: number) => number {
  const separatorByte = separator.charCodeAt(0);
  let stateAtEnd = atFieldStart;
  return (bytes, from, to, seen = 0) => {
    let state = seen > 0 ? stateAtEnd : atFieldStart;
    for (let at = from + seen; at < to; at++) {
      const byte = bytes[at];
      if (state === inQuotes) {
        if (byte === quoteCode) state = afterQuote;
      } else if (byte === 0x0a) return at;
      else if (byte === separatorByte) state = atFieldStart;
      else if (byte === quoteCode && state !== inPlainField) state = inQuotes;
      else state = inPlainField;
    }
    stateAtEnd = state;
    return -1;
  };
}
