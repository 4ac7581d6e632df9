/**
 * What user code answered, as an event that goes on: its data, and what it says of itself that its input does not. A program that passes an event on, or changes its
 * data alone, is recognised by the text; all else is read in full.
 */
import { bareNames, keepBareNames, markBare } from "../../codec/bare-attributes.ts";
import { attributesChecker, isJson, structuredParts } from "../../codec/cloudevents-attributes.ts";
import { bytesFromBase64, bytesOf } from "../../expr/values/bytes.ts";
import { parseTimestamp } from "../../expr/values/timestamp.ts";
import type { AnsweredEvent } from "../../user-code/user-code.ts";
import { BadRecord } from "../bad-event.ts";
import type { Attributes, EventTime } from "../stage-services.ts";
import type { HeldEvent } from "./held-event.ts";

export interface Result {
  /** The event it continues. */
  readonly input: HeldEvent;
  readonly data: unknown;
  /** The data as JSON, where that is at hand. */
  readonly text: string | undefined;
  readonly time: EventTime;
  readonly set: Attributes;
}

/** So many events are looked at for the one that an answer begins like. */
const likelyAhead = 32;

type ParseJson = (text: string) => unknown;

/** Of one unit at a time: results come in order, so most continue the event that comes next. */
export class ResultReader {
  private readonly parseJson: ParseJson;
  private readonly check = attributesChecker();
  private events: readonly HeldEvent[] = [];
  private chunkId: string | undefined;
  private next = 0;
  private others = 0;
  private byId: Map<string, HeldEvent> | undefined;
  private isTyped = false;

  constructor(parseJson: ParseJson) {
    this.parseJson = parseJson;
  }

  /**
   * @param isTyped the data must be what the text says, as a source would read it: what expressions have put into an event may be at hand in another form.
   * @throws BadRecord, SyntaxError for an answer that is no event
   */
  read(
    events: readonly HeldEvent[],
    chunkId: string | undefined,
    answers: readonly AnsweredEvent[],
    isTyped = false,
  ): Result[] {
    this.events = events;
    this.isTyped = isTyped;
    this.chunkId = chunkId;
    this.next = 0;
    this.others = 0;
    this.byId = undefined;
    for (const event of events) event.results = 0;
    return answers.map((answer) => (typeof answer === "string" ? this.ofText(answer) : this.ofParts(answer)));
  }

  private ofText(text: string): Result {
    const plain = this.ofPlainText(unframed(text));
    if (plain !== undefined) return plain;
    const { attributes, data, base64 } = structuredParts(membersOf(this.parseJson(text)));
    if (base64 !== undefined) return this.ofEvent(attributes, bytesOrThrow(base64));
    if (data === undefined && attributes.specversion === undefined)
      throw new BadRecord("it has neither 'specversion' nor 'data'");
    return this.ofEvent(attributes, data ?? null);
  }

  /** Where the answer is an event that was sent, as it was but for its data. */
  private ofPlainText(text: string): Result | undefined {
    const next = this.events[this.next];
    if (!this.isTyped && next?.isAllOf(text)) {
      this.next++;
      return this.continued(next, next.arrival.data, next.dataText);
    }
    const input = this.likely(text);
    if (input === undefined) return undefined;
    const { data: was } = input.arrival;
    if (!this.isTyped && input.isAllOf(text)) return this.continued(input, was, input.dataText);
    const data = was instanceof Uint8Array ? undefined : this.dataFrom(text, input.dataAt);
    return data === undefined ? undefined : this.continued(input, data.value, data.text);
  }

  /** The event that begins like the answer: the one behind the last, or one after it where the program leaves events out. */
  private likely(text: string): HeldEvent | undefined {
    const { events } = this;
    const before = this.next > 0 ? events[this.next - 1] : undefined;
    // What is further away is found by its id.
    const last = Math.min(events.length, this.next + likelyAhead);
    for (let index = this.next; index < last; index++) {
      const event = events[index]!;
      if (!event.isBeginningOf(text)) continue;
      this.next = index + 1;
      return event;
    }
    return before?.isBeginningOf(text) === true ? before : undefined;
  }

  /** The data, where nothing follows it. */
  private dataFrom(all: string, dataAt: number): { readonly value: unknown; readonly text: string } | undefined {
    if (!all.endsWith("}")) return undefined;
    const text = all.slice(dataAt, -1);
    try {
      return { value: this.parseJson(text), text };
    } catch {
      return undefined;
    }
  }

  private continued(input: HeldEvent, data: unknown, text: string | undefined): Result {
    const { time, set } = input.arrival;
    return { input, data, text, time, set: this.numbered(input, set) };
  }

  /** The first result keeps the id of its input. */
  private numbered(input: HeldEvent, set: Attributes): Attributes {
    const number = input.results++;
    return number === 0 ? set : withId(set, `${input.id}/${number}`);
  }

  private ofParts({ attributes, data, isText }: Exclude<AnsweredEvent, string>): Result {
    if (data === undefined) return this.ofEvent(attributes, null);
    if (isText) return this.ofEvent(attributes, String(data));
    return typeof data === "string"
      ? this.ofEvent(attributes, this.parseJson(data), data)
      : this.ofEvent(attributes, bytesOf(data));
  }

  private ofEvent(attributes: Readonly<Record<string, string>>, data: unknown, text?: string): Result {
    const { id } = attributes;
    const own = this.events.length === 1 ? this.events[0]! : this.byItsId(id);
    const input = own ?? this.events[0]!;
    const { arrival } = input;
    const known = input.attributes();
    const changed: Record<string, string> = {};
    let { time } = arrival;
    let changes = 0;
    for (const name in attributes) {
      const value = attributes[name]!;
      if (value === known[name] || name === "id" || name === "specversion") continue;
      if (name === "datacontenttype" && isJson(value) && isJson(known.datacontenttype ?? "application/json")) continue;
      if (name === "time") {
        parseTimestamp(value);
        time = value;
        continue;
      }
      changed[name] = value;
      changes++;
    }
    let set = arrival.set;
    if (changes > 0) {
      this.check({ ...known, ...changed });
      set = withChanges(set, changed, bareNames(attributes));
    }
    if (id !== undefined && id !== "" && id !== input.id) return { input, data, text, time, set: withId(set, id) };
    if (own === undefined) return { input, data, text, time, set: withId(set, `${this.chunkId}/${this.others++}`) };
    return { input, data, text, time, set: this.numbered(input, set) };
  }

  private byItsId(id: string | undefined): HeldEvent | undefined {
    if (id === undefined) return undefined;
    const next = this.events[this.next];
    if (next?.id === id) {
      this.next++;
      return next;
    }
    this.byId ??= new Map(this.events.map((event) => [event.id, event]));
    return this.byId.get(id);
  }
}

/** @param bare names of those that are an integer or a boolean */
function withChanges(
  set: Attributes,
  changed: Readonly<Record<string, string>>,
  bare: ReadonlySet<string> | undefined,
) {
  if (bare !== undefined) markBare(changed, new Set([...bare].filter((name) => name in changed)));
  const all = { ...set, ...changed };
  keepBareNames(set, changed, all);
  return all;
}

function withId(set: Attributes, id: string): Readonly<Record<string, string>> {
  const all = { ...set, id };
  keepBareNames(set, undefined, all);
  return all;
}

const dataFrame = '{"type":"Data","event":';

/** What is in a `Data` frame that is written as we write ours; whether it is JSON is for its reader to find out. */
function unframed(text: string): string {
  return text.slice(0, dataFrame.length) === dataFrame && text.endsWith("}}") ? text.slice(dataFrame.length, -1) : text;
}

function membersOf(value: unknown): Iterable<readonly [string, unknown]> {
  const members = entriesOf(value);
  if (members === undefined) throw new BadRecord("it is no JSON object");
  const { type, event, specversion } = Object.fromEntries(members);
  if (type !== "Data" || specversion !== undefined || event === undefined) return members;
  return entriesOf(event) ?? noObject();
}

function noObject(): never {
  throw new BadRecord("its 'event' is no JSON object");
}

function entriesOf(value: unknown): (readonly [string, unknown])[] | undefined {
  if (value instanceof Map) return [...value].map(([key, member]) => [String(key), member]);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
}

function bytesOrThrow(value: unknown): Uint8Array {
  const bytes = typeof value === "string" ? bytesFromBase64(value) : undefined;
  if (bytes === undefined) throw new BadRecord("its 'data_base64' is not base64");
  return bytes;
}
