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
      if (end < 0) throw new Error(`The quoted field ${fields.length + 1} does not close.`);
      quoted.add(fields.length);
      fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
      if (at < text.length && !text.startsWith(separator, at)) {
        throw new Error(`After the closing quote of field ${fields.length} comes ${JSON.stringify(text[at])} and not a separator.`);
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

/**
 * Where the record that starts at `from` ends: the index of its line feed outside quotes, or -1 when `[from, to)` holds none.
 * `"` and line feed are single bytes in UTF-8, so no character is cut.
 */
export function csvRecordEnd(bytes: Uint8Array, from: number, to: number, separatorByte: number): number {
  const lineFeed = indexWithin(bytes, 0x0a, from, to);
  const quote = indexWithin(bytes, quoteCode, from, lineFeed < 0 ? to : lineFeed);
  if (quote < 0) return lineFeed;
  let fieldStart = true;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === 0x0a) return at;
    if (byte === quoteCode && fieldStart) {
      at = closingQuoteByte(bytes, at + 1, to);
      if (at < 0) return -1;
    }
    fieldStart = byte === separatorByte && !(fieldStart && byte === quoteCode);
  }
  return -1;
}

function closingQuoteByte(bytes: Uint8Array, from: number, to: number): number {
  let at = indexWithin(bytes, quoteCode, from, to);
  while (at >= 0 && at + 1 < to && bytes[at + 1] === quoteCode) at = indexWithin(bytes, quoteCode, at + 2, to);
  return at;
}

function indexWithin(bytes: Uint8Array, byte: number, from: number, to: number): number {
  const at = bytes.indexOf(byte, from);
  return at < to ? at : -1;
}
