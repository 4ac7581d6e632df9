/** Administration of a cluster through kafkajs: connect, do the work, disconnect. What goes wrong comes out as a `KafkaError`. */
import type { Admin, Kafka, SASLOptions } from "kafkajs";
import { RuntimeError } from "../engine/runtime-error.ts";
import type { KafkaConnection } from "./client.ts";
import { type ErrorPlace, errorRow, kafkaError } from "./error-table.ts";
import { whyNotOpen } from "./kafkajs/why-not-open.ts";
import { type BrokerAddress, parseAddress } from "./native/broker-address.ts";

export type { Admin };

const connectTimeoutMs = 5_000;
const requestTimeoutMs = 30_000;
/** Kafka's own time-out for what the controller does. */
export const controllerTimeoutMs = 15_000;

/** @throws KafkaError "unavailable" or "authentication" when there is no way in; what `work` threw, as `adminError` sees it */
export async function withAdmin<T>(connection: KafkaConnection, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = (await openKafka(connection)).admin();
  try {
    await admin.connect();
    return await work(admin);
  } catch (error) {
    throw adminError(error, connection);
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

/** The error of Kafka behind what kafkajs threw. Our own errors stay as they are. */
export function adminError(error: unknown, connection: KafkaConnection, place: ErrorPlace = {}): unknown {
  if (error instanceof RuntimeError) return error;
  const { code, topic } = protocolErrorOf(error);
  if (code !== undefined && errorRow(code).kind !== "authentication")
    return kafkaError(code, { ...place, ...(topic === undefined ? {} : { topic }), cause: error });
  const root = rootOf(error);
  return whyNotOpen(root, addressIn(root) ?? parseAddress(connection.brokers[0]!), connection);
}

/** What it gave up on is behind "number of retries exceeded". */
function rootOf(error: unknown): unknown {
  for (let depth = 0; error instanceof Error && error.cause instanceof Error && depth < 8; depth++) error = error.cause;
  return error;
}

/** The broker that kafkajs spoke to. */
const addressIn = (error: unknown): BrokerAddress | undefined =>
  error instanceof Error && "broker" in error && typeof error.broker === "string" && error.broker !== ""
    ? parseAddress(error.broker)
    : undefined;

async function openKafka({ brokers, clientId, tls, sasl }: KafkaConnection): Promise<Kafka> {
  // Only who administers loads it.
  const { Kafka, logLevel } = await import("kafkajs");
  const { keepTimersQuiet } = await import("./kafkajs/quiet-timers.ts");
  keepTimersQuiet();
  return new Kafka({
    brokers: [...brokers],
    clientId,
    logLevel: logLevel.NOTHING,
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: { initialRetryTime: 100, retries: 5 },
    ...(tls ? { ssl: { ...tls } } : {}),
    ...(sasl ? { sasl: saslOf(sasl) } : {}),
  });
}

function saslOf({ mechanism, username, password }: NonNullable<KafkaConnection["sasl"]>): SASLOptions {
  return { mechanism, username, password };
}

/** kafkajs wraps what the broker says: in what it gave up on, or several in one. */
function protocolErrorOf(error: unknown, depth = 0): { readonly code?: number; readonly topic?: string } {
  if (typeof error !== "object" || error === null || depth > 8) return {};
  if ("type" in error && "code" in error && typeof error.code === "number")
    return { code: error.code, ...("topic" in error && typeof error.topic === "string" ? { topic: error.topic } : {}) };
  if ("errors" in error && Array.isArray(error.errors)) return protocolErrorOf(error.errors[0], depth + 1);
  return "cause" in error ? protocolErrorOf(error.cause, depth + 1) : {};
}
