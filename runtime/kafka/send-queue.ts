/** Several sinks send through one producer, which takes one send at a time: what waits meanwhile goes out together. */
import type { KafkaProducer, OutgoingBatch } from "./client.ts";

interface Waiting {
  readonly batches: readonly OutgoingBatch[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class SendQueue {
  private readonly producer: KafkaProducer;
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;

  constructor(producer: KafkaProducer) {
    this.producer = producer;
  }

  /** No two that wait at the same time may be for one partition: each topic has one sender. */
  send(batches: readonly OutgoingBatch[]): Promise<void> {
    if (this.running === undefined) {
      const sent = this.producer.send(batches);
      this.running = this.goOn(sent);
      return sent;
    }
    return new Promise((resolve, reject) => this.waiting.push({ batches, resolve, reject }));
  }

  /** Nothing is under way any more. Never rejects. */
  async idle(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async goOn(first: Promise<void>): Promise<void> {
    await settled(first);
    while (this.waiting.length > 0) {
      const those = this.waiting;
      this.waiting = [];
      try {
        await this.producer.send(those.flatMap(({ batches }) => batches));
        for (const { resolve } of those) resolve();
      } catch (error) {
        for (const { reject } of those) reject(error);
      }
    }
    this.running = undefined;
  }
}

const settled = async (promise: Promise<unknown>): Promise<void> => {
  try {
    await promise;
  } catch {
    // Told to whoever sent it.
  }
};
