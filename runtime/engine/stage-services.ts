/** What generated code calls: the engine as a stage sees it. Everything here is synchronous. */
import type { FormatPlan, StepPlan } from "../../compiler/contract/runtime-config.ts";
import type { RecordDecoder, RecordEncoder } from "../codec/format.ts";
import type { Timestamp } from "../expr/values/timestamp.ts";
import type { SpillPlan } from "../windows/spill.ts";
import type { BadEvent } from "./bad-event.ts";
import type { ChunkTaker } from "./chunk.ts";
import type { Current } from "./current.ts";
import type { EventTimeline } from "./event-time.ts";
import type { Probe } from "./probe.ts";
import type { Taking } from "./progress.ts";
import type { TableHolder } from "./refresh-tables.ts";

/** Takes the records of one sink, in order. Never fails and never waits: what it holds is bounded by the source being paused. */
export interface SinkIntake extends ChunkTaker {
  readonly kind: "bytes" | "messages" | "records";
  /** One record's text, its end not included. */
  text(record: string): void;
  bytes(record: Uint8Array): void;
  /** Of a message sink that wants attributes or headers. */
  message(
    record: string | Uint8Array,
    attributes: Readonly<Record<string, string>> | undefined,
    headers: Readonly<Record<string, string>> | undefined,
  ): void;
  /** The sink asked for CloudEvent attributes with each message. */
  readonly attributes: boolean;
  /** Nothing has been put in yet, so the head of the format (a csv header) is due. */
  isFirst?(): boolean;
  /** `csv`, `cloudevents`. */
  readonly encoder: RecordEncoder | undefined;
  readonly format: FormatPlan;
}

/** Of a sink that is a log. Both give the reason why the record is refused, or undefined. */
export interface RecordIntake extends SinkIntake {
  readonly kind: "records";
  /** `headers` as they stand in a record, from their count on; without `timestampMs` it is written with the present time. */
  record(
    value: string | Uint8Array | null,
    key: string | Uint8Array | null,
    timestampMs: number | undefined,
    headers: Uint8Array | undefined,
    partition: number | undefined,
  ): string | undefined;
  /** The present record of a log, as it came. */
  untouched(partition: number | undefined): string | undefined;
}

/** The way out to user code and back, as generated code sees it. */
export interface StagePort extends ChunkTaker, Taking {
  /** Written by the generated code: takes an event up again behind the port. */
  give: (data: unknown, time: EventTime, set: Attributes, timeMs: number, isRetracted: boolean) => void;
  /** `Current.text` is to be the JSON of the data of what is given. */
  givesText: boolean;
  /** The same where the event, or what came back of it, is bad. */
  refuse: (error: unknown, time: EventTime, set: Attributes, timeMs: number, isRetracted: boolean) => void;
  /** What comes back is held to a declared type, so its data must be as a source would read it. */
  isTyped: boolean;
  /** What takes chunks behind it. */
  takers: readonly ChunkTaker[];
  /** The present event goes out. `text`: of its data, where nobody touched it. */
  put(
    data: unknown,
    time: EventTime,
    set: Attributes,
    timeMs: number,
    isRetracted: boolean,
    text: string | undefined,
  ): void;
}

export interface StageServices {
  readonly pipeline: string;
  readonly current: Current;
  /** By table name. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string | number, unknown>>;
  /** By name: tables whose rows are exchanged while the stage runs. */
  readonly refreshed?: ReadonlyMap<string, TableHolder> | undefined;
  /** By node name. */
  readonly sinks: ReadonlyMap<string, SinkIntake>;
  /** By source name, for formats the engine does not know itself; asked anew for each record, as the decoder changes with the part. */
  readonly decoders: { get(source: string): { readonly decoder: RecordDecoder } };
  /** Numbers of events: `counts[stride * node]` in, `+ 1` out, `+ 2` bad. */
  readonly counts: Float64Array;
  /** Counts a bad event and makes its record. Throws RuntimeError "bad-event" under `errors fail`. */
  bad(node: number, operator: number, error: unknown): BadEvent;
  /** Keeps a bad event that no `errors` reader takes. */
  deadLetter(bad: BadEvent): void;
  throttle(node: string, count: number, perMs: number): { pass(): void };
  /** Processing time, for what waits for it. */
  nowMs(): number;
  /** An output behind the node is full or a throttle waits: a window stops giving results. */
  isPaused(node: number): boolean;
  /** The way to user code: of a step, by its node, and of an operator in it. */
  port(node: number, plan: StepPlan, operator: number): StagePort;
  /** What holds events back until later, in the order of the nodes: until then they are not acknowledged. */
  hold(node: number, taking: Taking): void;
  /** Where cells of windows go that memory has no room for. */
  readonly spill?: SpillPlan | undefined;
  /** Ends the turn of a source, by its node. */
  readonly gates: { of(source: number): { yieldTurn(): void } };
  log(node: string, label: string, data: unknown): void;
  /** Code that tells it of every event is generated only where there is one. */
  readonly probe?: Probe | undefined;
  parseJson(text: string): unknown;
  toJson(data: unknown): string;
}

export const countStride = 3;

/** What `compileStage` gives. */
export interface Stage {
  /** By source name: takes one record, which `current` describes. */
  readonly sources: Readonly<Record<string, (text: string) => void>>;
  /** An undecodable record of a source, or one that a sink refused: `current` describes it. */
  fail(node: number, operator: number, error: unknown): void;
  /** Gives a bad event made elsewhere to the readers of a node's errors. */
  refused(node: number, bad: BadEvent, atMs: number): void;
  /** Undefined where nothing lives by event time. */
  readonly time: EventTimeline | undefined;
}

/** What the pipeline set: a Timestamp, the RFC 3339 text it was read from, or milliseconds; a Timestamp is made only where one is asked for. */
export type EventTime = Timestamp | string | number | undefined;
export type Attributes = Readonly<Record<string, string>> | undefined;
