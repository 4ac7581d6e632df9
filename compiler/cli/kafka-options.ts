/** `--kafka-client`, `--commit-every` and `--session-timeout`: how a run or worker speaks to Kafka. */
import { durationMs } from "../emit/runtime/duration-text.ts";
import { UsageError } from "./exit.ts";
import type { KafkaClientKind, KafkaOptions } from "./start-run.ts";

/** @throws UsageError */
export function kafkaOptions(
  { kafkaClient, commitEvery, sessionTimeout }: Readonly<Record<string, unknown>>,
  tasks: KafkaOptions["tasks"],
): KafkaOptions {
  return {
    client: clientKind(kafkaClient),
    tasks,
    commitEveryMs: durationOf("--commit-every", commitEvery, 1),
    sessionTimeoutMs: durationOf("--session-timeout", sessionTimeout, 1_000),
  };
}

export const clientKind = (name: unknown): KafkaClientKind => (name === "kafkajs" ? "kafkajs" : "native");

function durationOf(flag: string, text: unknown, leastMs: number): number | undefined {
  if (typeof text !== "string") return undefined;
  const ms = durationMs(text);
  if (ms === undefined)
    throw new UsageError(`'${flag} ${text}' is not a duration.`, "Write it with a unit: 100ms, 10s.");
  if (ms < leastMs) throw new UsageError(`'${flag} ${text}' is too short: at least ${leastMs}ms.`);
  return ms;
}
