/**
 * The `csv` format: RFC 4180, LF or CRLF, UTF-8. The first record names the fields, or `columns` does; values are strings
 * unless the declared type says int, uint, double, bool, a literal, a list or a record (the last two as JSON).
 *
 * Read: an empty line is no record. A record with more or fewer fields than names is bad; with a header that cannot be used every
 * record after it is, since its fields have no names. Nothing between two separators is an absent field where
 * the type makes the field optional, else "". Names that are empty are `c0`, `c1`, … by their place.
 * Written: the first event's keys are the header, or `columns` is; a later event with another key is bad when `columns` does not say
 * which to keep, since its value would be lost.
 */

import type { RecordField } from "../../compiler/contract/value-type.ts";
import { BadRecord } from "../engine/bad-event.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { OrderedMap } from "../expr/values/ordered-map.ts";
import { csvFraming, formatCsvRecord, parseCsvRecord } from "./csv-record.ts";
import { type CsvReader, fieldText, readerOf } from "./csv-value.ts";
import { type Format, type FormatContext, noEvent, type RecordDecoder, type RecordEncoder } from "./format.ts";

export const csv: Format = { type: "csv", decoder: csvDecoder, encoder: csvEncoder };

interface CsvOptions {
  readonly separator: string;
  readonly header: boolean;
  readonly columns: readonly string[] | undefined;
}

function optionsOf(context: FormatContext): CsvOptions {
  const { separator = ",", header = true, columns } = context.options;
  if (typeof separator !== "string" || separator.length !== 1 || separator > "\u007f" || /["\r\n]/.test(separator)) {
    throw new RuntimeError(
      "bad-config",
      "The separator of 'csv' is one ASCII character other than a quote or a line end.",
    );
  }
  return {
    separator,
    header: header !== false,
    columns: Array.isArray(columns) ? checkNames(columns.map(String)) : undefined,
  };
}

function checkNames(names: readonly string[]): readonly string[] {
  const twice = nameGivenTwice(names);
  if (twice !== undefined) throw new RuntimeError("bad-config", `The columns of the csv name '${twice}' twice.`);
  return names;
}

const nameGivenTwice = (names: readonly string[]): string | undefined => {
  const seen = new Set<string>();
  return names.find((name) => seen.has(name) || !seen.add(name));
};

function csvDecoder(context: FormatContext): RecordDecoder {
  const { separator, header, columns } = optionsOf(context);
  let headerToCome = header;
  let names = columns;
  let readRow = columns === undefined ? undefined : rowReader(columns, context);

  /** Without it no record can be read: the one after it is not taken for the header. */
  const withoutHeader = (why: string): void => {
    headerToCome = false;
    readRow ??= () => {
      throw new BadRecord(
        `The fields of this record have no names, as the header cannot be used. ${why} Name them: format csv { columns: […] }.`,
      );
    };
  };
  const readHeader = (line: string): void => {
    try {
      const given = parseCsvRecord(line, separator).fields.map((name, i) => name || `c${i}`);
      const twice = nameGivenTwice(given);
      if (twice !== undefined) throw new BadRecord(`The header of the csv names '${twice}' twice.`);
      names ??= given;
      readRow ??= rowReader(names, context);
      headerToCome = false;
    } catch (error) {
      withoutHeader(messageOf(error));
      throw error;
    }
  };
  return {
    framing: csvFraming(separator),
    decode: (text) => {
      const line = text.endsWith("\r") ? text.slice(0, -1) : text;
      if (line === "") return noEvent;
      if (headerToCome) {
        readHeader(line);
        return noEvent;
      }
      const { fields, quoted } = parseCsvRecord(line, separator);
      names ??= fields.map((_, i) => `c${i}`);
      readRow ??= rowReader(names, context);
      return readRow(fields, quoted);
    },
    skipped: (why) => {
      if (headerToCome) withoutHeader(`It is ${why}.`);
    },
    state: () => (headerToCome ? undefined : names),
    restore: (state) => {
      if (!Array.isArray(state)) return;
      headerToCome = false;
      names = state.map(String);
      readRow = rowReader(names, context);
    },
  };
}

type RowReader = (fields: readonly string[], quoted: ReadonlySet<number> | undefined) => unknown;

function rowReader(names: readonly string[], context: FormatContext): RowReader {
  const readers = names.map((name) => fieldReader(name, context));
  // A plain object would put such names first, or take them for its prototype.
  const needsMap = names.some((name) => name === "__proto__" || /^\d+$/.test(name));
  return (fields, quoted) => {
    if (fields.length !== names.length)
      throw new BadRecord(`The record has ${counted(fields.length)}, and the header ${names.length}.`);
    const row: Record<string, unknown> = {};
    const map = needsMap ? new OrderedMap() : undefined;
    for (let i = 0; i < names.length; i++) {
      const text = fields[i]!;
      const reader = readers[i];
      const value = reader === undefined ? text : reader(text, quoted?.has(i) ?? false);
      if (value === undefined) continue;
      if (map === undefined) row[names[i]!] = value;
      else map.set(names[i]!, value);
    }
    return map ?? row;
  };
}

const counted = (fields: number): string => (fields === 1 ? "1 field" : `${fields} fields`);

/** Undefined for a field that stays the string it is. */
function fieldReader(name: string, context: FormatContext): CsvReader | undefined {
  const type = context.type && context.resolve(context.type);
  if (type?.kind === "map") return readerOf({ name, type: type.value, optional: false }, context);
  const field: RecordField | undefined =
    type?.kind === "record" ? type.fields.find((each) => each.name === name) : undefined;
  return field && readerOf(field, context);
}

function csvEncoder(context: FormatContext): RecordEncoder {
  const { separator, header, columns } = optionsOf(context);
  let names = columns;
  const namesFor = (data: unknown): readonly string[] => {
    names ??= [...entriesOf(data)].map(([name]) => name);
    return names;
  };
  return {
    end: "\n",
    attributes: false,
    head: (first) => (header ? `${formatCsvRecord(namesFor(first), separator)}\n` : ""),
    encode: (data) => {
      const row = entriesOf(data);
      const known = namesFor(data);
      if (columns === undefined) checkKeys(row, known);
      return formatCsvRecord(
        known.map((name) => fieldText(row.get(name), context)),
        separator,
      );
    },
    headers: () => ({ "content-type": "text/csv; charset=utf-8" }),
    begin: () => {
      names = columns;
    },
    state: () => names,
    restore: (state) => {
      if (Array.isArray(state)) names = state.map(String);
    },
  };
}

function checkKeys(row: ReadonlyMap<string, unknown>, names: readonly string[]): void {
  for (const name of row.keys()) {
    if (names.includes(name)) continue;
    throw new BadRecord(
      `The event has a field '${name}' which the csv's header (${names.join(", ")}) has no column for. Name the columns: format csv { columns: […] }.`,
    );
  }
}

function entriesOf(data: unknown): ReadonlyMap<string, unknown> {
  if (data instanceof Map) return new Map([...data].map(([key, value]) => [String(key), value]));
  if (typeof data === "object" && data !== null && !Array.isArray(data) && !(data instanceof Uint8Array))
    return new Map(Object.entries(data));
  throw new BadRecord("Only a record can be written as csv, one column a field.");
}
