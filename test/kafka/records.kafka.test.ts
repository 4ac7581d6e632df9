/** The independent reader of the tests sees nothing of aborted transactions, however they lie over each other. */
import { describe, expect, it } from "vitest";
import { bootstrap, newName, newTopic } from "./broker.ts";
import { Records } from "./records.ts";

describe("a reader of committed records", () => {
  it("sees nothing of two transactions of which the one that began last was aborted first", async () => {
    const records = new Records(bootstrap());
    const topic = await newTopic(1);
    const [first, second] = [transactional(records), transactional(records)];
    for (const producer of [first, second]) await producer.connect();
    try {
      const begunFirst = await first.transaction();
      await begunFirst.send({ topic, messages: [{ value: "of the first" }] });
      const begunLast = await second.transaction();
      await begunLast.send({ topic, messages: [{ value: "of the last" }] });
      await begunLast.abort();
      await begunFirst.abort();
    } finally {
      for (const producer of [first, second]) await producer.disconnect();
    }
    await records.produce(topic, [{ value: "seen" }], { transaction: "committed" });
    const values = async () => (await records.readAll(topic)).map(({ value }) => value);
    // A broker answers before all markers are written.
    await expect.poll(values, { timeout: 10_000 }).toContain("seen");
    expect(await values()).toEqual(["seen"]);
  });
});

const transactional = ({ kafka }: Records) =>
  kafka.producer({ idempotent: true, maxInFlightRequests: 1, transactionalId: newName() });
