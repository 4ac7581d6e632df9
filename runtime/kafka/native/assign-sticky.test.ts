/** Dividing partitions among members: everything exactly once, evenly, in whole partition numbers, with as few moves as there can be. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TopicPartition } from "../client.ts";
import { assignSticky, type GroupSubscriber } from "./assign-sticky.ts";
import { decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from "./group-metadata.ts";

const of = (topic: string, ...partitions: number[]): TopicPartition[] =>
  partitions.map((partition) => ({ topic, partition }));
const named = (partitions: readonly TopicPartition[]) =>
  partitions.map(({ topic, partition }) => `${topic}${partition}`).join(" ");

/** `a: x0 x1` for each member. */
function divided(members: Record<string, Partial<GroupSubscriber>>, counts: Record<string, number>): string[] {
  const subscribers = Object.entries(members).map(([member, its]) => ({
    member,
    topics: Object.keys(counts),
    owned: [],
    generation: -1,
    ...its,
  }));
  const result = assignSticky(subscribers, new Map(Object.entries(counts)));
  return [...result].map(([member, partitions]) => `${member}: ${named(partitions)}`);
}

describe("a group divides its partitions", () => {
  it("evenly, each number of all topics to one member", () => {
    expect(divided({ a: {}, b: {} }, { x: 4, y: 2 })).toEqual(["a: x0 x2 y0", "b: x1 x3 y1"]);
  });

  it("so that who has them keeps them when a member comes", () => {
    const a = { owned: of("x", 0, 1, 2, 3), generation: 1 };
    expect(divided({ a, b: {} }, { x: 4 })).toEqual(["a: x0 x1", "b: x2 x3"]);
  });

  it("so that only the partitions of a member that left move", () => {
    const a = { owned: of("x", 1, 4), generation: 5 };
    const c = { owned: of("x", 2, 3), generation: 5 };
    expect(divided({ a, c }, { x: 6 })).toEqual(["a: x0 x1 x4", "c: x2 x3 x5"]);
  });

  it("by the later generation where a member that was away still names what others have", () => {
    const away = { owned: of("x", 0, 1), generation: 3 };
    const here = { owned: of("x", 0, 1), generation: 4 };
    expect(divided({ away, here, third: {} }, { x: 3 })).toEqual(["away: x2", "here: x0", "third: x1"]);
  });

  it("with nothing for those who are too many", () => {
    expect(divided({ a: {}, b: {}, c: {} }, { x: 2 })).toEqual(["a: x0", "b: x1", "c: "]);
  });

  it("to members that read all topics, while a version with another topic is rolled out", () => {
    const old = { topics: ["x"], owned: of("x", 0, 1), generation: 1 };
    expect(divided({ old, new: {} }, { x: 2, y: 2 })).toEqual(["new: x0 x1 y0 y1", "old: "]);
  });

  it("by topic where no member reads all", () => {
    expect(divided({ a: { topics: ["x"] }, b: { topics: ["y"] } }, { x: 2, y: 1 })).toEqual(["a: x0 x1", "b: y0"]);
  });
});

describe("however the group looks", () => {
  const topics = ["x", "y", "z"];
  const counts = fc.dictionary(fc.constantFrom(...topics), fc.nat(40));
  const partition = fc.record({ topic: fc.constantFrom(...topics, "gone"), partition: fc.nat(45) });
  const member = fc.record({
    topics: fc.oneof(fc.constant(topics), fc.subarray(topics)),
    owned: fc.array(partition, { maxLength: 60 }),
    generation: fc.integer({ min: -1, max: 3 }),
  });
  const subscribersOf = (members: readonly Omit<GroupSubscriber, "member">[]) =>
    members.map((its, i) => ({ ...its, member: `m${i}` }));

  it("each partition that somebody reads goes to exactly one member that reads it", () => {
    fc.assert(
      fc.property(fc.array(member, { minLength: 1, maxLength: 8 }), counts, (members, countByTopic) => {
        const subscribers = subscribersOf(members);
        const result = assignSticky(subscribers, new Map(Object.entries(countByTopic)));
        expect([...result.keys()].sort()).toEqual(subscribers.map((s) => s.member).sort());
        for (const { member, topics: read } of subscribers)
          for (const { topic } of result.get(member)!) expect(read).toContain(topic);
        const expected = Object.entries(countByTopic)
          .filter(([topic]) => subscribers.some((s) => s.topics.includes(topic)))
          .flatMap(([topic, count]) => of(topic, ...Array(count).keys()));
        expect([...result.values()].map(named).join(" ").split(" ").filter(Boolean).sort()).toEqual(
          expected.map((p) => `${p.topic}${p.partition}`).sort(),
        );
      }),
    );
  });

  it("where all read the same, numbers stay whole, counts differ by one at most, and no fewer could have moved", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 60 }),
        fc.array(fc.nat(9), { minLength: 60, maxLength: 60 }),
        (before, now, numbers, ownerByNumber) => {
          // Of the members that were there, those numbered below `now` still are.
          const ownedBy = (i: number) => [...Array(numbers).keys()].filter((p) => ownerByNumber[p]! % before === i);
          const subscribers = [...Array(now).keys()].map((i) => ({
            member: `m${i}`,
            topics: ["x", "y"],
            owned: i < before ? [...of("x", ...ownedBy(i)), ...of("y", ...ownedBy(i))] : [],
            generation: 7,
          }));
          const result = assignSticky(
            subscribers,
            new Map([
              ["x", numbers],
              ["y", numbers],
            ]),
          );
          let kept = 0;
          const sizes: number[] = [];
          for (const { member, owned } of subscribers) {
            const its = result.get(member)!;
            const numbersOf = (topic: string) => its.filter((p) => p.topic === topic).map((p) => p.partition);
            expect(numbersOf("x")).toEqual(numbersOf("y"));
            sizes.push(numbersOf("x").length);
            kept += numbersOf("x").filter((p) => owned.some((o) => o.partition === p)).length;
          }
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          expect(kept).toBe(
            mostThatCanStay(
              subscribers.map((s) => s.owned.length / 2),
              numbers,
            ),
          );
        },
      ),
    );
  });

  function mostThatCanStay(owned: readonly number[], numbers: number): number {
    const least = Math.floor(numbers / owned.length);
    const withOneMore = numbers % owned.length;
    const ordered = [...owned].sort((a, b) => b - a);
    return ordered.reduce((sum, its, i) => sum + Math.min(its, least + (i < withOneMore ? 1 : 0)), 0);
  }

  it("the order in which members are listed changes nothing", () => {
    fc.assert(
      fc.property(fc.array(member, { minLength: 1, maxLength: 6 }), counts, (members, countByTopic) => {
        const subscribers = subscribersOf(members);
        const partitionCounts = new Map(Object.entries(countByTopic));
        const sorted = (all: readonly GroupSubscriber[]) => [...assignSticky(all, partitionCounts)].sort();
        expect(sorted([...subscribers].reverse())).toEqual(sorted(subscribers));
      }),
    );
  });

  it("divides 2000 partition numbers among 100 members without delay", () => {
    const subscribers = [...Array(100).keys()].map((i) => ({
      member: `m${i}`,
      topics: ["x"],
      owned: i === 0 ? of("x", ...Array(2000).keys()) : [],
      generation: 1,
    }));
    const started = performance.now();
    const result = assignSticky(subscribers, new Map([["x", 2000]]));
    expect(new Set([...result.values()].map((its) => its.length))).toEqual(new Set([20]));
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("subscriptions and assignments come back from their bytes, and no bytes do harm", () => {
    fc.assert(
      fc.property(member, (subscription) => {
        const owned = [...Map.groupBy(subscription.owned, (p) => p.topic).values()].flat();
        expect(decodeSubscription(encodeSubscription(subscription))).toEqual({ ...subscription, owned });
        expect(decodeAssignment(encodeAssignment(owned))).toEqual(owned);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        for (const decode of [decodeSubscription, decodeAssignment])
          try {
            decode(Buffer.from(bytes));
          } catch (error) {
            expect(error).toMatchObject({ kind: "protocol" });
          }
      }),
    );
  });
});
