/** What bounds memory: which partitions are asked for, and for how much. */
import { describe, expect, it } from "vitest";
import { limitOf, planFetch, type Source } from "./fetch-plan.ts";
import { FetchedPartition } from "./fetched-partition.ts";
import { Trouble } from "./retry.ts";

const options = { isolation: "read_committed", maxBytes: 8_000, maxWaitMs: 100 } as const;
const bounds = { options, limitBytes: 1_000, isFull: false, nowMs: 50 };
const ignored = { drained: () => {}, awaited: () => {}, closed: () => {} };

function source(partition: number, more: Partial<Source> = {}): Source {
  const reader = new FetchedPartition({ topic: "a", partition, offset: 10 * partition }, ignored);
  const trouble = new Trouble("fetch", { forMs: 1, signal: new AbortController().signal });
  return { reader, trouble, topicId: "id", isUnderWay: false, notBeforeMs: 0, ...more };
}

function holding(bytes: number, one: Source): Source {
  one.reader.untouchedBytes = bytes;
  return one;
}

function planned(sources: readonly Source[], more: Partial<typeof bounds> = {}) {
  const plan = planFetch(sources, { ...bounds, ...more }, () => 7);
  if (!plan) return undefined;
  const { maxBytes, maxWaitMs, topics } = plan.request;
  return {
    maxBytes,
    maxWaitMs,
    partitions: topics.flatMap(({ partitions }) => partitions.map((one) => one.partition)),
  };
}

describe("a fetch", () => {
  it("asks for each partition that has room, by topic", () => {
    expect(planFetch([source(1), source(2, { topicId: "other" }), source(3)], bounds, () => 7)?.request).toEqual({
      maxWaitMs: 100,
      maxBytes: 3_000,
      isolation: "read_committed",
      topics: [
        {
          id: "id",
          partitions: [
            { partition: 1, leaderEpoch: 7, offset: 10, maxBytes: 1_000 },
            { partition: 3, leaderEpoch: 7, offset: 30, maxBytes: 1_000 },
          ],
        },
        { id: "other", partitions: [{ partition: 2, leaderEpoch: 7, offset: 20, maxBytes: 1_000 }] },
      ],
    });
  });

  it("leaves out what is under way, what is to wait, and what holds enough; then the broker waits shortly", () => {
    expect(planned([source(1), source(2, { isUnderWay: true }), source(3, { notBeforeMs: 60 })])).toEqual({
      maxBytes: 1_000,
      maxWaitMs: 100,
      partitions: [1],
    });
    expect(planned([source(1), holding(1_000, source(2)), holding(999, source(3))])).toEqual({
      maxBytes: 2_000,
      maxWaitMs: 5,
      partitions: [1, 3],
    });
  });

  it("asks for nothing where nothing has room", () => {
    expect(planned([holding(1_000, source(1))])).toBeUndefined();
    expect(planned([])).toBeUndefined();
  });

  it("asks for those that somebody waits for where all together hold too much", () => {
    const awaited = source(2);
    void awaited.reader.pull();
    expect(planned([source(1), awaited], { isFull: true })?.partitions).toEqual([2]);
  });

  it("asks for as much as the next batch needs", () => {
    const large = source(1);
    large.reader.neededBytes = 5_000_000;
    expect(planned([large, source(2)])?.maxBytes).toBe(5_001_000);
  });
});

describe("the share of a partition", () => {
  it("is half of what each may hold, a mebibyte at most, and never nothing", () => {
    expect([limitOf(8 << 20, 1), limitOf(8 << 20, 16), limitOf(8 << 20, 0), limitOf(10, 100)]).toEqual([
      1 << 20,
      (8 << 20) / 32,
      1 << 20,
      1,
    ]);
  });
});
