/**
 * The bytes that a broker gives for one partition, as blocks of records: an index of where keys, values and headers stand, no object for a record. Knows nothing of
 * connections. What is not for readers (markers, aborted transactions, what stands before the offset asked for, a last batch that was cut) is left out.
 */
import type { RecordBlock } from "../../engine/connector.ts";
import { KafkaError } from "../kafka-error.ts";
import { BatchFlag, BatchField as Field, leastRecordBytes, readLong } from "./batch-layout.ts";
import { BlockBuilder } from "./block-builder.ts";
import { compressionOf, decompress, maxDecompressedBytes } from "./compression/compression.ts";
import { crc32c } from "./crc32c.ts";

/** What a fetch gave for one partition. */
export interface FetchedBytes {
  readonly topic: string;
  readonly partition: number;
  /** Batches one after the other; the last may be cut. Belongs to the blocks from now on. */
  readonly bytes: Buffer;
  /** Asked for. */
  readonly fromOffset: number;
  /** As in the answer; absent or empty: everything is given (`read_uncommitted`). */
  readonly abortedTransactions?: readonly AbortedTransaction[] | null;
}

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

export interface FetchedBlocks {
  /** In order, none empty; `nextOffset` of the last is the one below. */
  readonly blocks: readonly RecordBlock[];
  /** Where to fetch next. Beyond `fromOffset` also where nothing but markers was there. */
  readonly nextOffset: number;
  /** Not even the first batch was whole: so many bytes are needed. 0 otherwise. */
  readonly neededBytes: number;
}

/** A block with so many records takes no further batch. */
const fullBlockRecords = 2048;
/** Deltas within a block have to fit into 32 bits. */
const farOffsets = 0x3fff_ffff;

const isPlain = ({ attributes }: Batch): boolean => (attributes & 7) === 0;

/**
 * All of it at once.
 * @throws KafkaError "corrupt" for bytes that are no batch, "protocol" for one of an older format
 */
export function readBlocks(fetched: FetchedBytes): FetchedBlocks {
  const reader = new BlockReader(fetched);
  const blocks: RecordBlock[] = [];
  for (let block = reader.next(); block !== undefined; block = reader.next()) blocks.push(block);
  return { blocks, nextOffset: reader.nextOffset, neededBytes: reader.neededBytes };
}

/** A whole batch that is for readers. */
interface Batch {
  readonly start: number;
  readonly end: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly count: number;
  readonly attributes: number;
}

/** One block after the other: what is compressed grows only when it is asked for. */
export class BlockReader {
  /** Behind what was given so far, and behind what is not for readers after that. */
  nextOffset: number;
  /** Known with the first `next`. */
  neededBytes = 0;
  private readonly fetched: FetchedBytes;
  /** Of the next batch to look at. */
  private at = 0;
  /** Looked at, and not in a block yet. */
  private ahead: Batch | undefined;
  /** What is before it is given first. */
  private failure: unknown;
  private readonly aborted: readonly AbortedTransaction[];
  private nextAborted = 0;
  private readonly abortedProducers = new Set<bigint>();

  constructor(fetched: FetchedBytes) {
    this.fetched = fetched;
    this.nextOffset = fetched.fromOffset;
    const aborted = fetched.abortedTransactions ?? [];
    this.aborted =
      aborted.length < 2 ? aborted : aborted.toSorted((left, right) => (left.firstOffset < right.firstOffset ? -1 : 1));
  }

  /**
   * Undefined behind the last.
   * @throws as `readBlocks`, after what is before that was given, and then always
   */
  next(): RecordBlock | undefined {
    try {
      const block = this.nextBlock();
      if (block !== undefined || this.failure === undefined) return block;
    } catch (error) {
      this.failure = error;
    }
    throw this.failure;
  }

  private nextBlock(): RecordBlock | undefined {
    for (;;) {
      const first = this.peek();
      if (first === undefined) return undefined;
      const batches = [first];
      let count = first.count;
      this.use(first);
      // Not compressed, they stand in the same bytes.
      for (let more = this.peek(); more !== undefined; more = this.peek()) {
        if (!isPlain(first) || !isPlain(more) || count + more.count > fullBlockRecords) break;
        if (more.baseOffset - first.baseOffset > farOffsets) break;
        batches.push(more);
        count += more.count;
        this.use(more);
      }
      const block = this.blockOf(first, batches, count);
      if (block !== undefined) return block;
    }
  }

  private use(batch: Batch): void {
    this.ahead = undefined;
    this.nextOffset = Math.max(this.nextOffset, batch.lastOffset + 1);
  }

  /** The next batch for readers; what is none is passed over. */
  private peek(): Batch | undefined {
    if (this.failure !== undefined) return undefined;
    try {
      while (this.ahead === undefined && this.at < this.fetched.bytes.length) {
        const end = this.endOf(this.at);
        if (end > this.fetched.bytes.length) {
          if (this.at === 0) this.neededBytes = end;
          break;
        }
        const start = this.at;
        this.at = end;
        this.look(start, end);
      }
    } catch (error) {
      this.failure = error;
    }
    return this.ahead;
  }

  /** Of the batch at `at`; beyond the bytes where it was cut. */
  private endOf(at: number): number {
    const { bytes } = this.fetched;
    if (at + Field.leaderEpoch > bytes.length) return at + Field.records;
    const length = bytes.readInt32BE(at + Field.length);
    if (at + Field.magic < bytes.length) this.checkVersion(at);
    if (length < Field.records - Field.leaderEpoch) throw this.corrupt(at, `a batch of ${length} bytes`);
    return at + Field.leaderEpoch + length;
  }

  private checkVersion(at: number): void {
    const version = this.fetched.bytes[at + Field.magic]!;
    if (version === 2) return;
    const { topic, partition } = this.fetched;
    throw new KafkaError(
      version < 2 ? "protocol" : "corrupt",
      version < 2
        ? `Topic '${topic}' partition ${partition} has records in message format ${version}, from before Kafka 0.11. Only format 2 is read: copy the topic with a current client, or start behind them`
        : `Topic '${topic}' partition ${partition} has a batch of an unknown format (${version}) at ${this.place(at)}`,
      { topic, partition },
    );
  }

  private look(start: number, end: number): void {
    const { bytes, fromOffset } = this.fetched;
    const stated = bytes.readUInt32BE(start + Field.crc);
    if (crc32c(bytes.subarray(start + Field.attributes, end)) !== stated)
      throw this.corrupt(start, "a batch whose checksum is wrong");
    const baseOffset = readLong(bytes, start);
    const lastOffset = baseOffset + bytes.readInt32BE(start + Field.lastOffsetDelta);
    if (!Number.isSafeInteger(baseOffset) || baseOffset < 0 || lastOffset < baseOffset)
      throw this.corrupt(start, "a batch whose offsets are impossible");
    const attributes = bytes.readInt16BE(start + Field.attributes);
    const isHidden = this.isHidden(start, end, attributes, lastOffset);
    const count = bytes.readInt32BE(start + Field.count);
    if (count < 0) throw this.corrupt(start, `a batch of ${count} records`);
    if (isHidden || count === 0 || lastOffset < fromOffset) this.nextOffset = Math.max(this.nextOffset, lastOffset + 1);
    else this.ahead = { start, end, baseOffset, lastOffset, count, attributes };
  }

  /** A marker, or of a transaction that was aborted. Batches have to come in order. */
  private isHidden(start: number, end: number, attributes: number, lastOffset: number): boolean {
    const isControl = (attributes & BatchFlag.control) !== 0;
    if (this.aborted.length === 0 || (attributes & BatchFlag.transactional) === 0) return isControl;
    for (let next = this.aborted[this.nextAborted]; next !== undefined; next = this.aborted[++this.nextAborted]) {
      if (next.firstOffset > lastOffset) break;
      this.abortedProducers.add(next.producerId);
    }
    const producer = this.fetched.bytes.readBigInt64BE(start + Field.producerId);
    if (!isControl) return this.abortedProducers.has(producer);
    if (isAbortMarker(this.fetched.bytes, start, end)) this.abortedProducers.delete(producer);
    return true;
  }

  /** Undefined where nothing is left of them. */
  private blockOf(first: Batch, batches: readonly Batch[], count: number): RecordBlock | undefined {
    const { bytes, topic, partition } = this.fetched;
    const source = isPlain(first) ? bytes : this.decompressed(first);
    for (const batch of batches)
      this.checkCount(batch, isPlain(first) ? batch.end - batch.start - Field.records : source.length);
    const builder = new BlockBuilder(topic, partition, source, first.baseOffset, count);
    if (isPlain(first))
      for (const batch of batches) this.addRecords(builder, batch, batch.start + Field.records, batch.end);
    else this.addRecords(builder, first, 0, source.length);
    return builder.build(this.nextOffset);
  }

  private decompressed(batch: Batch): Buffer {
    const compression = compressionOf(batch.attributes);
    if (compression === undefined) throw this.corrupt(batch.start, `a batch of compression ${batch.attributes & 7}`);
    const records = this.fetched.bytes.subarray(batch.start + Field.records, batch.end);
    return this.atBatch(batch.start, () => decompress(compression, records, maxDecompressedBytes));
  }

  /** Before memory is taken for so many. */
  private checkCount({ start, count }: Batch, recordsBytes: number): void {
    if (count > recordsBytes / leastRecordBytes)
      throw this.corrupt(start, `a batch that claims ${count} records in ${recordsBytes} bytes`);
  }

  private addRecords(block: BlockBuilder, batch: Batch, from: number, to: number): void {
    const { bytes, fromOffset } = this.fetched;
    const isAppendTime = (batch.attributes & BatchFlag.logAppendTime) !== 0;
    const problem = block.addBatch(from, to, batch.count, {
      baseOffset: batch.baseOffset,
      lastOffsetDelta: batch.lastOffset - batch.baseOffset,
      baseTimestampMs: readLong(bytes, batch.start + Field.baseTimestamp),
      appendedMs: isAppendTime ? readLong(bytes, batch.start + Field.maxTimestamp) : undefined,
      fromOffset,
    });
    if (problem !== undefined) throw this.corrupt(batch.start, problem);
  }

  /** Says where what is thrown happened. */
  private atBatch<T>(start: number, work: () => T): T {
    try {
      return work();
    } catch (cause) {
      if (!(cause instanceof KafkaError)) throw cause;
      const { topic, partition } = this.fetched;
      const message = `Topic '${topic}' partition ${partition}, ${this.place(start)}: ${cause.message}`;
      throw new KafkaError(cause.kind, message, { cause, topic, partition });
    }
  }

  private place(start: number): string {
    const { bytes } = this.fetched;
    return `offset ${start + 8 <= bytes.length ? readLong(bytes, start) : this.nextOffset}`;
  }

  private corrupt(start: number, what: string): KafkaError {
    const { topic, partition } = this.fetched;
    return new KafkaError(
      "corrupt",
      `Topic '${topic}' partition ${partition} has ${what} at ${this.place(start)}. The broker's disk or the network is damaged; to go on without these records, start behind them`,
      { topic, partition },
    );
  }
}

/** The key of a marker's one record: version, then 0 for an abort and 1 for a commit, two bytes each. Markers are never compressed. */
function isAbortMarker(bytes: Buffer, start: number, end: number): boolean {
  const record = new BlockBuilder("", 0, bytes, 0, 1);
  const problem = record.addBatch(start + Field.records, end, 1, {
    baseOffset: 0,
    lastOffsetDelta: 0,
    baseTimestampMs: 0,
    appendedMs: undefined,
    fromOffset: 0,
  });
  const index = problem === undefined ? record.build(1)?.index : undefined;
  if (index === undefined || index[0]! < 0 || index[1]! - index[0]! < 4) return false;
  return bytes.readInt16BE(index[0]! + 2) === 0;
}
