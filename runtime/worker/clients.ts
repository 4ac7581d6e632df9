/** The clients of one run, one for each Kafka that its options name, and the topics that it makes there. */
import type { OptionValue, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { Log } from "../engine/connector.ts";
import type { RunServices } from "../engine/run-services.ts";
import { withSecrets } from "../engine/secrets.ts";
import type { KafkaClient, KafkaConnection } from "../kafka/client.ts";
import { connectionKey, connectionOf } from "../kafka/connection-of.ts";
import { neededTopics } from "./needed-topics.ts";

type Options = Readonly<Record<string, OptionValue>>;

export interface ClientServices {
  openClient(connection: KafkaConnection, log: Log): Promise<KafkaClient>;
}

export class Clients {
  private readonly config: RuntimeConfig;
  private readonly services: RunServices & ClientServices;
  private readonly log: Log;
  private readonly byConnection = new Map<string, Promise<KafkaClient>>();

  constructor(config: RuntimeConfig, services: RunServices & ClientServices, log: Log) {
    this.config = config;
    this.services = services;
    this.log = log;
  }

  of(options: Options): Promise<KafkaClient> {
    const connection = this.connectionOf(options);
    const key = connectionKey(connection);
    const known = this.byConnection.get(key);
    if (known !== undefined) return known;
    const client = this.services.openClient(connection, this.log);
    client.catch(() => {});
    this.byConnection.set(key, client);
    return client;
  }

  /** Those of the plan that are not there yet. */
  async makeTopics(): Promise<void> {
    for await (const { options, topic } of neededTopics(this.config, (one) => this.of(one))) {
      // Loaded only where topics are needed.
      const { ensureTopics } = await import("../kafka/topics.ts");
      await ensureTopics(this.connectionOf(options), [topic], this.log);
    }
  }

  /** Never fails. */
  async close(): Promise<void> {
    for (const client of this.byConnection.values()) await (await client.catch(() => undefined))?.close();
  }

  private connectionOf(options: Options): KafkaConnection {
    return connectionOf(withSecrets(options, this.services), `flow-${this.config.pipeline}`);
  }
}
