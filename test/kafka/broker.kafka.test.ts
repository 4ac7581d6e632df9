/** The harness itself: what is written to the broker of the test run is read as it was. */
import { describe, expect, it } from "vitest";
import { newTopic, produce, readAll } from "./broker.ts";

describe("the broker of the test run", () => {
  it("keeps key, value, headers, timestamp and partition of a record", async () => {
    const topic = await newTopic(2);
    await produce(topic, [
      { key: "a", value: "1", headers: { h: "x" }, partition: 1, timestampMs: 1_000 },
      { key: null, value: null, partition: 0, timestampMs: 2_000 },
    ]);
    expect(await readAll(topic)).toEqual([
      { partition: 0, offset: 0, timestampMs: 2_000, key: null, value: null, headers: {} },
      { partition: 1, offset: 0, timestampMs: 1_000, key: "a", value: "1", headers: { h: "x" } },
    ]);
  });

  it("hides records of aborted transactions from a reader of committed ones, and from nobody else", async () => {
    const topic = await newTopic(1);
    await produce(topic, [{ value: "1" }], { transaction: "committed" });
    await produce(topic, [{ value: "2" }], { transaction: "aborted" });
    await produce(topic, [{ value: "3" }]);
    const values = async (isolation: "read_committed" | "read_uncommitted") =>
      (await readAll(topic, isolation)).map(({ value }) => value);
    expect(await values("read_committed")).toEqual(["1", "3"]);
    expect(await values("read_uncommitted")).toEqual(["1", "2", "3"]);
  });

  it("gives a whole topic of many batches", async () => {
    const topic = await newTopic(3);
    for (let round = 0; round < 5; round++)
      await produce(
        topic,
        Array.from({ length: 1_000 }, (_, n) => ({ key: `k${n}`, value: `${round}-${n}` })),
      );
    const all = await readAll(topic);
    expect(new Set(all.map(({ value }) => value)).size).toBe(5_000);
  });
});
