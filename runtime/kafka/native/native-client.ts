/** The client of our own: connections and groups by Kafka's protocol, records as ranges of the bytes that came. */
import type { Log } from "../../engine/connector.ts";
import type {
  GroupMember,
  JoinOptions,
  KafkaClient,
  KafkaConnection,
  KafkaProducer,
  PartitionsReader,
  ProducerOptions,
  ReaderOptions,
  TopicPartition,
} from "../client.ts";
import { Cluster, type ClusterOptions } from "./cluster.ts";
import { Fetcher } from "./fetcher.ts";
import { joinGroup } from "./group-member.ts";
import { committedOffsets } from "./group-offsets.ts";
import { NativeProducer } from "./producer.ts";
import { partitionsOf, topicOffsets } from "./topic-offsets.ts";

/** Resolves once a broker has answered. @throws KafkaError "unavailable", "authentication" */
export async function openNativeClient(
  connection: KafkaConnection,
  log?: Log,
  patience: Omit<ClusterOptions, "log"> = {},
): Promise<KafkaClient> {
  return new NativeClient(await Cluster.open(connection, { ...patience, ...(log ? { log } : {}) }));
}

class NativeClient implements KafkaClient {
  readonly #cluster: Cluster;
  readonly #members = new Set<GroupMember>();
  readonly #producers = new Set<NativeProducer>();
  #closed: Promise<void> | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async join(options: JoinOptions): Promise<GroupMember> {
    const member = await joinGroup(this.#cluster, new Fetcher(this.#cluster, options.fetch), options);
    this.#members.add(member);
    return member;
  }

  async reader(options: ReaderOptions): Promise<PartitionsReader> {
    return new Fetcher(this.#cluster, options);
  }

  async producer(options: ProducerOptions): Promise<KafkaProducer> {
    const producer = await NativeProducer.open(this.#cluster, options, () => this.#producers.delete(producer));
    this.#producers.add(producer);
    return producer;
  }

  offsets(
    which: "start" | "end" | { readonly group: string },
    of: readonly TopicPartition[],
  ): Promise<readonly number[]> {
    return typeof which === "string"
      ? topicOffsets(this.#cluster, which, of)
      : committedOffsets(this.#cluster, which.group, of);
  }

  partitionsOf(topic: string): Promise<number | undefined> {
    return partitionsOf(this.#cluster, topic);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Readers end with their connections. */
  async #close(): Promise<void> {
    const ends = [
      ...[...this.#members].map((member) => member.leave()),
      ...[...this.#producers].map((producer) => producer.close()),
    ];
    await Promise.allSettled(ends);
    await this.#cluster.close();
  }
}
