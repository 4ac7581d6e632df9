/**
 * An event that waits in an open chunk: all that is needed to give it on as if it came now, and the way of that into a checkpoint and back. Holds on to nothing
 * that is larger than the event: not to the block that its text was cut from, nor to the decoder that reads on.
 */
import { bareNames, markBare } from "../codec/bare-attributes.ts";
import type { RecordDecoder } from "../codec/format.ts";
import { ownText } from "../expr/own-text.ts";
import { DamagedValue } from "../state/value-reader.ts";
import { type Current, type Element, type Frame, fixedElement, type ResultPane, type WindowResult } from "./current.ts";
import { bytesOfValue, holdRecord, restoredRecord, savedRecord } from "./record-view.ts";
import { bug } from "./runtime-error.ts";
import type { Attributes, EventTime } from "./stage-services.ts";

export interface KeptEvent {
  readonly data: unknown;
  readonly time: EventTime;
  /** What the pipeline set. */
  readonly set: Attributes;
  readonly timeMs: number;
  readonly isRetracted: boolean;
  /** What `Current.leave` makes present again. */
  readonly frame: Frame;
}

/** Keeps the events of one node. */
export class EventKeeper {
  private readonly current: Current;
  private readonly isCloudEvent: boolean;
  private lastText = "";
  private lastOwn = "";

  /** @param isCloudEvent the data is still as the record's `cloudevents` text holds it: what a sink asks the decoder for is found out now */
  constructor(current: Current, isCloudEvent: boolean) {
    this.current = current;
    this.isCloudEvent = isCloudEvent;
  }

  /** The present event. */
  keep(data: unknown, time: EventTime, set: Attributes, timeMs: number, isRetracted: boolean): KeptEvent {
    const frame = this.current.frame();
    const { message, records, result, decoder } = frame;
    if (frame.original !== undefined) frame.original = ownText(frame.original);
    frame.text = this.textOf(frame.text, frame.element !== undefined);
    frame.element = fixedElement(frame.element);
    frame.decoder = this.isCloudEvent && decoder !== undefined ? heldDecoder(decoder) : undefined;
    if (message !== undefined) frame.message = { bytes: noBytes, position: message.position };
    if (records !== undefined) {
      if (frame.text === "") frame.bytes ??= copyOf(bytesOfValue(records, frame.record));
      frame.records = holdRecord(records, frame.record);
      frame.record = 0;
    }
    if (result !== undefined) frame.result = new KeptResult(result.position(), result.text(), result.pane);
    return { data, time, set, timeMs, isRetracted, frame };
  }

  /** The elements of one record share its text in memory; in a checkpoint each chunk that has one has its own, so a long one is cut. */
  private textOf(text: string, isElement: boolean): string {
    if (text !== this.lastText) {
      this.lastOwn = ownText(text);
      this.lastText = text;
    }
    const own = this.lastOwn;
    return isElement && own.length > mostOfRecord ? `${own.slice(0, mostOfRecord)}…` : own;
  }
}

/** So much of a record is kept with each of its elements, for the case that it is bad. */
const mostOfRecord = 16_384;

const noBytes = new Uint8Array();

const copyOf = (bytes: Uint8Array | undefined): Uint8Array | undefined => bytes && Uint8Array.from(bytes);

class KeptResult implements WindowResult {
  readonly pane: ResultPane | undefined;
  private readonly at: string;
  private readonly key: string;

  constructor(position: string, text: string, pane: ResultPane | undefined) {
    this.at = position;
    this.key = text;
    this.pane = pane;
  }

  position(): string {
    return this.at;
  }

  text(): string {
    return this.key;
  }
}

const heldDecoder = (decoder: RecordDecoder): RecordDecoder =>
  keptDecoder(decoder.isWhole?.() ?? false, decoder.dataText?.());

/** Answers what sinks ask for untouched data. */
function keptDecoder(isWhole: boolean, dataText: string | undefined): RecordDecoder {
  return {
    framing: "lines",
    decode: () => bug("a kept event is decoded again"),
    isWhole: () => isWhole,
    dataText: () => dataText,
  };
}

/** A plain value. @param before the event that is saved before it in the same page: a text that both have is saved once */
export function savedEvent(event: KeptEvent, before: KeptEvent | undefined): unknown {
  const { data, time, set, timeMs, isRetracted, frame } = event;
  const { nodeName, part, offset, text, original, bytes, message, attributes, decoder, element, result } = frame;
  return [
    [data, time, set, bareList(set), timeMs, isRetracted],
    [
      ...[nodeName, part, offset, text === before?.frame.text ? undefined : text, bytes, message?.position],
      ...[frame.timeMs, original],
    ],
    [attributes, bareList(attributes), elementList(element)],
    decoder && [decoder.isWhole?.(), decoder.dataText?.()],
    result && [result.position(), result.text(), result.pane],
    frame.records && savedRecord(frame.records),
  ];
}

/** @throws DamagedValue */
export function restoredEvent(saved: unknown, before: KeptEvent | undefined): KeptEvent {
  const [own, record, more, decoder, result, ofLog] = listOf(saved);
  const [data, time, set, setBare, timeMs, isRetracted] = listOf(own);
  const [nodeName, part, offset, text, bytes, position, recordMs, original] = listOf(record);
  const [attributes, bare, elements] = listOf(more);
  const [isWhole, dataText] = decoder === undefined ? [] : listOf(decoder);
  const [at, key, pane] = result === undefined ? [] : listOf(result);
  return {
    data,
    time: time as EventTime,
    set: restoredAttributes(set, setBare),
    timeMs: Number(timeMs),
    isRetracted: isRetracted === true,
    frame: {
      // Only its name says where an event comes from.
      node: 0,
      nodeName: String(nodeName),
      part: String(part),
      offset: Number(offset),
      text: text === undefined ? (before?.frame.text ?? "") : String(text),
      original: original === undefined ? undefined : String(original),
      bytes: bytes instanceof Uint8Array ? bytes : undefined,
      message: position === undefined ? undefined : { bytes: noBytes, position: String(position) },
      records: restoredRecord(ofLog),
      record: 0,
      timeMs: Number(recordMs),
      attributes: restoredAttributes(attributes, bare),
      decoder: decoder === undefined ? undefined : keptDecoder(isWhole === true, dataText as string | undefined),
      element: elementOf(listOf(elements)),
      result:
        result === undefined ? undefined : new KeptResult(String(at), String(key), pane as ResultPane | undefined),
      chunk: undefined,
    },
  };
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new DamagedValue("an event of a chunk that is no event");
  return value;
}

const bareList = (attributes: Attributes): readonly string[] | undefined => {
  const bare = bareNames(attributes);
  return bare && [...bare];
};

function restoredAttributes(saved: unknown, bare: unknown): Attributes {
  if (typeof saved !== "object" || saved === null) return undefined;
  const attributes = saved as Readonly<Record<string, string>>;
  if (Array.isArray(bare)) markBare(attributes, new Set(bare.map(String)));
  return attributes;
}

/** Innermost first. */
function elementList(element: Element | undefined): number[] {
  return element === undefined ? [] : [element.index, ...elementList(element.outer)];
}

function elementOf([index, ...outer]: readonly unknown[]): Element | undefined {
  return index === undefined ? undefined : { index: Number(index), outer: elementOf(outer) };
}
