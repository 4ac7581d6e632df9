/** One connection to one broker: opened with TLS and SASL, versions checked, each request with a time limit of its own. What fails here is said with the broker's address and the cure. */
import { isIP } from "node:net";
import {
  type API,
  apiVersionsV3,
  Connection,
  type ConnectionOptions,
  NetworkError,
  ResponseError,
} from "@platformatic/kafka";
import { messageOf } from "../../engine/runtime-error.ts";
import type { KafkaConnection } from "../client.ts";
import { KafkaError } from "../kafka-error.ts";
import { type BrokerAddress, nameOf } from "./broker-address.ts";
import { connectionError } from "./connection-error.ts";

/** A request and the way to read its answer, `metadataV12.api`; made with `createAPI` where there is none that fits. */
export type BrokerApi<Arguments extends unknown[], Answer> = API<Arguments, Answer>;

const connectTimeoutMs = 5_000;
/** Until the broker has said which requests it knows. */
const openTimeoutMs = 10_000;
/** Not the client id: brokers take letters, digits, "." and "-" only, and refuse the connection otherwise. */
const softwareName = "argo-dataflow";

/** Beyond every limit of our own. */
const neverMs = 2_000_000_000;

export class BrokerConnection {
  readonly address: BrokerAddress;
  readonly #connection: Connection;
  readonly #newestByApi: ReadonlyMap<number, number>;
  readonly #hasLogin: boolean;
  #hasAnswered = false;
  #isBroken = false;

  /** @throws KafkaError "unavailable" (retryable) or "authentication" */
  static async open(address: BrokerAddress, kafka: KafkaConnection): Promise<BrokerConnection> {
    const connection = new Connection(kafka.clientId, optionsOf(address, kafka));
    // Every failure also rejects what is waiting.
    connection.on("error", () => {});
    const timer = setTimeout(() => connection.socket.destroy(), openTimeoutMs);
    try {
      await connection.connect(address.host, address.port);
      const { apiKeys } = await apiVersionsV3.api.async(connection, softwareName, "1");
      return new BrokerConnection(
        address,
        connection,
        kafka,
        new Map(apiKeys.map(({ apiKey, maxVersion }) => [apiKey, maxVersion])),
      );
    } catch (error) {
      void connection.close();
      throw connectionError(error, address, kafka);
    } finally {
      clearTimeout(timer);
    }
  }

  private constructor(
    address: BrokerAddress,
    connection: Connection,
    kafka: KafkaConnection,
    newestByApi: ReadonlyMap<number, number>,
  ) {
    this.address = address;
    this.#connection = connection;
    this.#hasLogin = kafka.sasl !== undefined;
    this.#newestByApi = newestByApi;
  }

  get isOpen(): boolean {
    if (this.#isBroken) return false;
    return this.#connection.isConnected() || this.#connection.status === "reauthenticating";
  }

  /**
   * The answer as it came, error codes in it: to be looked at by the caller.
   * @throws KafkaError "unavailable" (retryable) when no answer came, after which the connection is closed; whether the broker has done it is not known
   */
  async call<Arguments extends unknown[], Answer>(
    api: BrokerApi<Arguments, Answer>,
    args: Arguments,
    timeoutMs: number,
  ): Promise<Answer> {
    this.#checkVersion(api.key, api.version);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.#isBroken = true;
      this.#connection.socket.destroy();
    }, timeoutMs);
    try {
      const answer = await api.async(this.#connection, ...args);
      this.#hasAnswered = true;
      return answer;
    } catch (error) {
      // The answer is whole; only its reader throws where there is an error code in it.
      if (error instanceof ResponseError) return answerIn(error);
      if (!isNetworkError(error))
        throw new KafkaError(
          "protocol",
          `The broker ${nameOf(this.address)} answers what is not understood (${messageOf(error)}).`,
          { cause: error },
        );
      this.#isBroken = true;
      this.#connection.socket.destroy();
      throw this.#hungUp(error, timedOut ? timeoutMs : undefined);
    } finally {
      clearTimeout(timer);
    }
  }

  #hungUp(cause: unknown, afterMs: number | undefined): KafkaError {
    const why = afterMs === undefined ? `hung up (${messageOf(cause)})` : `gave no answer within ${afterMs / 1000} s`;
    // Without a login it answers which requests it knows, and nothing else.
    const hint = this.#hasAnswered || this.#hasLogin ? "" : " Does it expect `sasl`?";
    return new KafkaError("unavailable", `The broker ${nameOf(this.address)} ${why}.${hint}`, {
      retryable: true,
      cause,
    });
  }

  #checkVersion(key: number, version: number): void {
    const newest = this.#newestByApi.get(key) ?? -1;
    if (newest >= version) return;
    throw new KafkaError(
      "protocol",
      `The broker ${nameOf(this.address)} is too old: it has version ${newest} of request ${key}, not ${version}. Kafka 3.9 or newer is needed.`,
    );
  }

  async close(): Promise<void> {
    await this.#connection.close().catch(() => {});
  }
}

/** `Answer` is what the reader that threw would have given. */
function answerIn<Answer>(error: ResponseError): Answer {
  const { response } = error;
  return response;
}

function isNetworkError(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === NetworkError.code;
}

function optionsOf({ host }: BrokerAddress, { tls, sasl }: KafkaConnection): ConnectionOptions {
  return {
    connectTimeout: connectTimeoutMs,
    requestTimeout: neverMs,
    maxInflights: 1_000,
    ...(tls ? { tls, tlsServerName: isIP(host) === 0 } : {}),
    ...(sasl
      ? { sasl: { mechanism: mechanisms[sasl.mechanism], username: sasl.username, password: sasl.password } }
      : {}),
  };
}

const mechanisms = {
  plain: "PLAIN",
  "scram-sha-256": "SCRAM-SHA-256",
  "scram-sha-512": "SCRAM-SHA-512",
} as const;
