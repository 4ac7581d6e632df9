/** At most one connection to each broker, made when it is first needed, and again after it was lost. */
import type { KafkaConnection } from "../client.ts";
import { KafkaError } from "../kafka-error.ts";
import type { BrokerAddress } from "./broker-address.ts";
import { type BrokerApi, BrokerConnection } from "./broker-connection.ts";

export interface CallOptions {
  /** 30 s by default. For requests that wait in the broker: that time and some more. */
  readonly timeoutMs?: number;
}

export class BrokerChannel {
  readonly #kafka: KafkaConnection;
  readonly #addressOf: (node: number) => BrokerAddress;
  readonly #closed: () => void;
  readonly #connections = new Map<number, Promise<BrokerConnection>>();
  #isClosed = false;

  /** @param addressOf throws where the node is not known */
  constructor(kafka: KafkaConnection, addressOf: (node: number) => BrokerAddress, closed: () => void = () => {}) {
    this.#kafka = kafka;
    this.#addressOf = addressOf;
    this.#closed = closed;
  }

  /**
   * One attempt. The answer as it came: error codes in it are for the caller (`kafkaError`).
   * @throws KafkaError "unavailable" (retryable): no connection, or no answer; whether the broker has done it is not known then
   */
  async call<Arguments extends unknown[], Answer>(
    node: number,
    api: BrokerApi<Arguments, Answer>,
    args: Arguments,
    options: CallOptions = {},
  ): Promise<Answer> {
    return (await this.#connectionTo(node)).call(api, args, options.timeoutMs ?? 30_000);
  }

  /** What waits is rejected. Idempotent, never fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#closed();
    const open = [...this.#connections.values()];
    this.#connections.clear();
    await Promise.all(
      open.map((opening) =>
        opening.then(
          (connection) => connection.close(),
          () => {},
        ),
      ),
    );
  }

  async #connectionTo(node: number): Promise<BrokerConnection> {
    if (this.#isClosed) throw new KafkaError("unavailable", "The Kafka client was closed.");
    const known = this.#connections.get(node);
    if (known) {
      const connection = await known;
      if (connection.isOpen) return connection;
      this.#forget(node, known);
      return this.#connectionTo(node);
    }
    const opening = this.#open(node);
    this.#connections.set(node, opening);
    opening.catch(() => this.#forget(node, opening));
    return opening;
  }

  async #open(node: number): Promise<BrokerConnection> {
    return BrokerConnection.open(this.#addressOf(node), this.#kafka);
  }

  #forget(node: number, opening: Promise<BrokerConnection>): void {
    if (this.#connections.get(node) === opening) this.#connections.delete(node);
  }
}
