/**
 * The record being worked on. Events are pushed through a stage depth first, one source record at a time, so what belongs to the
 * record (position, raw text, transport time) stands here once and not in an object per event.
 */
import type { LossyFinder } from "../codec/find-lossy.ts";
import type { RecordDecoder } from "../codec/format.ts";
import type { PaneInfo, TimeWindow } from "../windows/cell.ts";
import type { Chunk } from "./chunk.ts";
import type { Message, RecordBlock } from "./connector.ts";
import { bytesOfValue, isNullValue, positionOfRecord } from "./record-view.ts";

/** What the type of an event is when nothing sets one. */
export const plainEventType = "io.argoproj.dataflow.record";

export class Current {
  /** Index of the source's or window's node. */
  node = 0;
  /** Its name. */
  nodeName = "";
  /** The part of a byte source, or the window's name. */
  part = "";
  /** Byte offset in the part; for a window the number of the result. */
  offset = 0;
  /** The record as it came; "" for a window's result. Behind user code the JSON of what that answered. */
  text = "";
  /** The record as it came, where `text` is something else. */
  original: string | undefined = undefined;
  /** A text in which `text` stands at `from` up to `to`, a character for each of its bytes; "" where there is none. */
  block = "";
  from = 0;
  to = 0;
  /** Where the record stands in a run of JSON lines that is looked at as a whole. */
  lossy: LossyFinder | undefined = undefined;
  /** The bytes, when they are not UTF-8. */
  bytes: Uint8Array | undefined = undefined;
  message: Message | undefined = undefined;
  /** The record of a log: the block that it stands in, and its number there. Undefined for what comes from elsewhere. */
  records: RecordBlock | undefined = undefined;
  record = 0;
  /** It has no value, and nobody has given the event another text: its data is null. */
  isNull = false;
  /** The transport's time, ms since 1970. */
  timeMs = 0;
  /** CloudEvent attributes that came with the record. */
  attributes: Readonly<Record<string, string>> | undefined = undefined;
  /** What the record was decoded with, where its format is not known to the engine itself; asked only on behalf of such a record. */
  decoder: RecordDecoder | undefined = undefined;
  /** Which element of an `expand`; undefined for the record itself. */
  element: Element | undefined = undefined;
  /** What the event came out of, when it is a window's result and not a record. */
  result: WindowResult | undefined = undefined;
  /** The chunk it is given out in. */
  chunk: Chunk | undefined = undefined;
  /** Somebody keeps what points into the block of the present record: it is left to the garbage collector. Set back by whoever brings a block. */
  holdsBlock = false;
  private resumed: Frame | undefined = undefined;

  /** JSON that `JSON.parse` carries exactly. To be asked while the record is worked on. */
  get isPlainJson(): boolean {
    return this.lossy !== undefined && !this.lossy.isIn(this.from, this.to);
  }

  /** Where the record came from: stable when the same input is read again. */
  position(): string {
    if (this.result !== undefined) return this.result.position();
    if (this.records !== undefined) return positionOfRecord(this.records, this.record);
    return this.message === undefined ? `${this.part}:${this.offset}` : this.message.position;
  }

  /** What a bad event keeps of it. */
  originalText(): string {
    return this.result === undefined ? (this.original ?? this.text) : this.result.text();
  }

  /** The same where it is no text. */
  originalBytes(): Uint8Array | undefined {
    if (this.bytes !== undefined || this.result !== undefined || this.records === undefined) return this.bytes;
    return (this.original ?? this.text) === "" ? bytesOfValue(this.records, this.record) : undefined;
  }

  /** Its text may hold line ends, which a run of lines cannot. */
  get mayHoldLineEnds(): boolean {
    return this.message !== undefined || this.records !== undefined;
  }

  /** The result of a window is the present event until `leave`; what was present comes back then. */
  enter(node: number, nodeName: string, result: WindowResult, nowMs: number): Frame {
    const frame = this.frame();
    this.node = node;
    this.nodeName = nodeName;
    this.part = nodeName;
    this.text = "";
    this.original = undefined;
    this.bytes = undefined;
    this.message = undefined;
    this.records = undefined;
    this.isNull = false;
    this.timeMs = nowMs;
    this.attributes = undefined;
    this.decoder = undefined;
    this.element = undefined;
    this.result = result;
    this.chunk = undefined;
    this.resumed = undefined;
    return frame;
  }

  /** Records of a source come next: nothing is left of a chunk, or of what user code gave. */
  beginRecords(): void {
    this.result = undefined;
    this.chunk = undefined;
    this.original = undefined;
    this.records = undefined;
    this.isNull = false;
    this.resumed = undefined;
  }

  /** A kept event is the present one, as a part of a chunk. `frame` is not changed any more, but for its chunk. */
  resume(frame: Frame, chunk: Chunk): void {
    frame.chunk = chunk;
    this.leave(frame);
    this.resumed = frame;
  }

  /** User code has answered with data of this text, in place of the record's. */
  answered(text: string): void {
    this.original ??= this.text;
    this.isNull = false;
    this.text = text;
    this.resumed = undefined;
  }

  /** What it holds now, for whoever changes nothing in it: that of the kept event, where that is present. */
  sharedFrame(): Frame {
    const { resumed } = this;
    if (resumed !== undefined && resumed.element === this.element) return resumed;
    const frame = this.frame();
    frame.element = fixedElement(frame.element);
    if (this.records !== undefined) this.holdsBlock = true;
    return frame;
  }

  /**
   * What it holds now, for whoever is through with it before the record is, or takes its own copy of what is to be kept: the block of the record goes when all of its records are
   * through. `element` moves on while a list is walked: see `fixedElement`.
   */
  frame(): Frame {
    return {
      node: this.node,
      nodeName: this.nodeName,
      part: this.part,
      offset: this.offset,
      text: this.text,
      original: this.original,
      bytes: this.bytes,
      message: this.message,
      records: this.records,
      record: this.record,
      timeMs: this.timeMs,
      attributes: this.attributes,
      decoder: this.decoder,
      element: this.element,
      result: this.result,
      chunk: this.chunk,
    };
  }

  leave(frame: Frame): void {
    this.node = frame.node;
    this.nodeName = frame.nodeName;
    this.part = frame.part;
    this.offset = frame.offset;
    this.text = frame.text;
    this.original = frame.original;
    this.bytes = frame.bytes;
    this.message = frame.message;
    this.records = frame.records;
    this.record = frame.record;
    this.isNull =
      frame.records !== undefined && frame.original === undefined && isNullValue(frame.records, frame.record);
    this.timeMs = frame.timeMs;
    this.attributes = frame.attributes;
    this.decoder = frame.decoder;
    this.element = frame.element;
    this.result = frame.result;
    this.chunk = frame.chunk;
    this.resumed = undefined;
  }

  id(): string {
    return (this.attributes?.id ?? this.position()) + elementText(this.element);
  }
}

/** What `Current` held before a window's result took its place. */
export type Frame = Pick<
  Current,
  | "node"
  | "nodeName"
  | "part"
  | "offset"
  | "text"
  | "original"
  | "bytes"
  | "message"
  | "records"
  | "record"
  | "timeMs"
  | "attributes"
  | "decoder"
  | "element"
  | "result"
  | "chunk"
>;

/** Where a window's result comes from; becomes text only when something asks. */
export interface WindowResult {
  /** `window/key/start/pane`: unique, and the same when the same input is read again. */
  position(): string;
  /** The key as JSON. */
  text(): string;
  /** Of a window's result: what it is a result of, and which. Undefined for what a chunk gives instead of its events. */
  readonly pane: ResultPane | undefined;
}

/** Results of one firing of a window that belong together, whatever their keys. */
export interface ResultPane extends Pick<PaneInfo, "index" | "timing"> {
  readonly window: TimeWindow;
}

/** An element of an element of …, innermost first. `index` moves on as the list is walked. */
export interface Element {
  readonly outer: Element | undefined;
  index: number;
}

/** `/3/0`: the first element of the fourth. */
export function elementText(element: Element | undefined): string {
  return element === undefined ? "" : `${elementText(element.outer)}/${element.index}`;
}

/** A copy that stays as it is while the list is walked further. */
export function fixedElement(element: Element | undefined): Element | undefined {
  return element === undefined ? undefined : { outer: fixedElement(element.outer), index: element.index };
}
