/** Opens the client that is asked for; only that one is loaded. */
import type { Log } from "../engine/connector.ts";
import type { KafkaClient, KafkaConnection } from "./client.ts";

export type KafkaClientKind = "native" | "kafkajs";

/** @throws KafkaError "unavailable" or "authentication" */
export async function openKafkaClient(
  kind: KafkaClientKind,
  connection: KafkaConnection,
  log?: Log,
): Promise<KafkaClient> {
  if (kind === "kafkajs") {
    const { openKafkajsClient } = await import("./kafkajs/kafkajs-client.ts");
    return openKafkajsClient(connection, log);
  }
  const { openNativeClient } = await import("./native/native-client.ts");
  return openNativeClient(connection, log);
}
