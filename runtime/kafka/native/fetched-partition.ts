/** What was fetched of one partition and not pulled yet: bytes until they are asked for, then blocks. Knows no connections. */
import type { Awaitable, RecordBlock } from "../../engine/connector.ts";
import type { PartitionOffset, PartitionReader } from "../client.ts";
import { BatchField } from "../codec/batch-layout.ts";
import { type AbortedTransaction, BlockReader } from "../codec/read-blocks.ts";
import { free, freeWhole } from "./free-memory.ts";

export interface Fetched {
  readonly bytes: Buffer;
  readonly aborted: readonly AbortedTransaction[];
  readonly endOffset: number;
}

/** Of one answer. */
interface Held {
  readonly blocks: BlockReader;
  readonly bytes: Buffer;
  readonly nextOffset: number;
  /** Given, and not released. */
  blocksInUse: number;
  hasEnded: boolean;
}

interface Waiting {
  resolve(block: RecordBlock | undefined): void;
  reject(error: unknown): void;
}

export interface PartitionEvents {
  /** It has more room. */
  drained(): void;
  /** Somebody waits for what it does not have yet. */
  awaited(): void;
  closed(partition: FetchedPartition): void;
}

export class FetchedPartition implements PartitionReader {
  readonly topic: string;
  readonly partition: number;
  endOffset = -1;
  /** What the next fetch is to ask for. */
  fetchOffset: number;
  /** Fetched, not pulled to its end. */
  heldBytes = 0;
  /** Of that, what has not even been begun. */
  untouchedBytes = 0;
  /** The next batch is so large that it has to be asked for in this size. */
  neededBytes = 0;
  #position: number;
  #held: Held[] = [];
  /** The one that is being worked on. */
  #current: Held | undefined;
  #waiting: Waiting | undefined;
  #failure: unknown;
  #isClosed = false;
  readonly #events: PartitionEvents;

  constructor({ topic, partition, offset }: PartitionOffset, events: PartitionEvents) {
    this.topic = topic;
    this.partition = partition;
    this.fetchOffset = offset;
    this.#position = offset;
    this.#events = events;
  }

  get position(): number {
    return this.#position;
  }

  /** Neither closed nor failed. */
  get isLive(): boolean {
    return !this.#isClosed && this.#failure === undefined;
  }

  get isAwaited(): boolean {
    return this.#waiting !== undefined;
  }

  pull(): Awaitable<RecordBlock | undefined> {
    if (this.#isClosed) return undefined;
    try {
      const block = this.#next();
      if (block) return block;
    } catch (error) {
      this.#break(error);
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#events.awaited();
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#drop();
    this.#waiting?.resolve(undefined);
    this.#waiting = undefined;
    this.#events.closed(this);
  }

  /** An answer came for `fetchOffset`. Only finds out where to go on: `deliver` then works on it. */
  take({ bytes, aborted, endOffset }: Fetched): void {
    this.endOffset = endOffset;
    if (bytes.length === 0) return;
    const { topic, partition, fetchOffset: fromOffset } = this;
    const { nextOffset, neededBytes } = endOfBatches(bytes, fromOffset);
    this.neededBytes = neededBytes;
    if (neededBytes > 0) return;
    const blocks = new BlockReader({ topic, partition, bytes, fromOffset, abortedTransactions: aborted });
    this.#held.push({ blocks, bytes, nextOffset, blocksInUse: 0, hasEnded: false });
    this.heldBytes += bytes.length;
    this.untouchedBytes += bytes.length;
    this.fetchOffset = nextOffset;
    if (this.#waiting) this.#begin();
  }

  /** Gives what is there to who waits for it. */
  deliver(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    try {
      const block = this.#next();
      if (!block) return;
      this.#waiting = undefined;
      waiting.resolve(block);
    } catch (error) {
      this.#break(error);
    }
  }

  /** What is held is still given, then `error`. */
  fail(error: unknown): void {
    this.#failure ??= error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  /** What is held cannot be read: nothing behind it is given. */
  #break(error: unknown): void {
    this.#drop();
    this.#failure = error;
    this.fail(error);
  }

  #drop(): void {
    this.#held = [];
    this.#current = undefined;
    this.heldBytes = 0;
    this.untouchedBytes = 0;
  }

  #next(): RecordBlock | undefined {
    for (let current = this.#begin(); current; current = this.#begin()) {
      const block = current.blocks.next();
      this.#position = block?.nextOffset ?? current.nextOffset;
      if (this.#position >= current.nextOffset) this.#end(current);
      if (block) return releasable(block, current);
      freeUnused(current);
    }
    return undefined;
  }

  #begin(): Held | undefined {
    if (this.#current) return this.#current;
    this.#current = this.#held.shift();
    if (!this.#current) return undefined;
    this.untouchedBytes -= this.#current.bytes.length;
    this.#events.drained();
    return this.#current;
  }

  #end(held: Held): void {
    held.hasEnded = true;
    this.#current = undefined;
    this.heldBytes -= held.bytes.length;
    this.#events.drained();
  }
}

function releasable(block: RecordBlock, held: Held): RecordBlock {
  held.blocksInUse += 1;
  let isInUse = true;
  const release = (): void => {
    if (!isInUse) return;
    isInUse = false;
    held.blocksInUse -= 1;
    freeWhole(block.index.buffer);
    // What was compressed has memory of its own.
    if (block.bytes.buffer !== held.bytes.buffer) free(block.bytes);
    freeUnused(held);
  };
  return { ...block, release };
}

function freeUnused({ bytes, blocksInUse, hasEnded }: Held): void {
  if (hasEnded && blocksInUse === 0) free(bytes);
}

/** Where the whole batches end, without looking into them. */
function endOfBatches(
  bytes: Buffer,
  fromOffset: number,
): { readonly nextOffset: number; readonly neededBytes: number } {
  let nextOffset = fromOffset;
  let at = 0;
  while (at + BatchField.records <= bytes.length) {
    const end = at + BatchField.leaderEpoch + bytes.readInt32BE(at + BatchField.length);
    if (end > bytes.length) break;
    // Reading the batches will say what is wrong with it.
    if (end <= at) return { nextOffset, neededBytes: 0 };
    nextOffset = Number(bytes.readBigInt64BE(at)) + bytes.readInt32BE(at + BatchField.lastOffsetDelta) + 1;
    at = end;
  }
  const neededBytes = at > 0 ? 0 : Math.max(BatchField.records, BatchField.leaderEpoch + lengthAt(bytes));
  return { nextOffset: Math.max(nextOffset, fromOffset), neededBytes };
}

function lengthAt(bytes: Buffer): number {
  return bytes.length < BatchField.leaderEpoch ? 0 : bytes.readInt32BE(BatchField.length);
}
