/** Several sinks send through one producer, which takes one send at a time: what waits meanwhile goes out together. */
import type { KafkaProducer, OutgoingBatch, TopicPartition } from "./client.ts";

interface Waiting {
  readonly batches: readonly OutgoingBatch[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class SendQueue {
  private readonly producer: Pick<KafkaProducer, "send">;
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;

  constructor(producer: Pick<KafkaProducer, "send">) {
    this.producer = producer;
  }

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
      const those = this.takeTogether();
      try {
        await this.producer.send(those.flatMap(({ batches }) => batches));
        for (const { resolve } of those) resolve();
      } catch (error) {
        for (const { reject } of those) reject(error);
      }
    }
    this.running = undefined;
  }

  /** The first ones, as many as are for different partitions: two sinks may write to the same topic. */
  private takeTogether(): readonly Waiting[] {
    const taken = new Set<string>();
    const isFree = ({ batches }: Waiting) => batches.every((batch) => !taken.has(nameOf(batch)));
    let count = 0;
    for (const one of this.waiting) {
      if (!isFree(one)) break;
      for (const batch of one.batches) taken.add(nameOf(batch));
      count++;
    }
    return this.waiting.splice(0, count);
  }
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${partition} ${topic}`;

const settled = async (promise: Promise<unknown>): Promise<void> => {
  try {
    await promise;
  } catch {
    // Told to whoever sent it.
  }
};
