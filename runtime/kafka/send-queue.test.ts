/** Several sinks over one producer: what goes out together, and what must not. */
import { describe, expect, it } from "vitest";
import type { OutgoingBatch } from "./client.ts";
import { RecordBatchWriter } from "./codec/record-batch-writer.ts";
import { SendQueue } from "./send-queue.ts";

const batch = (topic: string, partition: number): OutgoingBatch => ({
  topic,
  partition,
  records: new RecordBatchWriter(),
});

/** Each send settles when it is let go. */
class SlowProducer {
  readonly sent: string[][] = [];
  private letGo: (() => void)[] = [];

  send(batches: readonly OutgoingBatch[]): Promise<void> {
    this.sent.push(batches.map(({ topic, partition }) => `${topic}/${partition}`));
    return new Promise((resolve) => this.letGo.push(resolve));
  }

  async settleAll(): Promise<void> {
    for (let next = this.letGo.shift(); next !== undefined; next = this.letGo.shift()) {
      next();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

describe("sinks that share a producer", () => {
  it("go out together where each writes to a topic of its own", async () => {
    const producer = new SlowProducer();
    const queue = new SendQueue(producer);
    const sends = [
      queue.send([batch("a", 0)]),
      queue.send([batch("b", 0)]),
      queue.send([batch("c", 0), batch("c", 1)]),
    ];
    await producer.settleAll();
    await Promise.all(sends);
    expect(producer.sent).toEqual([["a/0"], ["b/0", "c/0", "c/1"]]);
  });

  it("go out one after the other where two of them write to the same partition, in order", async () => {
    const producer = new SlowProducer();
    const queue = new SendQueue(producer);
    const sends = [
      ["a", 0],
      ["b", 0],
      ["b", 0],
      ["c", 0],
      ["b", 1],
    ] as const;
    const done = sends.map(([topic, partition]) => queue.send([batch(topic, partition)]));
    await producer.settleAll();
    await Promise.all(done);
    expect(producer.sent).toEqual([["a/0"], ["b/0"], ["b/0", "c/0", "b/1"]]);
    await queue.idle();
  });
});
