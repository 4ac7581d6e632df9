/** Starts a stage: in this process alone, or as a worker in its consumer group where a source is Kafka. What speaks to Kafka is loaded only for stages that do. */
import { type Run, runPipeline } from "../../runtime/engine/run.ts";
import type { RunServices } from "../../runtime/engine/run-services.ts";
import type { RuntimeConfig } from "../contract/runtime-config.ts";

export type KafkaClientKind = "native" | "kafkajs";

export interface KafkaOptions {
  readonly client: KafkaClientKind;
  /** `all`: this process has all partitions in one task; `partition`: a task for each that the group gives it. */
  readonly tasks: "all" | "partition";
  readonly commitEveryMs?: number | undefined;
  readonly sessionTimeoutMs?: number | undefined;
}

export async function startRun(
  config: RuntimeConfig,
  services: RunServices,
  { client, tasks, commitEveryMs, sessionTimeoutMs }: KafkaOptions,
): Promise<Run> {
  if (!usesKafka(config)) return runPipeline(config, services);
  const [{ kafkaConnector }, { openKafkaClient }, { readsKafka, runWorker }] = await Promise.all([
    import("../../runtime/connectors/kafka.ts"),
    import("../../runtime/kafka/open-client.ts"),
    import("../../runtime/worker/run-worker.ts"),
  ]);
  const openClient: Parameters<typeof kafkaConnector>[0] = (connection, log) =>
    openKafkaClient(client, connection, log);
  const connectors = new Map([...services.connectors, ["kafka", kafkaConnector(openClient)]]);
  if (!readsKafka(config)) return runPipeline(config, { ...services, connectors });
  return runWorker(config, {
    ...services,
    connectors,
    openClient,
    tasks,
    ...(commitEveryMs === undefined ? {} : { commitEveryMs }),
    ...(sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }),
  });
}

/** As a source, sink, table or dead letter. */
function usesKafka({ nodes, tables, errors }: RuntimeConfig): boolean {
  if (errors.policy === "dead_letter" && errors.connector?.type === "kafka") return true;
  return [...nodes, ...tables].some((node) => "connector" in node && node.connector.type === "kafka");
}
