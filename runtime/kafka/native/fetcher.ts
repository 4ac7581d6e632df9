/**
 * Reads partitions from their leaders, one request under way to each. The next is sent before the answer is worked on, as far as what is held and not pulled leaves room:
 * a partition that nobody pulls is not fetched. What may pass is tried again; what is final comes out of the partition's `pull`.
 */
import type { PartitionOffset, PartitionReader, PartitionsReader, ReaderOptions } from "../client.ts";
import { errorRow, kafkaError } from "../error-table.ts";
import { KafkaError } from "../kafka-error.ts";
import type { BrokerChannel } from "./broker-channel.ts";
import type { Cluster } from "./cluster.ts";
import {
  type FetchAnswer,
  type FetchPartition,
  type FetchRequest,
  type FetchTopic,
  fetchApi,
  type PartitionAnswer,
} from "./fetch-request.ts";
import { FetchedPartition } from "./fetched-partition.ts";
import { free } from "./free-memory.ts";
import type { Trouble } from "./retry.ts";

const defaultMaxBytes = 8 << 20;
const defaultMaxWaitMs = 100;
/** Of one partition in one answer, at most. */
const partitionMaxBytes = 1 << 20;
/** Where partitions of the same leader have no room: they may have it soon, and the request under way does not name them. */
const shortWaitMs = 5;

/** A partition, and how fetching it goes. */
interface Source {
  readonly reader: FetchedPartition;
  readonly trouble: Trouble;
  /** Of the topic when it was first fetched. */
  topicId: string | undefined;
  isUnderWay: boolean;
  /** `performance.now()` */
  notBeforeMs: number;
}

interface Ask {
  readonly source: Source;
  readonly topicId: string;
  readonly request: FetchPartition;
}

export class Fetcher implements PartitionsReader {
  readonly #cluster: Cluster;
  readonly #channel: BrokerChannel;
  readonly #options: Required<ReaderOptions>;
  /** Those that got something last come last: the broker gives the first ones first. */
  readonly #sources = new Map<FetchedPartition, Source>();
  readonly #nodesAsked = new Set<number>();
  #isLookingUp = false;
  #isPaused = false;
  /** All together hold as much as they may: only those that somebody waits for are fetched. */
  #isFull = false;
  #isScheduled = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(cluster: Cluster, options: ReaderOptions = {}) {
    this.#cluster = cluster;
    this.#channel = cluster.newChannel();
    this.#options = {
      isolation: options.isolation ?? "read_committed",
      maxBytes: options.maxBytes ?? defaultMaxBytes,
      maxWaitMs: options.maxWaitMs ?? defaultMaxWaitMs,
    };
  }

  open(from: PartitionOffset): PartitionReader {
    const reader = new FetchedPartition(from, {
      drained: () => this.#schedule(),
      awaited: () => {
        if (this.#isFull) this.#schedule();
      },
      closed: (closed) => this.#sources.delete(closed),
    });
    if (this.#isClosed) reader.close();
    else {
      const trouble = this.#cluster.trouble(`fetch partition ${from.partition} of topic '${from.topic}'`);
      this.#sources.set(reader, { reader, trouble, topicId: undefined, isUnderWay: false, notBeforeMs: 0 });
      this.#schedule();
    }
    return reader;
  }

  /** Fetched and not pulled. */
  get heldBytes(): number {
    let heldBytes = 0;
    for (const reader of this.#sources.keys()) heldBytes += reader.heldBytes;
    return heldBytes;
  }

  /** Nothing is fetched until `resume`; what is held can be pulled. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const reader of [...this.#sources.keys()]) reader.close();
    await this.#channel.close();
  }

  /** Also with the whole client. */
  #hasEnded(): boolean {
    if (this.#cluster.isClosed) void this.close();
    return this.#isClosed;
  }

  /** Once for all that happens in the same turn. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#fetchWhatHasRoom();
    });
  }

  #fetchWhatHasRoom(): void {
    if (this.#isClosed || this.#isPaused) return;
    const nowMs = performance.now();
    const unknown = new Set<string>();
    const sourcesByNode = new Map<number, Source[]>();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const source of this.#sources.values()) {
      if (!source.reader.isLive) continue;
      if (source.notBeforeMs > nowMs) nextMs = Math.min(nextMs, source.notBeforeMs);
      const node = this.#leaderOf(source);
      if (node === undefined) {
        if (source.notBeforeMs <= nowMs) unknown.add(source.reader.topic);
        continue;
      }
      const sources = sourcesByNode.get(node);
      if (sources) sources.push(source);
      else sourcesByNode.set(node, [source]);
    }
    if (unknown.size > 0) this.#lookUp([...unknown]);
    const limitBytes = this.#limitBytes();
    this.#isFull = this.heldBytes >= this.#options.maxBytes;
    for (const [node, sources] of sourcesByNode) {
      if (!this.#nodesAsked.has(node)) this.#fetch(node, sources, limitBytes, nowMs);
    }
    this.#wakeAt(nextMs, nowMs);
  }

  #wakeAt(nextMs: number, nowMs: number): void {
    clearTimeout(this.#timer);
    if (Number.isFinite(nextMs)) this.#timer = setTimeout(() => this.#schedule(), Math.ceil(nextMs - nowMs));
  }

  // Leaders

  /** Undefined where it is not known. */
  #leaderOf(source: Source): number | undefined {
    const { topic, partition } = source.reader;
    try {
      const known = this.#cluster.knownTopic(topic);
      const found = known?.partitions[partition];
      if (!known || !found || found.leader < 0) return undefined;
      source.topicId ??= known.id;
      if (source.topicId === known.id) return found.leader;
      source.reader.fail(madeAnew(topic, partition));
    } catch (error) {
      source.reader.fail(error);
    }
    return undefined;
  }

  #lookUp(topics: readonly string[]): void {
    if (this.#isLookingUp) return;
    this.#isLookingUp = true;
    void this.#lookUpOnce(topics);
  }

  async #lookUpOnce(topics: readonly string[]): Promise<void> {
    const refused = await this.#cluster.refresh(topics).then(
      () => undefined,
      (error: unknown) => error,
    );
    this.#isLookingUp = false;
    if (this.#hasEnded()) return;
    for (const source of this.#sources.values()) {
      const { topic, partition } = source.reader;
      if (!topics.includes(topic)) continue;
      if (refused !== undefined) this.#failed(source, refused);
      else if (this.#leaderOf(source) === undefined && source.reader.isLive)
        this.#failed(source, this.#noLeader(topic, partition));
    }
    this.#schedule();
  }

  #noLeader(topic: string, partition: number): KafkaError {
    const found = this.#cluster.knownTopic(topic)?.partitions[partition];
    if (found) this.#cluster.forgetTopic(topic);
    return kafkaError(found ? 5 : 3, { topic, partition });
  }

  /** Later again, or never. */
  #failed(source: Source, error: unknown): void {
    try {
      source.notBeforeMs = performance.now() + source.trouble.failed(error);
    } catch (final) {
      source.reader.fail(final);
    }
  }

  // Requests

  /** Of one partition in one answer, which is fetched as long as it holds less: so none takes the room of another. */
  #limitBytes(): number {
    const fairBytes = Math.floor(this.#options.maxBytes / (2 * Math.max(1, this.#sources.size)));
    return Math.max(1, Math.min(partitionMaxBytes, fairBytes));
  }

  #fetch(node: number, sources: readonly Source[], limitBytes: number, nowMs: number): void {
    const hasRoom = ({ reader }: Source) => reader.untouchedBytes < limitBytes && (!this.#isFull || reader.isAwaited);
    const ready = sources.filter((source) => !source.isUnderWay && source.notBeforeMs <= nowMs && hasRoom(source));
    if (ready.length === 0) return;
    const asks = ready.map((source) => this.#ask(source, limitBytes));
    const request: FetchRequest = {
      maxWaitMs: !sources.every(hasRoom) ? Math.min(shortWaitMs, this.#options.maxWaitMs) : this.#options.maxWaitMs,
      maxBytes: asks.reduce((sum, { request: { maxBytes } }) => sum + maxBytes, 0),
      isolation: this.#options.isolation,
      topics: byTopic(asks),
    };
    this.#nodesAsked.add(node);
    for (const { source } of asks) source.isUnderWay = true;
    this.#channel.call(node, fetchApi, [request], { timeoutMs: request.maxWaitMs + 30_000 }).then(
      (answer) => this.#answered(node, asks, answer),
      (error: unknown) => this.#unanswered(node, asks, error),
    );
  }

  #ask(source: Source, maxBytes: number): Ask {
    const { topic, partition, fetchOffset, neededBytes } = source.reader;
    const leaderEpoch = this.#cluster.knownTopic(topic)?.partitions[partition]?.leaderEpoch ?? -1;
    const request = { partition, leaderEpoch, offset: fetchOffset, maxBytes: Math.max(maxBytes, neededBytes) };
    return { source, topicId: source.topicId ?? "", request };
  }

  #unanswered(node: number, asks: readonly Ask[], error: unknown): void {
    this.#nodesAsked.delete(node);
    if (this.#hasEnded()) return;
    for (const { source } of asks) {
      source.isUnderWay = false;
      if (!source.reader.isLive) continue;
      this.#cluster.forgetTopic(source.reader.topic);
      this.#failed(source, error);
    }
    this.#schedule();
  }

  #answered(node: number, asks: readonly Ask[], answer: FetchAnswer): void {
    this.#nodesAsked.delete(node);
    if (this.#isClosed) return;
    for (const piece of answer.pieces) free(piece);
    const found = new Map(answer.partitions.map((one) => [placeOf(one.topicId, one.partition), one]));
    const given: FetchedPartition[] = [];
    for (const { source, topicId, request } of asks) {
      source.isUnderWay = false;
      const one = found.get(placeOf(topicId, request.partition));
      const errorCode = answer.errorCode === 0 ? (one?.errorCode ?? -1) : answer.errorCode;
      if (!source.reader.isLive) continue;
      if (!one || errorCode !== 0) this.#refused(source, errorCode);
      else if (this.#take(source, one)) given.push(source.reader);
    }
    // Now, before anything is worked on.
    this.#fetchWhatHasRoom();
    for (const reader of given) reader.deliver();
  }

  #take(source: Source, { bytes, aborted, highWatermark, lastStableOffset }: PartitionAnswer): boolean {
    const { reader, trouble } = source;
    trouble.passed();
    const isCommittedOnly = this.#options.isolation === "read_committed" && lastStableOffset >= 0;
    reader.take({ bytes, aborted, endOffset: isCommittedOnly ? lastStableOffset : highWatermark });
    if (bytes.length === 0) return false;
    this.#sources.delete(reader);
    this.#sources.set(reader, source);
    return true;
  }

  #refused(source: Source, errorCode: number): void {
    const { topic, partition } = source.reader;
    if (errorRow(errorCode).remedy === "metadata") this.#cluster.forgetTopic(topic);
    this.#failed(source, kafkaError(errorCode, { topic, partition }));
  }
}

function byTopic(asks: readonly Ask[]): readonly FetchTopic[] {
  const partitionsById = new Map<string, FetchPartition[]>();
  for (const { topicId, request } of asks) {
    const partitions = partitionsById.get(topicId);
    if (partitions) partitions.push(request);
    else partitionsById.set(topicId, [request]);
  }
  return [...partitionsById].map(([id, partitions]) => ({ id, partitions }));
}

function placeOf(topicId: string, partition: number): string {
  return `${topicId} ${partition}`;
}

function madeAnew(topic: string, partition: number): KafkaError {
  return new KafkaError(
    "unknown-topic",
    `Topic '${topic}' was deleted and made anew while it was read: its offsets mean other records now. Delete the group's offsets of it (kafka-consumer-groups --delete-offsets), then start again.`,
    { topic, partition },
  );
}
