/** What a task reads of several partitions: in turns, and no more than it works on. */
import { describe, expect, it } from "vitest";
import type { RecordBlock } from "../engine/connector.ts";
import type { PartitionReader } from "../kafka/client.ts";
import { blockOfRecords } from "../kafka/codec/block-of-records.ts";
import { Offsets } from "./offsets.ts";
import { TaskSource } from "./task-source.ts";

const silent = { gave: () => {}, closed: () => {} };

/** A partition that always has a block ready; counts what was taken of it. */
class FullReader implements PartitionReader {
  readonly topic = "orders";
  readonly partition: number;
  readonly endOffset = 1_000_000;
  position = 0;

  constructor(partition: number) {
    this.partition = partition;
  }

  pull(): RecordBlock {
    const record = { offset: this.position++, timestampMs: 0, key: null, value: "v" };
    return blockOfRecords(this.topic, this.partition, [record])!;
  }

  close(): void {}
}

/** Its partition has gone to another member. */
class LostReader extends FullReader {
  override pull(): never {
    return undefined as never;
  }
}

describe("a task whose partitions are lost", () => {
  it("is not at the end of its input, which would have windows give what they hold", async () => {
    const source = new TaskSource({
      readers: [new LostReader(0)],
      hasWatermarks: false,
      skipsNull: false,
      passed: new Offsets(),
      acked: new Offsets(),
      silent,
    });
    let answer = "none";
    const pulled = Promise.resolve(source.pull()).then((block) => {
      answer = String(block);
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(answer).toBe("none");
    source.stop();
    await pulled;
    expect(answer).toBe("undefined");
  });

  it("has nothing to wait for where a topic has no partition of its number", () => {
    const nothing = {
      readers: [],
      hasWatermarks: false,
      skipsNull: false,
      passed: new Offsets(),
      acked: new Offsets(),
      silent,
    };
    expect(new TaskSource(nothing).pull()).toBe(undefined);
  });
});

describe("a task with several partitions", () => {
  it("takes them in turns, and holds one block of each at most", async () => {
    const readers = [0, 1, 2].map((partition) => new FullReader(partition));
    const source = new TaskSource({
      readers,
      hasWatermarks: false,
      skipsNull: false,
      passed: new Offsets(),
      acked: new Offsets(),
      silent,
    });
    const taken: number[] = [];
    for (let n = 0; n < 300; n++) taken.push((await source.pull())!.partition);
    expect(taken.slice(0, 6)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(Math.max(...readers.map(({ position }) => position))).toBeLessThanOrEqual(101);
  });
});
