/** What kafkajs says of a connection that did not come to be, in the words of `connectionError`. Loads no kafkajs. */
import { messageOf } from "../../engine/runtime-error.ts";
import type { KafkaConnection } from "../client.ts";
import { errorRow } from "../error-table.ts";
import { KafkaError } from "../kafka-error.ts";
import { type BrokerAddress, nameOf } from "../native/broker-address.ts";
import { connectionError } from "../native/connection-error.ts";

export function whyNotOpen(error: unknown, address: BrokerAddress, kafka: KafkaConnection): KafkaError {
  const code = saslCodeOf(error);
  if (code !== undefined && errorRow(code).kind === "authentication")
    return new KafkaError(
      "authentication",
      `The broker ${nameOf(address)} refuses the login${kafka.sasl ? ` of '${kafka.sasl.username}' by ${kafka.sasl.mechanism}` : ""}. ${code === loginRefused ? "Check user name, password and mechanism." : errorRow(code).text}`,
      { cause: error },
    );
  const isTls = messageOf(error).includes("before secure TLS connection");
  return connectionError(isTls ? new Error("TLS handshake failed", { cause: error }) : error, address, kafka);
}

const loginRefused = 58;

/** kafkajs tells a refused login by the class of the error alone, all else by its code. */
function saslCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "KafkaJSSASLAuthenticationError") return loginRefused;
  return "code" in error && typeof error.code === "number" ? error.code : undefined;
}
