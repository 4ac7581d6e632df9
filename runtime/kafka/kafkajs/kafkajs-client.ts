/** The client over kafkajs: its connections, log-ins and requests, with loops of our own. See kafkajs-member.ts and kafkajs-producer.ts for why. */
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
import { kafkaError } from "../error-table.ts";
import { committedOffsets } from "./committed-offsets.ts";
import { KafkajsCluster } from "./kafkajs-cluster.ts";
import { KafkajsMember } from "./kafkajs-member.ts";
import { KafkajsProducer } from "./kafkajs-producer.ts";
import { KafkajsReaders } from "./kafkajs-readers.ts";

/** @throws KafkaError "unavailable" or "authentication" */
export async function openKafkajsClient(connection: KafkaConnection, log?: Log): Promise<KafkaClient> {
  return new KafkajsClient(await KafkajsCluster.open(connection, log));
}

class KafkajsClient implements KafkaClient {
  private readonly cluster: KafkajsCluster;

  constructor(cluster: KafkajsCluster) {
    this.cluster = cluster;
  }

  join(options: JoinOptions): Promise<GroupMember> {
    return KafkajsMember.join(this.cluster, options);
  }

  async reader(options: ReaderOptions): Promise<PartitionsReader> {
    return new KafkajsReaders(this.cluster, options);
  }

  producer(options: ProducerOptions): Promise<KafkaProducer> {
    return KafkajsProducer.open(this.cluster, options);
  }

  offsets(
    which: "start" | "end" | { readonly group: string },
    of: readonly TopicPartition[],
  ): Promise<readonly number[]> {
    return typeof which === "string"
      ? this.listOffsets(which, of)
      : committedOffsets(this.cluster, which.group, of, false);
  }

  partitionsOf(topic: string): Promise<number | undefined> {
    return this.cluster.retry(`look up topic '${topic}'`, async () => {
      await this.cluster.refresh([topic]);
      return (await this.cluster.leaders(topic))?.length;
    });
  }

  close(): Promise<void> {
    return this.cluster.closeAll();
  }

  private listOffsets(which: "start" | "end", of: readonly TopicPartition[]): Promise<readonly number[]> {
    return this.cluster.retry(`read offsets of ${of.length} partitions`, () =>
      Promise.all(of.map((one) => this.listOffset(which, one))),
    );
  }

  private async listOffset(which: "start" | "end", { topic, partition }: TopicPartition): Promise<number> {
    const leader = await this.cluster.leaderOf({ topic, partition });
    const answer = await this.cluster.call<ListOffsetsAnswer>(leader, "ListOffsets", {
      // Behind the last record, also of a transaction that is still open.
      isolationLevel: 0,
      topics: [{ topic, partitions: [{ partition, timestamp: which === "start" ? -2 : -1 }] }],
    });
    const found = answer.responses[0]?.partitions[0];
    if (found === undefined) throw kafkaError(3, { topic, partition });
    if (found.errorCode !== 0) throw this.cluster.partitionError(found.errorCode, { topic, partition });
    return Number(found.offset);
  }
}

interface ListOffsetsAnswer {
  readonly responses: readonly {
    readonly partitions: readonly { readonly errorCode: number; readonly offset: string }[];
  }[];
}
