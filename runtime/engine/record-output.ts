/**
 * Between a stage and a sink that is a log: has records written straight into the memory of its batches, a round at a time. While one is on its way the next one is filled, so the
 * rounds grow with the load.
 */
import type { Chunk } from "./chunk.ts";
import type { Awaitable, OutputMessage, RecordRound, RecordSink, Refusal, RoundRecord } from "./connector.ts";
import { encodeHeaders } from "./record-headers.ts";
import { type Parcel, SinkOutput } from "./sink-output.ts";
import { type ToldWatermark, watermarkHeader } from "./told-watermark.ts";

/** So many bytes make a round, which is then sent: all of it may be for one partition, and a batch has one MiB at most. */
const roundBytes = 768 << 10;
/** The round is asked for its size once in so many records. */
const sizeEvery = 32;
/** Of a record beside its value, for one so large that it is to be sent at once. */
const largeBytes = roundBytes / sizeEvery;
/** A log refuses times that are further in the future than an hour. */
const furthestAheadMs = 1_800_000;

export class RecordOutput extends SinkOutput<RecordRound> {
  readonly kind = "records";
  readonly attributes = false;
  private readonly sink: RecordSink;
  private round: RecordRound | undefined;
  private records = 0;
  private untilSize = sizeEvery;
  private latestMs = 0;
  private sending = 0;
  /** The run has nothing to do: what is collected goes out as soon as the round before it has been taken. */
  private isPushed = false;
  private lastTold = "";

  constructor(sink: RecordSink, ...rest: ConstructorParameters<typeof SinkOutput>) {
    super(...rest);
    this.sink = sink;
  }

  /** One record. @param timestampMs absent: now @returns why it is refused, or undefined */
  record(
    value: string | Uint8Array | null,
    key: string | Uint8Array | null,
    timestampMs: number | undefined,
    headers: Uint8Array | undefined,
    partition: number | undefined,
  ): string | undefined {
    const round = this.round ?? this.begin();
    const timestamp = timestampMs === undefined ? this.services.clock.nowMs() : this.notAhead(timestampMs);
    const refusal = round.add(key, value, timestamp, headers, partition);
    if (refusal === undefined) this.added(value === null ? 0 : value.length);
    return refusal;
  }

  /** The present record as it came. */
  untouched(partition: number | undefined): string | undefined {
    const { records, record } = this.services.current;
    const round = this.round ?? this.begin();
    const refusal = round.addUntouched(records!, record, partition);
    if (refusal === undefined) this.added(0);
    return refusal;
  }

  /** Tells those behind the topic of the watermark, where that, or the number of partitions, has changed since the last time. */
  tell(told: ToldWatermark): void {
    if (!this.isNews(told)) return;
    const text = JSON.stringify(told);
    const round = this.round ?? this.begin();
    // A round that was begun before the topic got more partitions does not reach those.
    this.lastTold = toldTo(text, round);
    const headers = encodeHeaders([[watermarkHeader, text]]);
    round.addToAll(null, this.services.clock.nowMs(), headers!);
    this.isPushed = true;
    this.sealIfPushed();
  }

  isNews(told: ToldWatermark): boolean {
    return toldTo(JSON.stringify(told), this.sink) !== this.lastTold;
  }

  text(record: string): void {
    this.put(record, null, undefined, undefined);
  }

  bytes(record: Uint8Array): void {
    this.put(record, null, undefined, undefined);
  }

  message(record: string | Uint8Array, _: OutputMessage["attributes"], headers: OutputMessage["headers"]): void {
    this.put(record, null, undefined, encodeHeaders(Object.entries(headers ?? {})));
  }

  isFirst(): boolean {
    return false;
  }

  beginChunk(_: Chunk): void {}

  endChunk(): void {}

  override push(): void {
    this.isPushed = true;
    this.sealIfPushed();
  }

  protected checkpoint(): Awaitable<unknown> {
    return this.sink.checkpoint?.();
  }

  get repeats(): boolean {
    return this.sink.checkpoint === undefined;
  }

  /** Of the dead letter, which has nothing behind it: what it refuses ends the run. @param timestampMs absent: now */
  put(
    value: string | Uint8Array | null,
    key: Uint8Array | null,
    timestampMs: number | undefined,
    headers: Uint8Array | undefined,
  ): void {
    const refusal = this.record(value, key, timestampMs, headers, undefined);
    if (refusal === undefined) return;
    this.services.refused(this.node, refusal, this.services.current.position(), Buffer.from(value ?? ""));
  }

  private begin(): RecordRound {
    this.latestMs = this.services.clock.nowMs() + furthestAheadMs;
    this.records = 0;
    this.untilSize = sizeEvery;
    this.round = this.sink.newRound();
    return this.round;
  }

  private notAhead(timestampMs: number): number {
    if (timestampMs <= this.latestMs) return timestampMs;
    const nowMs = this.services.clock.nowMs();
    this.latestMs = nowMs + furthestAheadMs;
    return timestampMs > this.latestMs ? nowMs : timestampMs;
  }

  private added(length: number): void {
    this.putRecords++;
    this.records++;
    if (--this.untilSize > 0 && length < largeBytes) return;
    this.untilSize = sizeEvery;
    if (this.round!.sizeBytes >= roundBytes) this.seal();
  }

  private sealIfPushed(): void {
    if (this.isPushed && this.sending === 0) this.seal();
  }

  protected seal(): void {
    const { round } = this;
    this.isPushed = false;
    if (round === undefined || (this.records === 0 && round.count === 0)) return;
    this.round = undefined;
    this.send(round, this.records, round.sizeBytes);
  }

  protected hand(round: RecordRound): Awaitable<undefined | readonly Refusal[]> {
    this.sending++;
    try {
      const answer = this.sink.send(round);
      if (!(answer instanceof Promise)) this.sending--;
      else answer.then(this.sent, this.sent);
      return answer;
    } catch (error) {
      this.sending--;
      throw error;
    }
  }

  private readonly sent = (): void => {
    this.sending--;
    // What was collected meanwhile follows at once where nothing more comes.
    this.sealIfPushed();
  };

  protected taken(): void {}

  protected recordsOf(round: RecordRound): readonly RoundRecord[] {
    return round.values();
  }

  /** A round is taken whole or not at all. */
  protected split<T>(parcel: Parcel<T>): readonly [Parcel<T>, Parcel<T>] {
    return [parcel, { ...parcel, records: 0 }];
  }
}

const toldTo = (text: string, { partitions = 1 }: { readonly partitions?: number }): string => `${partitions} ${text}`;
