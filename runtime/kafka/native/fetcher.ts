/**
 * Reads partitions from their leaders, one request under way to each. The next is sent before the answer is worked on, as far as what is held and not pulled leaves room:
 * a partition that nobody pulls is not fetched. What may pass is tried again; what is final comes out of the partition's `pull`.
 */
import type { PartitionOffset, PartitionReader, PartitionsReader, ReaderOptions } from "../client.ts";
import { errorRow, kafkaError } from "../error-table.ts";
import { KafkaError } from "../kafka-error.ts";
import type { BrokerChannel } from "./broker-channel.ts";
import type { Cluster } from "./cluster.ts";
import { type Ask, type FetchBounds, limitOf, planFetch, type Source } from "./fetch-plan.ts";
import { type FetchAnswer, fetchApi, type PartitionAnswer } from "./fetch-request.ts";
import { FetchedPartition } from "./fetched-partition.ts";
import { free } from "./free-memory.ts";

const defaultMaxBytes = 8 << 20;
const defaultMaxWaitMs = 100;
/** Beyond what the broker waits. */
const answerWithinMs = 30_000;

export class Fetcher implements PartitionsReader {
  readonly #cluster: Cluster;
  readonly #channel: BrokerChannel;
  readonly #options: Required<ReaderOptions>;
  /** Those that got something last come last: the broker gives the first ones first. */
  readonly #sources = new Map<FetchedPartition, Source>();
  readonly #nodesAsked = new Set<number>();
  #isLookingUp = false;
  #isPaused = false;
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
    for (const reader of this.#sources.keys()) reader.endOffset = -1;
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
    this.#isFull = this.heldBytes >= this.#options.maxBytes;
    const limitBytes = limitOf(this.#options.maxBytes, this.#sources.size);
    const bounds = { options: this.#options, limitBytes, isFull: this.#isFull, nowMs };
    for (const [node, sources] of sourcesByNode) if (!this.#nodesAsked.has(node)) this.#fetch(node, sources, bounds);
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
    source.reader.endOffset = -1;
    try {
      source.notBeforeMs = performance.now() + source.trouble.failed(error);
    } catch (final) {
      source.reader.fail(final);
    }
  }

  // Requests

  #fetch(node: number, sources: readonly Source[], bounds: FetchBounds): void {
    const plan = planFetch(sources, bounds, ({ reader: { topic, partition } }) => {
      return this.#cluster.knownTopic(topic)?.partitions[partition]?.leaderEpoch ?? -1;
    });
    if (!plan) return;
    const { request, asks } = plan;
    this.#nodesAsked.add(node);
    for (const { source } of asks) source.isUnderWay = true;
    this.#channel.call(node, fetchApi, [request], { timeoutMs: request.maxWaitMs + answerWithinMs }).then(
      (answer) => this.#answered(node, asks, answer),
      (error: unknown) => this.#unanswered(node, asks, error),
    );
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
