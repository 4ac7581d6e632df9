/** What a partition holds between fetch and pull: order, what counts as held, broken bytes, memory given back. */
import { describe, expect, it } from "vitest";
import { RecordBatchWriter } from "../codec/record-batch-writer.ts";
import { FetchedPartition } from "./fetched-partition.ts";

/** One batch. */
function batch(baseOffset: number, values: readonly string[]): Buffer {
  const writer = new RecordBatchWriter();
  for (const value of values) writer.add(null, value, 0);
  const bytes = Buffer.from(
    writer.finish({
      producerId: -1n,
      producerEpoch: -1,
      baseSequence: -1,
      isTransactional: false,
      compression: "none",
    }),
  );
  // Not under the checksum: brokers write it.
  bytes.writeBigInt64BE(BigInt(baseOffset), 0);
  return bytes;
}

function partition(offset = 0) {
  const log: string[] = [];
  const reader = new FetchedPartition(
    { topic: "a", partition: 0, offset },
    { drained: () => log.push("drained"), awaited: () => log.push("awaited"), closed: () => log.push("closed") },
  );
  const take = (bytes: Buffer) => {
    reader.take({ bytes, aborted: [], endOffset: 100 });
    reader.deliver();
  };
  return { reader, log, take };
}

const full = (baseOffset: number) => batch(baseOffset, ["x".repeat(5_000), "y".repeat(5_000)]);

describe("a partition between fetch and pull", () => {
  it("gives at once what is there, and waits for what is not", async () => {
    const { reader, take } = partition();
    take(Buffer.concat([full(0), full(2)]));
    expect(reader.fetchOffset).toBe(4);
    expect(reader.pull()).toMatchObject({ count: 4, nextOffset: 4 });
    const pull = reader.pull();
    expect(pull).toBeInstanceOf(Promise);
    take(full(4));
    expect(await pull).toMatchObject({ count: 2, baseOffset: 4, nextOffset: 6 });
    expect([reader.position, reader.heldBytes, reader.untouchedBytes]).toEqual([6, 0, 0]);
  });

  it("says that there is room once what it holds was pulled", () => {
    const { reader, log, take } = partition();
    take(full(0));
    expect([reader.heldBytes, reader.untouchedBytes, log]).toEqual([full(0).length, full(0).length, []]);
    void reader.pull();
    expect([reader.heldBytes, log.at(-1)]).toEqual([0, "drained"]);
  });

  it("leaves a batch that was cut for the next fetch", () => {
    const { reader, take } = partition();
    take(Buffer.concat([full(0), full(2).subarray(0, 5_000)]));
    expect([reader.fetchOffset, reader.neededBytes]).toEqual([2, 0]);
    expect(reader.pull()).toMatchObject({ nextOffset: 2 });
    take(full(2).subarray(0, 5_000));
    expect([reader.fetchOffset, reader.neededBytes]).toEqual([2, full(2).length]);
    take(full(2));
    expect([reader.fetchOffset, reader.neededBytes]).toEqual([4, 0]);
  });

  it("gives what is before broken bytes, then the error, and nothing behind them", async () => {
    const { reader, take } = partition();
    const broken = full(2);
    broken[200] = 0;
    take(Buffer.concat([full(0), broken]));
    take(full(4));
    expect(await reader.pull()).toMatchObject({ nextOffset: 2 });
    await expect(reader.pull()).rejects.toMatchObject({ kind: "corrupt", topic: "a", partition: 0 });
    await expect(reader.pull()).rejects.toMatchObject({ kind: "corrupt" });
    expect([reader.isLive, reader.heldBytes]).toEqual([false, 0]);
  });

  it("gives what it holds before it fails", async () => {
    const { reader, take } = partition();
    take(full(0));
    reader.fail(new Error("gone"));
    expect(await reader.pull()).toMatchObject({ nextOffset: 2 });
    await expect(reader.pull()).rejects.toThrow("gone");
  });

  it("is empty once it is closed", async () => {
    const { reader, log, take } = partition();
    take(full(0));
    reader.close();
    reader.close();
    expect([await reader.pull(), reader.heldBytes, log]).toEqual([undefined, 0, ["closed"]]);
  });

  it("gives memory back when every block in it was released, and not before", async () => {
    const { reader, take } = partition();
    const many = Array.from({ length: 2_000 }, () => "value");
    take(Buffer.concat([batch(0, many), batch(2_000, many)]));
    const [first, second] = [await reader.pull(), await reader.pull()];
    first?.release?.();
    first?.release?.();
    expect(second?.bytes.length).toBeGreaterThan(0);
    expect(first?.index.length).toBe(0);
    second?.release?.();
    expect(second?.bytes.length).toBe(0);
  });

  it("ends a wait for batches that have no records for readers", async () => {
    const { reader, take } = partition(7);
    const pull = reader.pull();
    // All of it is before the offset asked for.
    take(batch(0, ["1", "2", "3", "4", "5", "6", "7"]));
    expect([reader.position, reader.isAwaited, reader.heldBytes]).toEqual([7, true, 0]);
    take(batch(7, ["8"]));
    expect(await pull).toMatchObject({ baseOffset: 7, count: 1 });
  });
});
