/** Which Kafka a command speaks to: the options of a file with the secrets of the environment, or `--brokers`. */
import { secretVariable, withSecrets } from "../../runtime/engine/secrets.ts";
import type { KafkaConnection } from "../../runtime/kafka/client.ts";
import { connectionOf } from "../../runtime/kafka/connection-of.ts";
import type { ConnectionOptions } from "../contract/runtime-config.ts";
import { UsageError } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/** @throws RuntimeError where a secret is missing, or nobody names a broker */
export function connectionIn(options: ConnectionOptions, { env, cwd }: Terminal): KafkaConnection {
  const secret = (name: string, key: string) => env[secretVariable(name, key)];
  return connectionOf(withSecrets(options, { connectors: new Map(), baseDirectory: cwd, secret }), "flow");
}

/** `--brokers a:9092,b:9092`. @throws UsageError */
export function brokersIn(text: unknown): ConnectionOptions | undefined {
  if (typeof text !== "string") return undefined;
  const brokers = text.split(",").map((one) => one.trim());
  const wrong = brokers.find((one) => !/^[^\s:]+:\d{1,5}$|^\[[^\]]+\]:\d{1,5}$/.test(one));
  if (wrong !== undefined)
    throw new UsageError(
      `'${wrong}' in --brokers is no address.`,
      "Write it as host:port, several with commas between.",
    );
  return { brokers };
}
