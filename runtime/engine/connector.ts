/**
 * What a connector is: the only way between the engine and the outside. A connector is one file in runtime/connectors/
 * that exports one `Connector`; it knows nothing of nodes, operators or formats. It moves bytes.
 *
 * Everything that may wait returns `T | Promise<T>`: a connector that has the answer at once returns it plainly, so that a
 * batch costs no promise. All calls are per batch, never per event. The engine never calls a connector again before the last
 * `read`, `pull`, `write` or `send` of it has settled; `ack`, `stop` and `close` may come in between.
 *
 * Anything thrown should be a `RuntimeError`: `retryable: true` when the same call may succeed later.
 */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import type { FormatPlan, OptionValue } from "../../compiler/contract/runtime-config.ts";
import type { Chunk } from "./chunk.ts";
import type { Clock } from "./clock.ts";

export type Awaitable<T> = T | Promise<T>;

/** One line of the run's own log: a constant sentence, plus fields. */
export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What a connector is opened with. */
export interface OpenContext {
  readonly pipeline: string;
  /** The node's name, for messages and labels. */
  readonly node: string;
  /** By catalogue name, defaults filled in, secrets already replaced by their values. */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** The format that the engine decodes from or encodes to; most connectors need not look. */
  readonly format: FormatPlan;
  /** Against which relative paths are resolved. Absolute. */
  readonly baseDirectory: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Every source of the run can be read again from its start, so what a failed run wrote may be thrown away. Absent: it may be all there is. */
  readonly replayable?: boolean;
  /** The run keeps state, so that it can go on after a crash; absent when it does not. */
  readonly kept?: KeptContext;
  /**
   * Compiles an option `{ expr }` to a function of the named variables (`generate`'s `i`: `["i"]`). Call it once, when opening.
   * The values are runtime values; `toJson` writes them.
   */
  compile(expression: ExprTree, variables: readonly string[]): (...values: readonly unknown[]) => unknown;
  /** The JSON text of a runtime value: exact for 64-bit integers. */
  toJson(value: unknown): string;
}

/** Of a run that keeps state. */
export interface KeptContext {
  /** Names the state: the same in every run that goes on from it, and in no other at the same time. Letters and digits. */
  readonly id: string;
  /** Where the last checkpoint left this node: a sink's `checkpoint`, a message source's `positionAfter`, a `BytePosition`. Absent the first time. */
  readonly position?: unknown;
  /** That checkpoint was the last: a sink is opened only to be committed, and may have been already. */
  readonly isEnding?: boolean;
  /** The run before was stopped in order: nothing was written after that checkpoint. */
  readonly wasStopped?: boolean;
}

/** How far a byte source has been read. */
export interface BytePosition {
  readonly part: string;
  /** Of the first byte that is to be read again. */
  readonly offset: number;
  /** The whole part has been read. */
  readonly ended: boolean;
}

/** One row of the registry. A role is missing where the catalogue's row does not have it. */
export interface Connector {
  /** The catalogue name, `file`. */
  readonly type: string;
  /** A source of it gives the same again in the next run (a file), unlike standard input or HTTP. */
  readonly replayable?: true;
  /** Why a source of it cannot go on after a crash, as the end of a sentence; absent when it can, or has nothing that is lost. */
  forgets?(options: OpenContext["options"]): string | undefined;
  /** Called once per source node when a run starts, before anything is read. Opens or throws; must not read ahead. */
  openSource?(context: OpenContext): Awaitable<SourceConnector>;
  /** Called once per sink node (and for the dead letter) when a run starts, before any source is opened. */
  openSink?(context: OpenContext): Awaitable<SinkConnector>;
  /** Throws where `openSink` would. Called when a run starts for a dead letter that the pipeline names, which is opened with the first bad event. */
  checkSink?(context: OpenContext): Awaitable<void>;
  /**
   * Called once per table at start, before sources are opened. The engine reads it to its end through the node's format,
   * then closes it. Must be bounded. Absent: `openSource` is used.
   */
  openTable?(context: OpenContext): Awaitable<SourceConnector>;
}

// Sources

/**
 * Where bytes come from. Pull only: the engine asks for more when it has room, so a connector never buffers without limit.
 *
 * Three shapes. `bytes`: parts (files) of one long run of bytes which the engine cuts into records by the format (lines, csv
 * records, the whole part). `messages`: each message is one record already (HTTP requests, cron ticks). `records`: blocks of records of the
 * partitions of a log (Kafka), as ranges of bytes, so that no object is made for each.
 */
export type SourceConnector = ByteSource | MessageSource | RecordSource;

export interface ByteSource {
  readonly kind: "bytes";
  /** Its bytes are there (files): another source is not read in its stead, so that the order of reading does not depend on how fast they come. */
  readonly isSteady?: boolean;
  /**
   * The next part, in order; undefined after the last, which ends the source. Called first at the start, then each time a
   * part's `read` gave 0.
   */
  nextPart(): Awaitable<BytePart | undefined>;
  /**
   * Everything of the part named `part` before byte `offset` has been taken by every sink it reached, or is in the dead letter. Called at
   * most once per block, in order; parts in order. Must not throw; a connector that has nowhere to note it does nothing.
   */
  ack(part: string, offset: number): void;
  /** The run is stopping: a pending `read` or `nextPart` should settle soon, with the end. Called at most once. */
  stop(): void;
  /** The last call. `failed` when not everything that was read has been acknowledged. Closes an open part too. */
  close(failed: boolean): Awaitable<void>;
}

/** One file, or the whole of standard input. */
export interface BytePart {
  /** Stable from run to run: a record's position, and so its id, is `name:byteOffset`. `orders.ndjson`, `stdin`. */
  readonly name: string;
  /** Offset of the first byte `read` will give; not 0 when reading starts again after an acknowledged offset. */
  readonly startOffset: number;
  /** The part's own time (a file's modification), used when a record has no better one. Milliseconds since 1970. */
  readonly timeMs?: number;
  /**
   * Fills `buffer` from `at` with as many bytes as are there, at least one; 0 is the end of the part, after which it is not called again.
   * The engine owns the buffer and uses it again: keep no reference after settling. `buffer.length - at` is at least 1.
   */
  read(buffer: Uint8Array, at: number): Awaitable<number>;
  /** Called once, after `read` gave 0 or when the run is given up. */
  close(): Awaitable<void>;
}

export interface MessageSource {
  readonly kind: "messages";
  /** `false`: `ack` means nothing to it (made-up events), so the engine need not keep its batches until the next checkpoint. */
  readonly acknowledges?: false;
  /**
   * The next messages, at least one and at most `max`; undefined ends the source. While the promise is pending the engine takes
   * the source to be idle: it writes out what it holds and acknowledges, so nothing waits for a batch to fill.
   */
  pull(max: number): Awaitable<MessageBatch | undefined>;
  /**
   * All of the batch has been taken by every sink and, in memory, every window it reached, or is in the dead letter; where state is kept it is
   * in a checkpoint besides. Called at most once per batch, in the order of `pull`. Must not throw.
   * An HTTP source answers its requests here.
   */
  ack(batch: MessageBatch): void;
  /** The run is stopping: a pending `pull` should settle soon, with what is there or with undefined. New input is refused. Called at most once. */
  stop(): void;
  /** What `OpenContext.kept.position` is to be for the source to go on behind this message. Absent: nothing can be read again. */
  positionAfter?(message: Message): unknown;
  /** The last call. `failed` when not every batch has been acknowledged: an HTTP source answers 503 to what is left. */
  close(failed: boolean): Awaitable<void>;
}

/** Made by the connector, which may hang anything it needs for `ack` on it. The engine changes nothing in it. */
export interface MessageBatch {
  readonly messages: readonly Message[];
}

export interface Message {
  /** Owned by the engine from now on: the connector does not write into it again. */
  readonly bytes: Uint8Array;
  /** Unique and, where the source can be replayed, the same for the same message: the event's id. `topic/partition/offset`, a request's UUID. */
  readonly position: string;
  /** The transport's time, milliseconds since 1970. Absent: the clock's time when it arrives. */
  readonly timeMs?: number;
  /** Lower-case names. Read by the `cloudevents` format (binary mode), kept for a sink that has headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** CloudEvent attributes that the transport already took off (a CloudEvent posted to a source of format `json`): they are the event's own. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface RecordSource {
  readonly kind: "records";
  /** What it reads, each `topic/partition`; the same as long as it is open. Each has a watermark of its own, of which the source's is the least. */
  readonly partitions: readonly string[];
  /** Its topics are between stages: watermarks come in them, as records of their own, and not from the times of events. */
  readonly hasWatermarks?: true;
  /** Records without a value are passed over; else they are events whose data is null. */
  readonly skipsNull?: true;
  /** Whoever has the records has not answered lately, so that nobody knows whether there are any: it is not idle then. Absent: false. */
  readonly isUnanswered?: boolean;
  /** The next block; undefined ends the source. While the promise is pending the engine takes the source to be idle, as with messages. */
  pull(): Awaitable<RecordBlock | undefined>;
  /** Records of the partition before `offset` have been through the stage. Called at the end of each turn, for the checkpoint that may come between two turns. */
  passed(topic: string, partition: number, offset: number): void;
  /** Records of the partition before `offset` have been taken by every sink they reached, or are in the dead letter, or in a checkpoint. In order. */
  ack(topic: string, partition: number, offset: number): void;
  /** The run is stopping: a pending `pull` should settle soon. */
  stop(): void;
  close(failed: boolean): Awaitable<void>;
}

/** What the loop of a `RecordSource` keeps, and gives back as `OpenContext.kept.position`: it goes on from there. */
export interface RecordPosition {
  /** By `topic/partition`: of the next record. Without those of which nothing has been read. */
  readonly offsets: Readonly<Record<string, number>>;
  /** Watermarks of the partitions. */
  readonly channels?: unknown;
}

/** Records of one partition, in order: where each stands in `bytes`. Nobody writes into it. */
export interface RecordBlock {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
  readonly count: number;
  /** `recordStride` numbers for each record, see `RecordField`. */
  readonly index: Int32Array;
  /** Of the record with offset delta 0. */
  readonly baseOffset: number;
  /** Of each record, ms since 1970. */
  readonly timestamps: Float64Array;
  /** Of the first record behind the block: where to go on. Beyond the last record where that is followed by markers of transactions, or by what compaction took. */
  readonly nextOffset: number;
  /**
   * Gives its memory back at once: nothing of it, nor anything that points into its bytes, may be looked at again. Called when all records are through the stage, where nobody
   * kept more than copies (`Current.holdsBlock`). Where it is absent or not called the garbage collector does it, at a cost as high as that of all the rest of reading.
   */
  readonly release?: () => void;
}

/** Places in a record's part of `RecordBlock.index`. Ends are exclusive; a start of −1 is null. */
export const RecordField = {
  keyStart: 0,
  keyEnd: 1,
  valueStart: 2,
  valueEnd: 3,
  /** Of the headers as they came, from their count on. */
  headersStart: 4,
  headersEnd: 5,
  headerCount: 6,
  offsetDelta: 7,
} as const;
export const recordStride = 8;

// Sinks

/**
 * Where bytes go. `bytes`: blocks of encoded records, each ended as the format says (JSON lines end in LF), to be put one after the
 * other. `messages`: records one by one, with headers.
 *
 * Ending: `flush` and then exactly one of `commit` (the run ended well: put the file in its place) and `abort` (it did not: leave
 * no half output behind where that is possible). Nothing is called after those.
 */
export type SinkConnector = ByteSink | MessageSink | RecordSink;

interface SinkEnd {
  /** Everything given so far is as durable as this connector makes it when it settles. Called once, at the end. */
  flush(): Awaitable<void>;
  commit(): Awaitable<void>;
  /** Must not throw. */
  abort(): Awaitable<void>;
  /**
   * Called where the run keeps state, between two blocks: makes everything taken so far durable and gives the place behind it, a plain value. Opened with
   * that as `OpenContext.kept.position` the sink takes back all that came after. Absent: it cannot take back, so a crash may bring events twice.
   */
  checkpoint?(): Awaitable<unknown>;
  /** Instead of `commit` and `abort` where the run is to go on later from its last checkpoint: closes, and takes nothing back. Must not throw. */
  leave?(): Awaitable<void>;
}

export interface ByteSink extends SinkEnd {
  readonly kind: "bytes";
  /** What is there already goes on (`append` to a file with something in it): the format writes no head (csv header row). */
  readonly continues?: boolean;
  /**
   * Takes a block (64 KiB and more, less when the input is idle). Returning plainly or resolving means taken: the engine then uses
   * the memory again and may acknowledge the input. A promise slows the sources down until it settles. When it throws a retryable error none, or a part, of
   * the block was written and the same block comes again: continue where it stopped.
   */
  write(block: Uint8Array): Awaitable<void>;
  /**
   * The sink takes chunks as such, and nothing else: `write` is not called, and a sink that events come to outside of a chunk is refused at start. The blocks are
   * the whole chunk. When it throws a retryable error nothing of the chunk was taken, and it comes again.
   */
  writeChunk?(chunk: Chunk, blocks: readonly Uint8Array[]): Awaitable<void>;
}

export interface MessageSink extends SinkEnd {
  readonly kind: "messages";
  /** Also wants CloudEvent attributes, as `OutputMessage.attributes`; leaving it out saves their making. */
  readonly attributes?: boolean;
  /**
   * Takes up to a few hundred messages in order. Returning or resolving means that all were taken but those named: refused messages
   * are bad events (a 4xx answer) and go to the dead letter. Throwing a retryable error brings the same batch again: skip what was taken already.
   */
  send(batch: readonly OutputMessage[]): Awaitable<undefined | readonly Refusal[]>;
  /** Takes a whole chunk, in one go. Absent: its messages come one after the other like all others. */
  sendChunk?(chunk: Chunk, messages: readonly OutputMessage[]): Awaitable<undefined | readonly Refusal[]>;
}

/** A log with partitions (Kafka): takes records straight into the memory of batches. Made once a sink, or once for several tasks of a worker. */
export interface RecordSink extends SinkEnd {
  readonly kind: "records";
  /** Of the topic, as known now: it may get more. Absent: it has one. */
  readonly partitions?: number;
  /** Empty; at most a few are asked for at a time. Filled by the engine, sent, and used again once `send` has settled. */
  newRound(): RecordRound;
  /** Resolves when all of it is stored. Rounds come one after the other. Throws only what cannot be cured by waiting. */
  send(round: RecordRound): Awaitable<readonly Refusal[] | undefined>;
}

/** Records on their way to the partitions of one topic. */
export interface RecordRound {
  /** Of the topic, as known when the round was begun. Absent: it has one. */
  readonly partitions?: number;
  readonly count: number;
  readonly sizeBytes: number;
  /**
   * One record to the partition of its key; `null` is no key (any partition), or a tombstone.
   * @param partition chosen by the pipeline, instead of by the key: its remainder by the number of partitions
   * @param headers as in a record, from their count on
   * @returns why the record is refused (too large, no such partition), or undefined
   */
  add(
    key: string | Uint8Array | null,
    value: string | Uint8Array | null,
    timestampMs: number,
    headers: Uint8Array | undefined,
    partition: number | undefined,
  ): string | undefined;
  /** The record of a block as it came, to the partition of its key. */
  addUntouched(block: RecordBlock, record: number, partition: number | undefined): string | undefined;
  /** A record to every partition. */
  addToAll(value: Uint8Array | null, timestampMs: number, headers: Uint8Array): void;
  /** The records of it, for the dead letter. */
  values(): readonly RoundRecord[];
}

export interface RoundRecord {
  readonly position: string;
  /** The value. */
  readonly bytes: Uint8Array;
  /** Where it stands with its key and headers. Valid until the round is used again. */
  readonly stands?: { readonly block: RecordBlock; readonly record: number };
}

export interface OutputMessage {
  /** One encoded record, without a line end. Valid after the call too. */
  readonly bytes: Uint8Array;
  /** The id of the event it came from: unique per event, the same when the same input is run again. */
  readonly id: string;
  /** CloudEvent attributes as text, when the sink asked for them: `id source type time …`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Set by the format: `content-type`, `ce-…` in binary mode. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The id of the chunk that the event is a part of. */
  readonly chunk?: string;
}

export interface Refusal {
  /** Of the message in the batch. */
  readonly index: number;
  readonly reason: string;
}
