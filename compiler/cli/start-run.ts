/** Starts a stage: in this process alone, or as a worker in its consumer group where a source is Kafka. What speaks to Kafka is loaded only for stages that do. */
import { type Run, runPipeline } from "../../runtime/engine/run.ts";
import type { RunServices } from "../../runtime/engine/run-services.ts";
import { withSecrets } from "../../runtime/engine/secrets.ts";
import { readsKafka } from "../../runtime/worker/kafka-sources.ts";
import type { RuntimeConfig } from "../contract/runtime-config.ts";
import { didYouMean, nearest } from "../source/nearest.ts";

export type KafkaClientKind = "native" | "kafkajs";

export interface KafkaOptions {
  readonly client: KafkaClientKind;
  /** `all`: this process has all partitions in one task; `partition`: a task for each that the group gives it. */
  readonly tasks: "all" | "partition";
  readonly commitEveryMs?: number | undefined;
  readonly sessionTimeoutMs?: number | undefined;
  /** Copies of changelogs; absolute. */
  readonly copies?: string | undefined;
}

export async function startRun(
  config: RuntimeConfig,
  services: RunServices,
  { client, tasks, commitEveryMs, sessionTimeoutMs, copies }: KafkaOptions,
): Promise<Run> {
  if (!usesKafka(config)) return runPipeline(config, services);
  const [{ kafkaConnector }, { openKafkaClient }, { runWorker }, { runIntoTopics }] = await Promise.all([
    import("../../runtime/connectors/kafka.ts"),
    import("../../runtime/kafka/open-client.ts"),
    import("../../runtime/worker/run-worker.ts"),
    import("../../runtime/worker/run-into-topics.ts"),
  ]);
  const openClient: Parameters<typeof kafkaConnector>[0] = (connection, log) =>
    openKafkaClient(client, connection, log);
  const connectors = new Map([...services.connectors, ["kafka", kafkaConnector(openClient)]]);
  if (!readsKafka(config))
    return explained(await runIntoTopics(config, { ...services, connectors, openClient }), config, services);
  const run = runWorker(config, {
    ...services,
    connectors,
    openClient,
    tasks,
    ...(commitEveryMs === undefined ? {} : { commitEveryMs }),
    ...(sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }),
    ...(copies === undefined ? {} : { copies }),
  });
  return explained(run, config, services);
}

const explained = (run: Run, config: RuntimeConfig, services: RunServices): Run => ({
  ...run,
  done: run.done.catch(async (error: unknown) => {
    throw await withNearTopic(error, config, services);
  }),
});

/** A topic that is not there is most likely misspelt: names one that is. */
async function withNearTopic(error: unknown, config: RuntimeConfig, services: RunServices): Promise<unknown> {
  const { KafkaError } = await import("../../runtime/kafka/kafka-error.ts");
  if (!(error instanceof KafkaError) || error.kind !== "unknown-topic" || error.topic === undefined) return error;
  const { topic } = error;
  const { nodes, tables, errors } = config;
  const all = [...nodes, ...tables].flatMap((node) => ("connector" in node ? [node.connector] : []));
  if (errors.policy === "dead_letter" && errors.connector !== undefined) all.push(errors.connector);
  const options = all.find((one) => one.options.topic === topic)?.options ?? config.kafka?.connection;
  try {
    const [{ connectionOf }, { topicsIn }] = await Promise.all([
      import("../../runtime/kafka/connection-of.ts"),
      import("../../runtime/kafka/lag.ts"),
    ]);
    const topics = await topicsIn(connectionOf(withSecrets(options ?? {}, services), "flow"));
    const near = nearest(topic, likeliestFirst(topic, topics));
    if (near === undefined) return error;
    return new KafkaError(error.kind, `${error.message}${didYouMean(near)}`, { cause: error, topic });
  } catch {
    return error;
  }
}

/** Of thousands of topics only some are compared: those that begin as it does. */
function likeliestFirst(topic: string, topics: readonly string[]): readonly string[] {
  const sharedWith = (name: string): number => {
    let at = 0;
    while (at < topic.length && name[at] === topic[at]) at++;
    return at;
  };
  return topics.filter((name) => !name.startsWith("__")).sort((a, b) => sharedWith(b) - sharedWith(a));
}

/** As a source, sink, table or dead letter. */
function usesKafka({ nodes, tables, errors }: RuntimeConfig): boolean {
  if (errors.policy === "dead_letter" && errors.connector?.type === "kafka") return true;
  return [...nodes, ...tables].some((node) => "connector" in node && node.connector.type === "kafka");
}
