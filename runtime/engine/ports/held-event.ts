/**
 * An event that is with user code: what it was, so that its results can go on from there, and its text as a CloudEvent. One object per event in flight, which
 * there has to be: it may have to be sent again.
 */
import { bareNames } from "../../codec/bare-attributes.ts";
import { isJson } from "../../codec/cloudevents-attributes.ts";
import { bytesToBase64 } from "../../expr/values/bytes.ts";
import { timestampOfMillis } from "../../expr/values/timestamp.ts";
import type { SentEvent } from "../../user-code/user-code.ts";
import { type Current, type Frame, plainEventType } from "../current.ts";
import { attributeTexts, eventTimeMs } from "../event-attributes.ts";
import { textOfKey } from "../record-view.ts";
import type { Attributes, EventTime } from "../stage-services.ts";

/** What the generated code knows of an event when it comes to a port. */
export interface Arrival {
  readonly data: unknown;
  readonly time: EventTime;
  readonly set: Attributes;
  readonly timeMs: number;
  readonly isRetracted: boolean;
}

export class HeldEvent implements SentEvent {
  readonly id: string;
  readonly json: string;
  /** Where in `json` the data begins: its text, or base64 in quotes. */
  readonly dataAt: number;
  readonly frame: Frame;
  readonly arrival: Arrival;
  /** What a probe knows it by. */
  seen: unknown;
  /** How many results have been made of it. */
  results = 0;
  /** JSON; undefined where the data is bytes. */
  readonly dataText: string | undefined;
  private readonly pipeline: string;
  private readonly current: Current;
  private texts: Readonly<Record<string, string>> | undefined;

  constructor(pipeline: string, current: Current, arrival: Arrival, dataText: string | undefined) {
    this.pipeline = pipeline;
    this.current = current;
    this.arrival = arrival;
    this.frame = current.sharedFrame();
    this.dataText = dataText;
    this.id = arrival.set?.id ?? current.id();
    const head = this.headText();
    this.dataAt = head.length;
    const { data } = arrival;
    const written = dataText === undefined && data instanceof Uint8Array ? `"${bytesToBase64(data)}"` : dataText;
    this.json = `${head}${written}}`;
  }

  // Equality is several times faster than `startsWith`, which goes from character to character.

  /** Whether the text of an event has the same attributes, written the same way, and its data behind them. */
  isBeginningOf(text: string): boolean {
    return text.slice(0, this.dataAt) === this.json.slice(0, this.dataAt);
  }

  /** Whether the text is that of the event. */
  isAllOf(text: string): boolean {
    return text.length === this.json.length && text === this.json;
  }

  /** The engine stands at this event again. */
  enter(): void {
    this.current.leave(this.frame);
  }

  attributes(): Readonly<Record<string, string>> {
    // Of a plain event all are text, so they are in what is written of them.
    this.texts ??= JSON.parse(this.attributesJson()) as Readonly<Record<string, string>>;
    return this.texts;
  }

  attributesJson(): string {
    const head = this.json.slice(0, this.dataAt);
    return `${head.slice(0, head.lastIndexOf(',"data'))}}`;
  }

  data(): string | Uint8Array {
    const { data } = this.arrival;
    if (data instanceof Uint8Array) return data;
    if (typeof data === "string" && !isJsonType(this.attributes().datacontenttype)) return data;
    return this.dataText ?? "null";
  }

  private headText(): string {
    const { arrival, current, id } = this;
    const isPlain = arrival.set === undefined && current.attributes === undefined && !hasKey(current);
    if (isPlain && !(arrival.data instanceof Uint8Array)) {
      const tail = plainTail(timeText(current, arrival.time));
      return `${plainHead(this.pipeline, current.nodeName)}${JSON.stringify(id)}${tail}`;
    }
    const attributes = attributeTexts(this.pipeline, current, arrival.time, arrival.set);
    const texts = withContentType(attributes, arrival.data);
    this.texts = texts;
    const bare = bareNames(attributes);
    let text = "{";
    for (const name in texts)
      text += `${JSON.stringify(name)}:${bare?.has(name) ? texts[name] : JSON.stringify(texts[name])},`;
    return `${text}${arrival.data instanceof Uint8Array ? '"data_base64":' : '"data":'}`;
  }
}

/** It is an attribute more. */
const hasKey = ({ records, record }: Current): boolean =>
  records !== undefined && textOfKey(records, record) !== undefined;

let lastPipeline = "";
let lastNode = "";
let lastHead = "";

/** What events of one source begin with, up to their id. */
function plainHead(pipeline: string, node: string): string {
  if (node !== lastNode || pipeline !== lastPipeline) {
    const source = JSON.stringify(`/${pipeline}/${node}`);
    lastHead = `{"specversion":"1.0","source":${source},"type":"${plainEventType}","id":`;
    lastNode = node;
    lastPipeline = pipeline;
  }
  return lastHead;
}

let lastTime = "";
let lastTail = "";

/** From behind the id up to the data. */
function plainTail(time: string): string {
  if (time !== lastTime) {
    lastTail = `,"time":"${time}","datacontenttype":"application/json","data":`;
    lastTime = time;
  }
  return lastTail;
}

/** In UTC with a Z and digits alone, it needs no other spelling. */
const plainTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
let lastMs = Number.NaN;
let lastText = "";

/** Many events in a row have the same time, so the last text is kept. */
function timeText(current: Current, time: EventTime): string {
  if (typeof time === "string" && plainTime.test(time)) return time;
  if (typeof time === "object") return time.toString();
  const ms = Math.floor(eventTimeMs(current, time));
  if (ms !== lastMs) {
    lastText = timestampOfMillis(ms).toString();
    lastMs = ms;
  }
  return lastText;
}

function withContentType(
  attributes: Readonly<Record<string, string>>,
  data: unknown,
): Readonly<Record<string, string>> {
  const type = attributes.datacontenttype;
  if (data instanceof Uint8Array)
    return type === undefined || isJsonType(type)
      ? { ...attributes, datacontenttype: "application/octet-stream" }
      : attributes;
  if (type === undefined || (typeof data !== "string" && !isJsonType(type)))
    return { ...attributes, datacontenttype: "application/json" };
  return attributes;
}

const isJsonType = (type: string | undefined): boolean => type === undefined || isJson(type);
