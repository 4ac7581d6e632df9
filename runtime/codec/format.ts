/**
 * What a format is: how the bytes of a record become `data` and back. One file per format in runtime/codec/; knows no connectors,
 * and nothing of how the engine cuts, batches or routes.
 *
 * `json`, `lines`, `text` and `bytes` are known to the engine itself, which generates code for them; the rest (csv,
 * cloudevents) come as a `Format`.
 */
import type { FormatPlan } from "../../compiler/contract/runtime-config.ts";
import type { ValueType } from "../../compiler/contract/value-type.ts";
import type { Message } from "../engine/connector.ts";

export interface Format {
  readonly type: FormatPlan["type"];
  /** Called once per source or table at start, and again at the start of every part of a byte source: may keep state (a header row). */
  decoder(context: FormatContext): RecordDecoder;
  /** Called once per sink at start. */
  encoder(context: FormatContext): RecordEncoder;
}

export interface FormatContext {
  readonly options: FormatPlan["options"];
  /** The declared type with references resolved one level; csv converts its columns by it. */
  readonly type: ValueType | undefined;
  resolve(type: ValueType): ValueType;
  /** The engine's JSON codec, exact for 64-bit integers, key order and number text. */
  parseJson(text: string): unknown;
  toJson(value: unknown): string;
}

/** Given by `decode` for a record that is no event: a header row, an empty line. */
export const noEvent: unique symbol = Symbol("no event");

export interface RecordDecoder {
  /**
   * How a run of bytes is cut: `lines` at LF (a CR before it is not part of the record), `whole` = a part is one record, or a function that gives the
   * index of the LF ending the record which starts at `from`, -1 when it is not within `to` (it is asked again with more bytes).
   * `seen` > 0: the call before was for the same record and gave -1; so many of its bytes have been looked at and need not be again.
   * Not used for messages, each of which is one record.
   */
  readonly framing: "lines" | "whole" | ((bytes: Uint8Array, from: number, to: number, seen?: number) => number);
  /**
   * One record to its `data`. Throws an Error whose message says what is wrong with the record, in the words of its writer: it becomes a bad event.
   * `message` is there for message sources (headers). With CloudEvents `attributes` below gives the rest.
   */
  decode(text: string, message: Message | undefined): unknown;
  /** A record that `decode` never gets, since it is no text or too long to be held. `why` as in its reason. */
  skipped?(why: string): void;
  /**
   * The CloudEvent attributes of the record decoded last, extensions among them, all as text; undefined when it had none of its own. Absent = never has.
   */
  attributes?(): Readonly<Record<string, string>> | undefined;
  /**
   * The JSON text that the data of the record decoded last was read from; "" when the event has no data, undefined when it was no JSON text.
   * Looked for only when asked, so that it costs nothing otherwise.
   */
  dataText?(): string | undefined;
  /** What it has learnt from earlier records of the part (a header row), as a plain value; `restore` gives it to a new decoder that begins in the middle. */
  state?(): unknown;
  restore?(state: unknown): void;
  /** The text of the record decoded last is all of it: nothing stands in headers. */
  isWhole?(): boolean;
}

export interface RecordEncoder {
  /** Text before the first record of an output, line end included; "" = none. May depend on the first record (csv header from its keys). */
  head?(first: unknown): string;
  /** What ends a record in a run of bytes: "\n". */
  readonly end: string;
  /** Whether `encode` wants `attributes`. */
  readonly attributes: boolean;
  /** One record's text, without its end. Throws an Error when this data cannot be written in this format: a bad event. `dataText`: see `RecordDecoder`; given when nobody touched the data. */
  encode(data: unknown, attributes: Readonly<Record<string, string>> | undefined, dataText?: string): string;
  /** What it has learnt from the records before (the columns), as a plain value; `restore` gives it to a new encoder that goes on with the same output. */
  state?(): unknown;
  restore?(state: unknown): void;
  /** Another output begins, with a head of its own: what was learnt is forgotten. */
  begin?(): void;
  /** For data that is bytes, where the format can carry them as they are; else `encode` is asked. */
  encodeBytes?(data: Uint8Array, attributes: Readonly<Record<string, string>> | undefined): Uint8Array;
  /** A record that `RecordDecoder.isWhole` and that nobody touched may be written as it came. */
  readonly takesWhole?: boolean;
  /** Headers for message sinks (`content-type`, `ce-…`). Absent = only `content-type: application/json`. */
  headers?(attributes: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>>;
}
