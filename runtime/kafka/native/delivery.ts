/**
 * Brings batches to the leaders of their partitions: one request for all batches of a leader, all leaders at the same time, the same bytes again to whoever leads then
 * until they are stored or the time is over. Knows sequences only in so far as a batch that the broker has already is stored.
 */
import { errorRow, kafkaError } from "../error-table.ts";
import { KafkaError } from "../kafka-error.ts";
import type { BrokerChannel } from "./broker-channel.ts";
import type { Cluster } from "./cluster.ts";
import { type BatchBytes, produceApi } from "./produce-request.ts";

export interface DeliveryOptions {
  readonly cluster: Pick<Cluster, "retry" | "leaderOf" | "knownTopic" | "forgetTopic">;
  /** Where nothing else waits. */
  readonly channel: Pick<BrokerChannel, "call">;
  readonly transactionalId: string | undefined;
  /** Aborted with a `KafkaError`: whoever waits gets it. */
  readonly signal: AbortSignal;
}

/** A batch on its way. Its bytes stay the same. */
export interface Parcel extends BatchBytes {
  readonly count: number;
  isStored: boolean;
  /** Why the topic does not take it; it is not stored then. */
  refusal: KafkaError | undefined;
  /** That the broker could not store it: a partition whose disk is full has no leader after that. */
  storageTrouble: KafkaError | undefined;
  /** How often it was handed to a broker: from the second time on it may be there already. */
  sent: number;
}

export function newParcel(batch: Pick<Parcel, "topic" | "partition" | "bytes" | "count">): Parcel {
  return { ...batch, isStored: false, refusal: undefined, storageTrouble: undefined, sent: 0 };
}

/** The leader waits so long for its followers; a request with many megabytes may be long on its way before that. */
const storeTimeoutMs = 15_000;
const answerTimeoutMs = 30_000;
/** A broker hangs up on requests beyond 100 MiB (socket.request.max.bytes). */
const requestBytes = 32 * 1024 * 1024;
const largestBatchBytes = 100 * 1024 * 1024 - 64 * 1024;

export class Delivery {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /**
   * Resolves when each parcel is stored or refused.
   * @throws KafkaError, the first one that is final; what the others have come to is not known then
   */
  async deliver(parcels: readonly Parcel[]): Promise<void> {
    for (const parcel of parcels) if (parcel.bytes.length > largestBatchBytes) refuse(parcel, messageTooLarge);
    const groups = this.#byKnownLeader(parcels.filter((parcel) => !isSettled(parcel)));
    // All are waited for: nothing of this may still be under way when the caller goes on.
    const ends = await Promise.allSettled(groups.map((group) => this.#deliverGroup(group)));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  #deliverGroup(group: readonly Parcel[]): Promise<void> {
    return this.#options.cluster.retry(`write to ${topicsOf(group)}`, async () => {
      this.#options.signal.throwIfAborted();
      const trouble = await this.#round(group.filter((parcel) => !isSettled(parcel)));
      if (trouble) throw trouble;
    });
  }

  /** Every parcel once. @returns why one of them has to go again @throws KafkaError what is final */
  async #round(parcels: readonly Parcel[]): Promise<KafkaError | undefined> {
    const byLeader = new Map<number, Parcel[]>();
    let trouble: KafkaError | undefined;
    for (const parcel of parcels) {
      try {
        const leader = await this.#options.cluster.leaderOf(parcel.topic, parcel.partition);
        const group = byLeader.get(leader);
        if (group) group.push(parcel);
        else byLeader.set(leader, [parcel]);
      } catch (error) {
        trouble = passing(error, parcel);
      }
    }
    const requests = await Promise.allSettled([...byLeader].map(([leader, group]) => this.#toLeader(leader, group)));
    for (const request of requests) {
      if (request.status === "rejected") throw request.reason;
      trouble ??= request.value;
    }
    return trouble;
  }

  async #toLeader(leader: number, parcels: readonly Parcel[]): Promise<KafkaError | undefined> {
    let trouble: KafkaError | undefined;
    for (const request of cutToSize(parcels)) trouble = (await this.#request(leader, request)) ?? trouble;
    return trouble;
  }

  async #request(leader: number, parcels: readonly Parcel[]): Promise<KafkaError | undefined> {
    const { cluster, channel, transactionalId } = this.#options;
    for (const parcel of parcels) parcel.sent += 1;
    try {
      const answers = await channel.call(leader, produceApi, [transactionalId, storeTimeoutMs, parcels], {
        timeoutMs: answerTimeoutMs,
      });
      let trouble: KafkaError | undefined;
      for (const parcel of parcels) {
        const answer = answers.find(({ topic, partition }) => topic === parcel.topic && partition === parcel.partition);
        trouble = this.#settle(parcel, answer?.errorCode ?? noAnswer) ?? trouble;
      }
      return trouble;
    } catch (error) {
      for (const { topic } of parcels) cluster.forgetTopic(topic);
      this.#options.signal.throwIfAborted();
      return passing(error, parcels[0]!);
    }
  }

  /** @returns what may pass @throws KafkaError what does not */
  #settle(parcel: Parcel, code: number): KafkaError | undefined {
    const { cluster, transactionalId } = this.#options;
    const { remedy, kind } = errorRow(code);
    if (code === 0 || (code === duplicateSequence && parcel.sent > 1)) {
      parcel.isStored = true;
      return undefined;
    }
    if (kind === "record-too-large" && parcel.sent === 1) {
      refuse(parcel, code);
      return undefined;
    }
    const { topic, partition } = parcel;
    // Fencing is about the id, not about the topic.
    const place = kind === "fenced" && transactionalId !== undefined ? { transactionalId } : { topic, partition };
    const error = kafkaError(code, place);
    if (!error.retryable) throw error;
    if (kind === "storage") parcel.storageTrouble = error;
    if (remedy === "metadata") cluster.forgetTopic(topic);
    return error;
  }

  /** By what is known now; those of which nothing is known are one group. */
  #byKnownLeader(parcels: readonly Parcel[]): readonly (readonly Parcel[])[] {
    const leaderOf = ({ topic, partition }: Parcel) =>
      this.#options.cluster.knownTopic(topic)?.partitions[partition]?.leader ?? -1;
    return [...Map.groupBy(parcels, leaderOf).values()];
  }
}

const messageTooLarge = 10;
const duplicateSequence = 46;
/** NETWORK_EXCEPTION: a broker that leaves out a partition. */
const noAnswer = 13;

const isSettled = ({ isStored, refusal }: Parcel): boolean => isStored || refusal !== undefined;

function refuse(parcel: Parcel, code: number): void {
  const { topic, partition, bytes, count } = parcel;
  const records = count === 1 ? "A record" : `${count} records`;
  const setting = code === messageTooLarge ? "max.message.bytes" : "segment.bytes";
  parcel.refusal = new KafkaError(
    "record-too-large",
    `${records} of together ${bytes.length} bytes ${count === 1 ? "is" : "are"} more than topic '${topic}' takes at once. Raise ${setting} of the topic. (${errorRow(code).name})`,
    { topic, partition },
  );
}

/** Requests are sent one after the other where one would be too large. */
function cutToSize(parcels: readonly Parcel[]): readonly (readonly Parcel[])[] {
  const requests: Parcel[][] = [];
  let sizeBytes = Number.POSITIVE_INFINITY;
  for (const parcel of parcels) {
    sizeBytes += parcel.bytes.length;
    if (sizeBytes <= requestBytes) requests.at(-1)!.push(parcel);
    else {
      requests.push([parcel]);
      sizeBytes = parcel.bytes.length;
    }
  }
  return requests;
}

/** Named by its topic, and with what was wrong first. @throws what cannot pass */
function passing(error: unknown, { topic, partition, storageTrouble }: Parcel): KafkaError {
  if (!(error instanceof KafkaError && error.retryable)) throw error;
  const place = { topic, partition, retryable: true, cause: error };
  if (storageTrouble) return new KafkaError("storage", `${storageTrouble.message} Since then: ${error.message}`, place);
  if (error.topic !== undefined) return error;
  return new KafkaError(
    error.kind,
    `Partition ${partition} of topic '${topic}' cannot be written. ${error.message}`,
    place,
  );
}

const topicsOf = (parcels: readonly Parcel[]): string =>
  [...new Set(parcels.map(({ topic }) => `topic '${topic}'`))].join(", ");
