/** Reads a partition of a changelog topic to its end. */
import { setTimeout as delay } from "node:timers/promises";
import { type RecordBlock, RecordField, recordStride } from "../../engine/connector.ts";
import type { KafkaClient, PartitionReader, TopicPartition } from "../client.ts";
import { KafkaError } from "../kafka-error.ts";
import { stateDamaged } from "./changelog-content.ts";

/** Markers of transactions are no records: that a reader has passed the last of them is seen by its position only. */
const lookEveryMs = 5;

/** Whoever takes what is read. */
export interface ChangelogRecords {
  /** A value of null is a tombstone. Both are views of memory that is used again. */
  take(key: Buffer | null, value: Buffer | null): void;
  /** Before more is read. */
  room?(): Promise<void>;
}

export interface Reading {
  readonly records: number;
  readonly bytes: number;
  /** Where to go on: behind all that was read. */
  readonly nextOffset: number;
}

/**
 * The writer before must have been fenced (`KafkaClient.producer` with its transactional id), so that nothing of it is open any more.
 * @param fromOffset what comes before is in `content` already; absent: the beginning
 * @throws RuntimeError "state-damaged" also where the changelog does not reach back to `fromOffset`, or not up to it
 * @throws RuntimeError "state-damaged", "state-of-other-version"; KafkaError "unavailable", "unknown-topic"
 */
export async function readChangelog(
  client: KafkaClient,
  at: TopicPartition,
  content: ChangelogRecords,
  fromOffset?: number,
): Promise<Reading> {
  const [start = 0] = await client.offsets("start", [at]);
  const [end = 0] = await client.offsets("end", [at]);
  const offset = fromOffset ?? start;
  if (offset < start || offset > end) throw stateDamaged(placeOf(at), `it goes from ${start} to ${end}`);
  const reading = { records: 0, bytes: 0, nextOffset: end };
  if (offset >= end) return reading;
  const readers = await client.reader({ isolation: "read_committed" });
  try {
    const reader = readers.open({ ...at, offset });
    for await (const block of blocksUpTo(reader, end)) {
      takeAll(block, content);
      reading.records += block.count;
      reading.bytes += block.bytes.length;
      await content.room?.();
      block.release?.();
    }
    return reading;
  } catch (error) {
    if (error instanceof KafkaError && error.kind === "corrupt") throw stateDamaged(placeOf(at), error.message, error);
    throw error;
  } finally {
    await readers.close();
  }
}

/** For messages. */
export const placeOf = ({ topic, partition }: TopicPartition): string => `topic '${topic}', partition ${partition},`;

async function* blocksUpTo(reader: PartitionReader, end: number): AsyncGenerator<RecordBlock> {
  while (reader.position < end) {
    const pulled = reader.pull();
    const block = pulled instanceof Promise ? await pulledOrPassed(pulled, reader, end) : pulled;
    if (block === undefined) return;
    yield block;
  }
}

/** Undefined when there is nothing more to come. */
async function pulledOrPassed(
  pulled: Promise<RecordBlock | undefined>,
  reader: PartitionReader,
  end: number,
): Promise<RecordBlock | undefined> {
  const looking = new AbortController();
  try {
    return await Promise.race([pulled, passed(reader, end, looking.signal)]);
  } finally {
    looking.abort();
  }
}

async function passed(reader: PartitionReader, end: number, signal: AbortSignal): Promise<undefined> {
  while (reader.position < end) await delay(lookEveryMs, undefined, { signal });
}

function takeAll({ bytes, count, index }: RecordBlock, content: ChangelogRecords): void {
  const range = (from: number, to: number) => (from < 0 ? null : bytes.subarray(from, to));
  for (let record = 0; record < count; record++) {
    const at = record * recordStride;
    const field = (name: keyof typeof RecordField) => index[at + RecordField[name]] ?? -1;
    content.take(range(field("keyStart"), field("keyEnd")), range(field("valueStart"), field("valueEnd")));
  }
}
