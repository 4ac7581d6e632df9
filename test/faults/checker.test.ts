/** The checker finds every error that is planted into a good output, and none where there is none. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Arrived, check, checkPanes, type Stamped } from "./checker.ts";

const nothing = { lost: [], duplicated: [], reordered: [], aborted: [], invented: [], replays: 0, longestReplay: 0 };
const partitionOf = (key: string) => Number(key.slice(1)) % 3;

/** `a1 a2 b1` as records that went in. */
const went = (text: string): Stamped[] => text.split(" ").map((id) => ({ id, key: id[0]! }));
/** The same as records that came out of one partition; `b1/2` came out of partition 2. */
const came = (text: string): Arrived[] =>
  text.split(" ").map((word) => {
    const [id, partition] = word.split("/");
    return { id: id!, key: id![0]!, partition: Number(partition ?? 0) };
  });
const verdict = (input: string, output: string, aborted: readonly string[] = []) =>
  check(went(input), came(output), new Set(aborted));

/** Inputs of some keys, and an output that is right: of each partition in order, the partitions one after the other. */
const goodRun = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 4, maxLength: 80 }).map((keys) => {
  const input = keys.map((key, n) => ({ id: `k${key}-${n}`, key: `k${key}` }));
  const output = [0, 1, 2].flatMap((partition) =>
    input.filter(({ key }) => partitionOf(key) === partition).map((record) => ({ ...record, partition })),
  );
  return { input, output };
});

describe("the checker", () => {
  it("finds nothing wrong with an output that has every record once and in order", () => {
    fc.assert(
      fc.property(goodRun, ({ input, output }) => {
        expect(check(input, output, new Set())).toEqual(nothing);
      }),
    );
  });

  it("names what is lost", () => {
    expect(verdict("a1 a2 b1", "a1 b1")).toEqual({ ...nothing, lost: ["a2"] });
  });

  it("names what came twice, once for each time too many", () => {
    const { duplicated } = verdict("a1 a2 b1", "a1 a2 a1 a2 a2 b1/1 b1/1");
    expect(duplicated).toEqual(["a1", "a2", "a2", "b1"]);
  });

  it("counts how often a partition of the output begins again before where it was, and how much comes again", () => {
    const { replays, longestReplay } = verdict("a1 a2 a3 a4 b1", "a1 a2 a1 a2 a3 a4 a2 a3 a4 b1/1 b1/1");
    expect([replays, longestReplay]).toEqual([2, 3]);
  });

  it("says that what went in twice and came once is lost", () => {
    expect(verdict("a1 a1 a2", "a1 a2").lost).toEqual(["a1"]);
  });

  it("takes what went in twice to be right when it comes out twice", () => {
    expect(verdict("a1 a1 a2", "a1 a1 a2")).toEqual(nothing);
  });

  it("names what came behind a later one of its key", () => {
    expect(verdict("a1 a2 a3", "a1 a3 a2").reordered).toEqual(["a2"]);
  });

  it("does not take a repetition from an earlier place for disorder", () => {
    expect(verdict("a1 a2 a3 a4", "a1 a2 a3 a2 a3 a4")).toEqual({
      ...nothing,
      duplicated: ["a2", "a3"],
      replays: 1,
      longestReplay: 2,
    });
  });

  it("says that a key which changes its partition has no order", () => {
    expect(verdict("a1 a2", "a1 a2/1").reordered).toEqual(["a2"]);
  });

  it("does not compare the order of different keys", () => {
    expect(verdict("a1 b1 a2 b2", "b1 b2 a1 a2")).toEqual(nothing);
  });

  it("tells records of aborted transactions from such as were never written", () => {
    expect(verdict("a1", "a1 x1 y1", ["x1"])).toEqual({ ...nothing, aborted: ["x1"], invented: ["y1"] });
  });

  it("finds each kind of error wherever it is planted, and only that", () => {
    const kinds = ["lost", "duplicated", "reordered", "aborted"] as const;
    const property = fc.property(goodRun, fc.nat(), fc.constantFrom(...kinds), ({ input, output }, place, kind) => {
      const planted = [...output];
      const at = place % output.length;
      const record = output[at]!;
      const next = output.findIndex((other, index) => index > at && other.key === record.key);
      if (kind === "lost") planted.splice(at, 1);
      else if (kind === "duplicated") planted.splice(at + 1 + (place % (output.length - at)), 0, record);
      else if (kind === "aborted") planted.splice(at, 0, { ...record, id: "never committed" });
      else {
        fc.pre(next > 0);
        planted[at] = output[next]!;
        planted[next] = record;
      }
      const found = check(input, planted, new Set(["never committed"]));
      expect(kinds.filter((other) => found[other].length > 0)).toEqual([kind]);
      expect(found.invented).toEqual([]);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe("the checker of windows", () => {
  const pane = (key: string, startMs: number, count: number) => ({ key, startMs, count });
  const right = [pane("a", 0, 3), pane("a", 10, 1), pane("b", 0, 2)];
  const good = { lost: [], duplicated: [], miscounted: [], invented: [] };

  it("finds nothing wrong where every window came once with its count", () => {
    expect(checkPanes(right, [...right].reverse())).toEqual(good);
  });

  it("names windows that are lost, came again, or that nothing fell into", () => {
    expect(checkPanes(right, [right[0]!, right[0]!, right[1]!, pane("c", 0, 1)])).toEqual({
      ...good,
      lost: ["b@0"],
      duplicated: ["a@0"],
      invented: ["c@0"],
    });
  });

  it("names a count that is wrong, also where the right one comes besides", () => {
    expect(checkPanes(right, [...right, pane("a", 0, 2)]).miscounted).toEqual(["a@0: 2 instead of 3"]);
  });
});
