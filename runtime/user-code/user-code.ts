/**
 * User code as the engine sees it: units go out, answers come back. A unit is one event, or one chunk. How they travel (HTTP, standard input and output,
 * named pipes, sockets, files) is a file each beside this one; what the bytes are says docs/user-code.md. Knows nothing of nodes, watermarks or sinks.
 *
 * Nothing here may run in a browser: a run is given `RunServices.userCode` where programs can be started.
 */
import type { OptionValue } from "../../compiler/contract/runtime-config.ts";
import type { Clock } from "../engine/clock.ts";
import type { Log } from "../engine/connector.ts";

/** One event on its way to user code. Made by the engine; stays as it is until its unit is settled. */
export interface SentEvent {
  readonly id: string;
  /** The event as one line of JSON in structured mode, all attributes there; no line end. */
  readonly json: string;
  /** CloudEvent attributes as text: `specversion id source type time datacontenttype …`. Made when asked for. */
  attributes(): Readonly<Record<string, string>>;
  /** The attributes alone as a JSON object, integers and booleans as such. Absent: made of `attributes`. */
  attributesJson?(): string;
  /** JSON text; bytes where the data is bytes; a string that is no JSON where `datacontenttype` says so. */
  data(): string | Uint8Array;
}

export interface SentChunk {
  readonly id: string;
  /** JSON text; undefined where the chunk has no key. */
  readonly key: string | undefined;
  /** RFC 3339. */
  readonly window: { readonly start: string; readonly end: string } | undefined;
}

/** What is answered, tried again and given up as one. */
export interface Unit {
  /** Of the event, or of the chunk. The same when it is sent again. */
  readonly id: string;
  /** Undefined: one event that belongs to no chunk, so no frames are shown. */
  readonly chunk: SentChunk | undefined;
  /** At least one; exactly one where there is no chunk. */
  readonly events: readonly SentEvent[];
}

/**
 * One result: the JSON text of a CloudEvent in structured mode, of which any attribute may lack, or of a frame `{"type":"Data","event":{…}}`; or what a transport has
 * taken apart already: attributes (names in lower case, any may lack), and data as JSON text, as bytes, or as plain text where `isText`.
 */
export type AnsweredEvent =
  | string
  | {
      readonly attributes: Readonly<Record<string, string>>;
      readonly data: string | Uint8Array | undefined;
      readonly isText?: true;
    };

export type Outcome =
  /** Taken by the program, which answered these, in order. */
  | { readonly kind: "done"; readonly results: readonly AnsweredEvent[] }
  /** The program says the event is bad: no other try. */
  | { readonly kind: "rejected"; readonly reason: string }
  /** Worth another try; counts as one. `retryAfterMs`: not before. */
  | { readonly kind: "failed"; readonly reason: string; readonly retryAfterMs?: number }
  /** Not the unit's fault (another one made the program end): sent again, not counted. */
  | { readonly kind: "interrupted" };

export interface UserCodeServices {
  /** Unit settled; called once for each `send`, never from inside `send`. */
  answered(unit: Unit, outcome: Outcome): void;
  /** `width` has grown. */
  widened(): void;
  /** The program cannot be kept running: ends the run. */
  failed(error: unknown): void;
  readonly log: Log;
  /** Real time, also where the pipeline's is moved by hand. */
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

/** One program that runs, with the way to it. */
export interface UserCode {
  /** How many units may be under way at once; may grow while it runs. */
  readonly width: number;
  /** It is given units in order, and a unit that is tried again before those behind it. */
  readonly isOrdered: boolean;
  /** Only between `send` and `answered`. Never throws. */
  send(unit: Unit): void;
  /** Nothing is under way: asks the program to end, waits `grace`, then ends it. Resolves when it is gone. */
  close(): Promise<void>;
  /** At once; the program and all it started are gone when it resolves. */
  abort(): Promise<void>;
}

/** `process` and `container` alike: the engine has replaced secrets and filled in defaults. */
export interface UserCodePlan {
  readonly node: string;
  /** The pipeline's name, for the program's FLOW_PIPELINE. */
  readonly pipeline?: string;
  /** The program's working directory, against which a relative command is resolved. Absolute; absent: ours. */
  readonly baseDirectory?: string;
  /** `file:line:column`. */
  readonly at: string;
  /** By catalogue name: `io command args env url timeout grace ready concurrency mode frames`. `command` is there: containers run by `--exec` have it too. */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** `code javascript """…"""`: run by the runtime's own runner over standard input and output. */
  readonly code?: { readonly language: "javascript"; readonly source: string };
}

/** Starts the program and resolves when it is ready. @throws RuntimeError "user-code-unavailable" */
export type OpenUserCode = (plan: UserCodePlan, services: UserCodeServices) => Promise<UserCode>;
