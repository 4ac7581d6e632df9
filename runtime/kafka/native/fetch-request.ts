/** The Fetch request and its answer, by hand: the records of a partition stay bytes, copied once, out of what the socket gave. Source: https://kafka.apache.org/protocol#The_Messages_Fetch */
import { createAPI, type Reader, Writer } from "@platformatic/kafka";
import type { AbortedTransaction } from "../codec/read-blocks.ts";

export interface FetchRequest {
  readonly maxWaitMs: number;
  /** The first batch comes even where it is larger. */
  readonly maxBytes: number;
  readonly isolation: "read_committed" | "read_uncommitted";
  readonly topics: readonly FetchTopic[];
}

export interface FetchTopic {
  readonly id: string;
  readonly partitions: readonly FetchPartition[];
}

export interface FetchPartition {
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly offset: number;
  readonly maxBytes: number;
}

export interface FetchAnswer {
  readonly errorCode: number;
  readonly partitions: readonly PartitionAnswer[];
  /** What the socket gave; all that is of use was copied. Parts of the first and last one may belong to other answers. */
  readonly pieces: readonly Buffer[];
}

export interface PartitionAnswer {
  readonly topicId: string;
  readonly partition: number;
  readonly errorCode: number;
  /** Behind the last record that all replicas have. */
  readonly highWatermark: number;
  /** Before the first open transaction. */
  readonly lastStableOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Whole batches, the last one perhaps cut off. */
  readonly bytes: Buffer;
}

export const fetchApi = createAPI<[request: FetchRequest], FetchAnswer>(1, 17, writeRequest, readAnswer);

function writeRequest(request: FetchRequest): Writer {
  return Writer.create()
    .appendInt32(request.maxWaitMs)
    .appendInt32(1) // At least one byte.
    .appendInt32(request.maxBytes)
    .appendInt8(request.isolation === "read_committed" ? 1 : 0)
    .appendInt32(0) // No session: each request names all that it wants.
    .appendInt32(-1)
    .appendArray([...request.topics], (writer, { id, partitions }) => {
      writer.appendUUID(id).appendArray([...partitions], writePartition);
    })
    .appendArray([], () => {})
    .appendString("")
    .appendTaggedFields();
}

function writePartition(writer: Writer, { partition, leaderEpoch, offset, maxBytes }: FetchPartition): void {
  writer
    .appendInt32(partition)
    .appendInt32(leaderEpoch)
    .appendInt64(BigInt(offset))
    .appendInt32(-1)
    .appendInt64(-1n)
    .appendInt32(maxBytes);
}

function readAnswer(_correlation: number, _key: number, _version: number, reader: Reader): FetchAnswer {
  reader.skip(4); // Throttled for.
  const errorCode = reader.readInt16();
  reader.skip(4); // Session.
  const partitions: PartitionAnswer[] = [];
  reader.readArray((topic) => {
    const topicId = topic.readUUID();
    topic.readArray((partition) => partitions.push(readPartition(topicId, partition)));
  });
  return { errorCode, partitions, pieces: reader.buffer.buffers };
}

function readPartition(topicId: string, reader: Reader): PartitionAnswer {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  const highWatermark = Number(reader.readInt64());
  const lastStableOffset = Number(reader.readInt64());
  reader.skip(8); // Start of the log.
  const aborted: AbortedTransaction[] = [];
  reader.readNullableArray((transaction) => {
    aborted.push({ producerId: transaction.readInt64(), firstOffset: transaction.readInt64() });
  });
  reader.skip(4); // Another replica to read from: only given to clients that name their rack.
  const bytes = readBytes(reader);
  return { topicId, partition, errorCode, highWatermark, lastStableOffset, aborted, bytes };
}

/** A copy: memory goes with the partition's own records, not with the whole answer. */
function readBytes(reader: Reader): Buffer {
  const size = reader.readUnsignedVarInt() - 1;
  if (size <= 0) return nothing;
  const bytes = Buffer.allocUnsafeSlow(size);
  let skip = reader.position;
  let filled = 0;
  reader.skip(size);
  for (const piece of reader.buffer.buffers) {
    if (skip < piece.length) filled += piece.copy(bytes, filled, skip);
    skip = Math.max(0, skip - piece.length);
    if (filled === size) return bytes;
  }
  throw new Error("an answer with fewer bytes than it says");
}

const nothing = Buffer.alloc(0);
