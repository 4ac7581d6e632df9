/**
 * The requests that kafkajs cannot make: records as bytes in and out, and offsets with the group's generation or only once they are stable.
 * Source: https://kafka.apache.org/protocol
 */
import type { ProtocolCall } from "kafkajs/src/network/connectionPool.js";
import type { GroupGeneration, PartitionOffset, TopicPartition } from "../client.ts";

export interface FetchRequest {
  readonly isReadCommitted: boolean;
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly partitionMaxBytes: number;
  readonly from: readonly PartitionOffset[];
}

export interface FetchedPartition extends TopicPartition {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  /** Views of the whole answer. */
  readonly records: Buffer;
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: bigint }[];
}

/** Version 11, without a session. */
export function fetchCall(fetch: FetchRequest): ProtocolCall<readonly FetchedPartition[]> {
  const out = new Out();
  out
    .int32(-1)
    .int32(fetch.maxWaitMs)
    .int32(1)
    .int32(fetch.maxBytes)
    .int8(fetch.isReadCommitted ? 1 : 0)
    .int32(0)
    .int32(-1)
    .list(byTopic(fetch.from), ([topic, its]) =>
      out.text(topic).list(its, ({ partition, offset }) => {
        out.int32(partition).int32(-1).int64(offset).int64(-1).int32(fetch.partitionMaxBytes);
      }),
    )
    .int32(0)
    .text("");
  return callOf("Fetch", 1, 11, out, (answer) => {
    answer.skip(4 + 2 + 4);
    return answer
      .list(() => {
        const topic = answer.text() ?? "";
        return answer.list(() => ({
          topic,
          partition: answer.int32(),
          errorCode: answer.int16(),
          highWatermark: answer.int64(),
          lastStableOffset: answer.int64(),
          ...readRecords(answer),
        }));
      })
      .flat();
  });
}

/** Behind the start of the log: what was aborted, and, behind the replica to read from, the records. */
function readRecords(answer: In): Pick<FetchedPartition, "aborted" | "records"> {
  answer.skip(8);
  const aborted = answer.list(() => ({ producerId: answer.bigint64(), firstOffset: answer.bigint64() }));
  answer.skip(4);
  return { aborted, records: answer.bytes() };
}

export interface BatchBytes extends TopicPartition {
  readonly bytes: Uint8Array;
}

export interface PartitionCode extends TopicPartition {
  readonly errorCode: number;
}

/** Version 7, all replicas in sync. */
export function produceCall(
  transactionalId: string | undefined,
  timeoutMs: number,
  batches: readonly BatchBytes[],
): ProtocolCall<readonly PartitionCode[]> {
  const out = new Out();
  out
    .text(transactionalId ?? null)
    .int16(-1)
    .int32(timeoutMs)
    .list(byTopic(batches), ([topic, its]) =>
      out.text(topic).list(its, ({ partition, bytes }) => out.int32(partition).bytes(bytes)),
    );
  return callOf("Produce", 0, 7, out, (answer) =>
    answer
      .list(() => {
        const topic = answer.text() ?? "";
        return answer.list(() => {
          const partition = answer.int32();
          const errorCode = answer.int16();
          answer.skip(3 * 8);
          return { topic, partition, errorCode };
        });
      })
      .flat(),
  );
}

export interface CommittedOffset extends PartitionOffset {
  readonly errorCode: number;
}

/** Version 7. `isStable`: an error instead of the offset while a transaction over it is open. */
export function committedCall(
  group: string,
  of: readonly TopicPartition[],
  isStable: boolean,
): ProtocolCall<{ readonly errorCode: number; readonly offsets: readonly CommittedOffset[] }> {
  const out = new Out();
  out
    .noTags()
    .compactText(group)
    .compactList(byTopic(of), ([topic, its]) =>
      out
        .compactText(topic)
        .compactList(its, ({ partition }) => out.int32(partition))
        .noTags(),
    )
    .int8(isStable ? 1 : 0)
    .noTags();
  return callOf("OffsetFetch", 9, 7, out, (answer) => {
    answer.tags();
    answer.skip(4);
    const offsets = answer
      .compactList(() => {
        const topic = answer.compactText() ?? "";
        const its = answer.compactList(() => {
          const partition = answer.int32();
          const offset = answer.int64();
          answer.skip(4);
          answer.compactText();
          const errorCode = answer.int16();
          answer.tags();
          return { topic, partition, offset, errorCode };
        });
        answer.tags();
        return its;
      })
      .flat();
    return { errorCode: answer.int16(), offsets };
  });
}

/** TxnOffsetCommit, version 3: the coordinator refuses it where the generation is not the present one. */
export function transactionOffsetsCall(
  transactionalId: string,
  producer: { readonly id: bigint; readonly epoch: number },
  { group, generation, member }: GroupGeneration,
  offsets: readonly PartitionOffset[],
): ProtocolCall<readonly PartitionCode[]> {
  const out = new Out();
  out
    .noTags()
    .compactText(transactionalId)
    .compactText(group)
    .bigint64(producer.id)
    .int16(producer.epoch)
    .int32(generation)
    .compactText(member)
    .compactText(null)
    .compactList(byTopic(offsets), ([topic, its]) =>
      out
        .compactText(topic)
        .compactList(its, ({ partition, offset }) => {
          out.int32(partition).int64(offset).int32(-1).compactText(null).noTags();
        })
        .noTags(),
    )
    .noTags();
  return callOf("TxnOffsetCommit", 28, 3, out, (answer) => {
    answer.tags();
    answer.skip(4);
    return answer
      .compactList(() => {
        const topic = answer.compactText() ?? "";
        const its = answer.compactList(() => {
          const at = { topic, partition: answer.int32(), errorCode: answer.int16() };
          answer.tags();
          return at;
        });
        answer.tags();
        return its;
      })
      .flat();
  });
}

const byTopic = <At extends TopicPartition>(all: readonly At[]): (readonly [string, readonly At[]])[] => [
  ...Map.groupBy(all, ({ topic }) => topic),
];

function callOf<Answer>(
  apiName: string,
  apiKey: number,
  apiVersion: number,
  out: Out,
  read: (answer: In) => Answer,
): ProtocolCall<Answer> {
  const buffer = out.written;
  return {
    request: { apiKey, apiVersion, apiName, encode: async () => ({ buf: buffer, buffer }) },
    response: { decode: async (payload) => read(new In(payload)), parse: async (answer) => answer },
  };
}

class Out {
  private bytesOut = Buffer.allocUnsafe(256);
  private at = 0;

  get written(): Buffer {
    return this.bytesOut.subarray(0, this.at);
  }

  int8(value: number): this {
    this.at = this.room(1).writeInt8(value, this.at);
    return this;
  }

  int16(value: number): this {
    this.at = this.room(2).writeInt16BE(value, this.at);
    return this;
  }

  int32(value: number): this {
    this.at = this.room(4).writeInt32BE(value, this.at);
    return this;
  }

  int64(value: number): this {
    return this.bigint64(BigInt(value));
  }

  bigint64(value: bigint): this {
    this.at = this.room(8).writeBigInt64BE(value, this.at);
    return this;
  }

  text(value: string | null): this {
    if (value === null) return this.int16(-1);
    return this.int16(Buffer.byteLength(value)).raw(Buffer.from(value));
  }

  bytes(value: Uint8Array): this {
    return this.int32(value.length).raw(value);
  }

  list<Item>(items: readonly Item[], each: (item: Item) => void): this {
    this.int32(items.length);
    for (const item of items) each(item);
    return this;
  }

  compactText(value: string | null): this {
    if (value === null) return this.varint(0);
    return this.varint(Buffer.byteLength(value) + 1).raw(Buffer.from(value));
  }

  compactList<Item>(items: readonly Item[], each: (item: Item) => void): this {
    this.varint(items.length + 1);
    for (const item of items) each(item);
    return this;
  }

  /** Also what a flexible request has behind its head, which kafkajs does not write. */
  noTags(): this {
    return this.int8(0);
  }

  private varint(value: number): this {
    this.room(5);
    let rest = value;
    for (; rest > 127; rest >>>= 7) this.bytesOut[this.at++] = (rest & 127) | 128;
    this.bytesOut[this.at++] = rest;
    return this;
  }

  private raw(value: Uint8Array): this {
    this.room(value.length).set(value, this.at);
    this.at += value.length;
    return this;
  }

  private room(size: number): Buffer {
    if (this.at + size > this.bytesOut.length) {
      const larger = Buffer.allocUnsafe((this.at + size) * 2);
      this.bytesOut.copy(larger, 0, 0, this.at);
      this.bytesOut = larger;
    }
    return this.bytesOut;
  }
}

/** Throws a RangeError at the end of the bytes. */
class In {
  private readonly source: Buffer;
  private at = 0;

  constructor(source: Buffer) {
    this.source = source;
  }

  skip(size: number): void {
    this.at += size;
  }

  int16(): number {
    this.at += 2;
    return this.source.readInt16BE(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.source.readInt32BE(this.at - 4);
  }

  bigint64(): bigint {
    this.at += 8;
    return this.source.readBigInt64BE(this.at - 8);
  }

  int64(): number {
    return Number(this.bigint64());
  }

  text(): string | null {
    const size = this.int16();
    return size < 0 ? null : this.take(size).toString("utf8");
  }

  bytes(): Buffer {
    return this.take(Math.max(0, this.int32()));
  }

  list<Item>(read: () => Item): Item[] {
    return this.items(this.int32(), read);
  }

  compactText(): string | null {
    const size = this.varint();
    return size === 0 ? null : this.take(size - 1).toString("utf8");
  }

  compactList<Item>(read: () => Item): Item[] {
    return this.items(this.varint() - 1, read);
  }

  tags(): void {
    for (let left = this.varint(); left > 0; left--) {
      this.varint();
      this.take(this.varint());
    }
  }

  private items<Item>(count: number, read: () => Item): Item[] {
    // Each has at least two bytes.
    if (count * 2 > this.source.length - this.at) throw new RangeError("A list is longer than its answer");
    return Array.from({ length: Math.max(0, count) }, read);
  }

  private varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.source.readUInt8(this.at++);
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new RangeError("A length has no end");
  }

  private take(size: number): Buffer {
    const from = this.at;
    this.at += size;
    if (this.at > this.source.length) throw new RangeError("The answer ends too early");
    return this.source.subarray(from, this.at);
  }
}
