/**
 * A dead letter that is a topic: what is in it, and the way back. A bad event is written back to where it was read from as it stands there, else as the dead letter keeps it; in the
 * same transaction the dead letter gets a mark that it was, so nothing is lost and nothing comes twice.
 */
import { deadLetterPrefix } from "../codec/dead-letter.ts";
import { type RecordBlock, RecordField, recordStride } from "../engine/connector.ts";
import { encodeHeaders, type HeaderEntry } from "../engine/record-headers.ts";
import { bytesOfKey, bytesOfValue, headersOf, isNullValue, offsetOfRecord } from "../engine/record-view.ts";
import type { KafkaClient, KafkaProducer, OutgoingBatch, TopicPartition } from "./client.ts";
import { partitionOf } from "./codec/murmur2.ts";
import { RecordBatchWriter } from "./codec/record-batch-writer.ts";
import { KafkaError } from "./kafka-error.ts";

export interface RecordPlace extends TopicPartition {
  readonly offset: number;
}

/** Copied: holds on to no block. */
export interface KeptRecord {
  /** In the dead letter. */
  readonly place: RecordPlace;
  /** What is known of it, by name: `node`, `reason`, `position`, `at`, `time`, … */
  readonly known: ReadonlyMap<string, string>;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** Those that it came with. */
  readonly headers: readonly HeaderEntry[];
  readonly timestampMs: number;
}

/** `orders/0/12`, and what may follow of a part of it. Undefined: it was no record of a topic. */
export function recordPlace(position: string): RecordPlace | undefined {
  const [, topic, partition, offset] = /^([A-Za-z0-9._-]{1,249})\/(\d{1,10})\/(\d{1,16})(?!\d)/.exec(position) ?? [];
  return topic === undefined ? undefined : { topic, partition: Number(partition), offset: Number(offset) };
}

export const placeText = ({ topic, partition, offset }: RecordPlace): string => `${topic}/${partition}/${offset}`;

// Reading

/** The header of a mark: the places in the dead letter of what was replayed, `0/12,0/13`. */
const markHeader = `${deadLetterPrefix}replayed`;

/** Partition and offset of all that was replayed. @throws KafkaError "unknown-topic" */
export async function replayedIn(client: KafkaClient, topic: string): Promise<ReadonlySet<string>> {
  const replayed = new Set<string>();
  await everyRecord(client, topic, (block, record) => {
    const mark = headersOf(block, record).get(markHeader);
    for (const place of mark ? textOf(mark).split(",") : []) replayed.add(place);
  });
  return replayed;
}

export const markOf = ({ partition, offset }: RecordPlace): string => `${partition}/${offset}`;

/** In order of partition and offset. `see` says whether it wants more. */
export async function everyDeadLetter(
  client: KafkaClient,
  topic: string,
  see: (kept: KeptRecord) => boolean | Promise<boolean>,
): Promise<void> {
  await everyRecord(client, topic, (block, record) => {
    const all = [...headersOf(block, record)];
    const known = all.filter(([name]) => name.startsWith(deadLetterPrefix));
    // Marks, and what others may have written there.
    if (!known.some(([name]) => name === `${deadLetterPrefix}reason`)) return true;
    return see({
      place: { topic, partition: block.partition, offset: offsetOfRecord(block, record) },
      known: new Map(known.map(([name, value]) => [name.slice(deadLetterPrefix.length), value ? textOf(value) : ""])),
      key: copyOf(bytesOfKey(block, record)),
      value: isNullValue(block, record) ? null : Uint8Array.from(bytesOfValue(block, record) ?? []),
      headers: all.flatMap(([name, value]): HeaderEntry[] =>
        name.startsWith(deadLetterPrefix) ? [] : [[name, value && Uint8Array.from(value)]],
      ),
      timestampMs: block.timestamps[record]!,
    });
  });
}

async function everyRecord(
  client: KafkaClient,
  topic: string,
  see: (block: RecordBlock, record: number) => unknown,
): Promise<void> {
  const count = await client.partitionsOf(topic);
  if (count === undefined)
    throw new KafkaError(
      "unknown-topic",
      `There is no topic '${topic}': nothing has been kept there yet, or it is named otherwise.`,
      {
        topic,
      },
    );
  const partitions = Array.from({ length: count }, (_, partition) => ({ topic, partition }));
  const [starts, ends] = await Promise.all([client.offsets("start", partitions), client.offsets("end", partitions)]);
  const reader = await client.reader({});
  try {
    for (const [at, one] of partitions.entries()) {
      const from = reader.open({ ...one, offset: starts[at]! });
      while (from.position < ends[at]!) {
        const block = await from.pull();
        if (block === undefined) break;
        for (let record = 0; record < block.count; record++) if ((await see(block, record)) === false) return;
      }
      from.close();
    }
  } finally {
    await reader.close();
  }
}

// Writing back

export interface Replay {
  /** Where it was read from. */
  readonly from: RecordPlace;
  /** What is written where it is not there any more. */
  readonly kept?: Pick<KeptRecord, "key" | "value" | "headers">;
  /** What is marked: records of the dead letter. */
  readonly marks: readonly RecordPlace[];
}

/** Only one replays a dead letter at a time: who comes later fences who was before. */
export async function openReplayer(client: KafkaClient, name: string): Promise<Replayer> {
  return new Replayer(client, await client.producer({ transactionalId: `flow-deadletter-${name}` }));
}

/** Of those that went elsewhere. */
export async function markOnly(client: KafkaClient, topic: string, places: readonly RecordPlace[]): Promise<void> {
  const producer = await client.producer({});
  try {
    for (const partition of new Set(places.map((place) => place.partition))) {
      const those = places.filter((place) => place.partition === partition);
      for (let at = 0; at < those.length; at += marksAtOnce) {
        const records = new RecordBatchWriter();
        records.add(null, null, Date.now(), markHeaders(those.slice(at, at + marksAtOnce)));
        await producer.send([{ topic, partition, records }]);
      }
    }
  } finally {
    await producer.close();
  }
}

const marksAtOnce = 1_000;
const markHeaders = (places: readonly RecordPlace[]) => encodeHeaders([[markHeader, places.map(markOf).join(",")]]);

export class Replayer {
  private readonly client: KafkaClient;
  private readonly producer: KafkaProducer;

  constructor(client: KafkaClient, producer: KafkaProducer) {
    this.client = client;
    this.producer = producer;
  }

  /**
   * All that can be, in one transaction, with their marks. They get the present time: with their own one the topic may delete them by age before anybody has read them.
   * @returns of each why it was not, else undefined
   */
  async replay(replays: readonly Replay[]): Promise<readonly (string | undefined)[]> {
    const writers = new Map<
      string,
      { readonly topic: string; readonly partition: number; readonly records: RecordBatchWriter }
    >();
    const writerOf = (topic: string, partition: number): RecordBatchWriter => {
      const key = `${topic}/${partition}`;
      const known = writers.get(key) ?? { topic, partition, records: new RecordBatchWriter() };
      writers.set(key, known);
      return known.records;
    };
    const marks = new Map<string, RecordPlace[]>();
    const problems: (string | undefined)[] = [];
    for (const one of replays) {
      const problem = await this.write(one, writerOf);
      problems.push(problem);
      if (problem !== undefined) continue;
      for (const place of one.marks) {
        const key = `${place.topic}/${place.partition}`;
        marks.set(key, [...(marks.get(key) ?? []), place]);
      }
    }
    for (const places of marks.values()) {
      const { topic, partition } = places[0]!;
      writerOf(topic, partition).add(null, null, Date.now(), markHeaders(places));
    }
    const batches: OutgoingBatch[] = [...writers.values()];
    if (batches.length === 0) return problems;
    await this.producer.send(batches);
    await this.producer.commit([], { group: "", generation: -1, member: "" });
    return problems;
  }

  close(): Promise<void> {
    return this.producer.close();
  }

  private async write(
    { from, kept }: Replay,
    writerOf: (topic: string, partition: number) => RecordBatchWriter,
  ): Promise<string | undefined> {
    const { topic } = from;
    const count = await this.client.partitionsOf(topic);
    if (count === undefined) return `there is no topic '${topic}'`;
    const found = from.partition < count ? await this.original(from) : undefined;
    if (found !== undefined) {
      const { bytes, index } = found.block;
      const at = found.record * recordStride;
      const field = (name: keyof typeof RecordField): number => index[at + RecordField[name]]!;
      writerOf(topic, from.partition).addRange(
        bytes,
        field("keyStart"),
        field("keyEnd"),
        field("valueStart"),
        field("valueEnd"),
        field("headersStart"),
        field("headersEnd"),
        Date.now(),
      );
      return undefined;
    }
    if (kept === undefined) return `topic '${topic}' does not have it any more`;
    const partition = from.partition < count ? from.partition : kept.key === null ? 0 : partitionOf(kept.key, count);
    writerOf(topic, partition).add(kept.key, kept.value, Date.now(), encodeHeaders(kept.headers));
    return undefined;
  }

  /** As it stands where it was read from; undefined where that is gone. */
  private async original(
    place: RecordPlace,
  ): Promise<{ readonly block: RecordBlock; readonly record: number } | undefined> {
    const [start] = await this.client.offsets("start", [place]);
    const [end] = await this.client.offsets("end", [place]);
    if (place.offset < start! || place.offset >= end!) return undefined;
    const reader = await this.client.reader({ maxBytes: 1 << 20 });
    try {
      const block = await reader.open(place).pull();
      for (let record = 0; record < (block?.count ?? 0); record++)
        if (offsetOfRecord(block!, record) === place.offset) return { block: block!, record };
      return undefined;
    } finally {
      await reader.close();
    }
  }
}

const copyOf = (bytes: Uint8Array | null): Uint8Array | null => bytes && Uint8Array.from(bytes);
const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
