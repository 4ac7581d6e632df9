/** kafkajs's connections to the brokers of one cluster, one to each, and requests over them. Error codes in answers are left to the caller. */

import { setImmediate } from "node:timers/promises";
import type { SASLOptions } from "kafkajs";
import Broker from "kafkajs/src/broker/index.js";
import loggers from "kafkajs/src/loggers/index.js";
import ConnectionPool, { type Connection, type ProtocolCall } from "kafkajs/src/network/connectionPool.js";
import socketFactory from "kafkajs/src/network/socketFactory.js";
import apiKeys from "kafkajs/src/protocol/requests/apiKeys.js";
import protocol from "kafkajs/src/protocol/requests/index.js";
import { messageOf } from "../../engine/runtime-error.ts";
import type { KafkaConnection } from "../client.ts";
import { KafkaError } from "../kafka-error.ts";
import { scheduleWhenSomethingWaits } from "./quiet-timers.ts";
import { whyNotOpen } from "./why-not-open.ts";

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** The longest that any broker is waited for; what waits longer in the broker says so itself. */
const requestTimeoutMs = 40_000;
const connectTimeoutMs = 5_000;

/** A broker answers the requests of a connection one after the other, so whatever waits in it (a fetch, joining a group) has a channel of its own. */
export class Channel {
  private readonly kafka: KafkaConnection;
  private readonly openByAddress = new Map<string, Promise<OpenConnection>>();
  private isClosed = false;

  constructor(kafka: KafkaConnection) {
    this.kafka = kafka;
  }

  /** A request in kafkajs's words: `args` are those of its `Broker` methods. @throws KafkaError "unavailable" (retryable) when no answer came; the connection is closed then */
  call<Answer>(address: BrokerAddress, api: string, args: object): Promise<Answer> {
    return this.send<Answer>(address, (broker) => {
      const definitions = protocol.requests[api];
      const key = apiKeys[api];
      if (definitions === undefined || key === undefined) throw new Error(`kafkajs has no request ${api}`);
      const call = broker.lookupRequest<Answer>(key, definitions)(args);
      // As it came: which partition an error code belongs to is lost otherwise.
      const response = { decode: (payload: Buffer) => call.response.decode(payload), parse: asItCame<Answer> };
      return { ...call, response };
    });
  }

  /** A request in our own words. */
  async send<Answer>(address: BrokerAddress, callOf: (broker: Broker) => ProtocolCall<Answer>): Promise<Answer> {
    const open = await this.opened(address);
    const call = callOf(open.broker);
    try {
      const answer = await open.connection.send(call);
      open.hasAnswered = true;
      return answer;
    } catch (error) {
      this.drop(address, open);
      if (error instanceof KafkaError) throw error;
      // All that kafkajs says of connections and time-outs is of classes of its own.
      if (!(error instanceof Error && error.name.startsWith("KafkaJS")))
        throw new KafkaError(
          "protocol",
          `The broker ${address.host}:${address.port} answers what is not understood (${messageOf(error)}).`,
          { cause: error },
        );
      throw new KafkaError(
        "unavailable",
        `The broker ${address.host}:${address.port} gave no answer (${messageOf(error)}).${open.hasAnswered || this.kafka.sasl ? "" : " Does it expect `sasl`?"}`,
        { retryable: true, cause: error },
      );
    }
  }

  private async opened(address: BrokerAddress): Promise<OpenConnection> {
    const key = `${address.host}:${address.port}`;
    const known = this.openByAddress.get(key);
    if (known !== undefined) {
      const open = await known;
      if (open.connection.isConnected()) return open;
      if (this.openByAddress.get(key) === known) this.openByAddress.delete(key);
    }
    if (this.isClosed) throw closed();
    const opening = this.openByAddress.get(key) ?? openConnection(address, this.kafka);
    this.openByAddress.set(key, opening);
    try {
      const open = await opening;
      if (!this.isClosed) return open;
      end(open.connection);
    } catch (error) {
      if (this.openByAddress.get(key) === opening) this.openByAddress.delete(key);
      throw error;
    }
    throw closed();
  }

  private drop(address: BrokerAddress, open: OpenConnection): void {
    const key = `${address.host}:${address.port}`;
    const known = this.openByAddress.get(key);
    void known?.then(
      (current) => current === open && this.openByAddress.get(key) === known && this.openByAddress.delete(key),
    );
    end(open.connection);
  }

  /** What waits is rejected. Idempotent. */
  close(): void {
    this.isClosed = true;
    for (const opening of this.openByAddress.values())
      void opening.then(
        ({ connection }) => end(connection),
        () => {},
      );
    this.openByAddress.clear();
  }
}

interface OpenConnection {
  readonly broker: Broker;
  readonly connection: Connection;
  hasAnswered: boolean;
}

const closed = (): KafkaError => new KafkaError("unavailable", "The Kafka client was closed.");
const asItCame = async <Answer>(answer: Answer): Promise<Answer> => answer;
const makeSocket = socketFactory();
const logger = loggers.createLogger({ level: 0, logCreator: () => () => {} });

async function openConnection(address: BrokerAddress, kafka: KafkaConnection): Promise<OpenConnection> {
  const { tls } = kafka;
  const hungUp = Promise.withResolvers<never>();
  const connectionPool = new ConnectionPool({
    ...address,
    clientId: kafka.clientId,
    ssl: tls
      ? {
          ...(tls.ca ? { ca: tls.ca } : {}),
          ...(tls.cert ? { cert: tls.cert } : {}),
          ...(tls.key ? { key: tls.key } : {}),
        }
      : null,
    sasl: kafka.sasl ? saslOf(kafka.sasl) : null,
    logger,
    socketFactory: (wanted) => {
      const isReady = { value: false };
      const onConnect = () => {
        isReady.value = true;
        wanted.onConnect();
      };
      const socket = makeSocket({ ...wanted, onConnect }).setNoDelay(true);
      // kafkajs waits for ever where a broker hangs up while TLS is being agreed on.
      socket.once("close", (hadError) => {
        if (!hadError) hungUp.reject(new Error(tls && !isReady.value ? "TLS handshake failed" : "it hung up"));
      });
      return socket;
    },
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
  });
  hungUp.promise.catch(() => {});
  const connection = connectionPool.pool[0];
  connection.requestQueue.scheduleCheckPendingRequests = scheduleWhenSomethingWaits;
  lookForTimeouts(connection);
  const broker = new Broker({ connectionPool, logger });
  const connecting = broker.connect();
  connecting.catch(() => {});
  try {
    // What kafkajs says itself is more precise, and comes in the same turn.
    await Promise.race([connecting, hungUp.promise.catch(() => setImmediate().then(() => hungUp.promise))]);
    return { broker, connection, hasAnswered: false };
  } catch (error) {
    end(connection);
    throw whyNotOpen(error, address, kafka);
  }
}

function saslOf({ mechanism, username, password }: NonNullable<KafkaConnection["sasl"]>): SASLOptions {
  return { mechanism, username, password };
}

/** Ten times a second for each connection is more than a time-out of seconds needs. */
function lookForTimeouts({ requestQueue }: Connection): void {
  requestQueue.scheduleRequestTimeoutCheck = () => {
    requestQueue.destroy();
    requestQueue.requestTimeoutIntervalId = setInterval(() => {
      const now = Date.now();
      for (const request of requestQueue.inflight.values())
        if (now - request.sentAt > request.requestTimeout) request.timeoutRequest();
    }, 1_000);
  };
}

function end(connection: Connection): void {
  connection.requestQueue.rejectAll(closed());
  connection.disconnect().catch(() => {});
  connection.socket?.destroy();
}
