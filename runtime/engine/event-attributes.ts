/** The CloudEvent attributes of the present event, made only when something asks for them. */
import { keepBareNames } from "../codec/bare-attributes.ts";
import { parseTimestamp, type Timestamp, timestampOfMillis } from "../expr/values/timestamp.ts";
import type { RecordBlock } from "./connector.ts";
import { type Current, plainEventType } from "./current.ts";
import { textOfKey } from "./record-view.ts";
import type { Attributes, EventTime } from "./stage-services.ts";

/** `event` in expressions. `time` and `set` are what the pipeline itself has set. */
export function eventRecord(
  pipeline: string,
  current: Current,
  time: EventTime,
  set: Attributes,
): Readonly<Record<string, unknown>> {
  return { ...attributeTexts(pipeline, current, time, set), time: eventTime(current, time) };
}

/** The same as text, for sinks. An event that came without a time leaves without one. */
export function attributeTexts(
  pipeline: string,
  current: Current,
  time: EventTime,
  set: Attributes,
): Readonly<Record<string, string>> {
  const { attributes } = current;
  const texts: Record<string, string> = {
    specversion: "1.0",
    source: `/${pipeline}/${current.nodeName}`,
    type: plainEventType,
    ...attributes,
    id: current.id(),
  };
  const key = partitionKey(current);
  if (key !== undefined) texts.partitionkey = key;
  if (time !== undefined || attributes === undefined) texts.time = eventTime(current, time).toString();
  Object.assign(texts, set);
  keepBareNames(attributes, set, texts);
  return texts;
}

/**
 * The key of a record of a log, which is the attribute of that name. An event that came with another one keeps its own.
 * Source: CloudEvents, partitioning extension and Kafka protocol binding 1.0.2, 3.1.
 */
function partitionKey({ attributes, records, record }: Current): string | undefined {
  if (attributes?.partitionkey !== undefined || records === undefined) return undefined;
  // Several routes ask for it one after the other.
  if (lastRecord !== record || lastRecords !== records) {
    lastKey = textOfKey(records, record);
    lastRecords = records;
    lastRecord = record;
  }
  return lastKey;
}

let lastRecords: RecordBlock | undefined;
let lastRecord = -1;
let lastKey: string | undefined;

const keyView: { partitionkey: string } = { partitionkey: "" };
const noKey = {};

/** `event`, where an expression looks at no more of it than its `partitionkey`. Good until the next call. */
export function partitionKeyView(current: Current, set: Attributes): Readonly<Record<string, string>> {
  const key = set?.partitionkey ?? current.attributes?.partitionkey ?? partitionKey(current);
  if (key === undefined) return noKey;
  keyView.partitionkey = key;
  return keyView;
}

/** The same for who reads it as a part of this pipeline: the transport's time would be lost on the way. */
export function timedAttributeTexts(
  pipeline: string,
  current: Current,
  time: EventTime,
  set: Attributes,
): Readonly<Record<string, string>> {
  const texts = attributeTexts(pipeline, current, time, set);
  return texts.time === undefined ? { ...texts, time: eventTime(current, time).toString() } : texts;
}

export function eventId(current: Current, set: Attributes): string {
  return set?.id ?? current.id();
}

/** Names the event among those of several sources: CloudEvents are the same only where `source` and `id` both are. @param isAlone all come from one source */
export function eventName(pipeline: string, current: Current, set: Attributes, isAlone: boolean): string {
  const own = set?.source ?? current.attributes?.source;
  const id = eventId(current, set);
  return own === undefined && isAlone ? id : `${own ?? `/${pipeline}/${current.nodeName}`}/${id}`;
}

/** Milliseconds since 1970, whole. Never fails. */
export function wholeTimeMs(current: Current, time: EventTime): number {
  return Math.floor(eventTimeMs(current, time));
}

/** Milliseconds since 1970, with a fraction. Never fails. */
export function eventTimeMs(current: Current, time: EventTime): number {
  if (typeof time === "number") return time;
  const known = time === undefined && current.attributes?.time === undefined ? undefined : eventTime(current, time);
  return known === undefined ? current.timeMs : known.seconds * 1000 + known.nanos / 1_000_000;
}

function eventTime(current: Current, time: EventTime): Timestamp {
  if (typeof time === "string") return parseTimestamp(time);
  if (typeof time === "number") return timestampOfMillis(time);
  if (time !== undefined) return time;
  const text = current.attributes?.time;
  return text === undefined ? timestampOfMillis(Math.floor(current.timeMs)) : readTime(text, current);
}

function readTime(text: string, current: Current): Timestamp {
  try {
    return parseTimestamp(text);
  } catch {
    return timestampOfMillis(Math.floor(current.timeMs));
  }
}
