import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeJson } from "../codec/json.ts";
import { align } from "./align.ts";
import { differences, matches, printValue } from "./values.ts";

const inOrder = { exactly: false, inAnyOrder: false };
const anyOrder = { exactly: false, inAnyOrder: true };

describe("an expected value", () => {
  it("compares only the fields it names, in records inside as well", () => {
    expect(matches({ a: 1, b: { c: 2 } }, { a: 1, b: { c: 2, d: 3 }, e: 4 }, false)).toBe(true);
    expect(matches({ list: [{ a: 1 }] }, { list: [{ a: 1, b: 2 }] }, false)).toBe(true);
    expect(matches({ list: [{ a: 1 }] }, { list: [{ a: 1 }, { a: 2 }] }, false)).toBe(false);
  });
  it("names all fields when it says exactly", () => {
    expect(differences({ a: 1 }, { a: 1, b: 2 }, true)).toEqual([{ path: "b", expected: undefined, actual: 2 }]);
    expect(matches({ a: 1 }, { a: 1, b: null }, true)).toBe(true);
  });
  it("compares numbers by value", () => {
    expect(matches(1, decodeJson("1.0"), false)).toBe(true);
    expect(matches(decodeJson("9007199254740993"), decodeJson("9007199254740992"), false)).toBe(false);
    expect(matches(decodeJson("9007199254740993"), decodeJson("9007199254740993"), false)).toBe(true);
    expect(matches("1", 1, false)).toBe(false);
  });
  it("compares times as instants", () => {
    expect(matches("1970-01-01T00:00:05Z", "1970-01-01T01:00:05.000+01:00", false)).toBe(true);
    expect(matches("1970-01-01T00:00:05Z", "1970-01-01T00:00:05.1Z", false)).toBe(false);
  });
  it("says null for a field that is not there", () => {
    expect(matches({ a: null }, {}, false)).toBe(true);
    expect(matches({ a: null }, { a: 1 }, false)).toBe(false);
  });
  it("prints as the language writes it", () => {
    expect(printValue(decodeJson('{"a":1,"b c":[true,null,"x"],"d":1.0,"7":{}}'))).toBe(
      '{ a: 1, "b c": [true, null, "x"], d: 1.0, "7": {} }',
    );
  });
});

describe("aligning", () => {
  it("finds what is missing and what is too much", () => {
    expect(align([{ a: 1 }, { a: 2 }], [{ a: 2 }, { a: 3 }, { a: 4 }], inOrder)).toMatchObject({
      missing: [0],
      unexpected: [1, 2],
      different: [],
    });
  });
  it("takes two that are alike for one with a difference", () => {
    expect(
      align(
        [
          { w: "be", n: 3 },
          { w: "to", n: 1 },
        ],
        [
          { w: "to", n: 1 },
          { w: "be", n: 2 },
        ],
        anyOrder,
      ),
    ).toMatchObject({ missing: [], unexpected: [], different: [{ expected: 0, actual: 1 }] });
  });
  it("says when only the order differs", () => {
    expect(align([1, 2], [2, 1], inOrder).isReordered).toBe(true);
    expect(align([1, 2], [2, 1], anyOrder)).toEqual({ missing: [], unexpected: [], different: [], isReordered: false });
  });
  it("asks for another order only as long as one can be found", () => {
    const values = (key: string) => Array.from({ length: 2_001 }, (_, index) => ({ [key]: index }));
    let reads = 0;
    const counted = values("a").map(
      (value) => new Proxy(value, { ownKeys: (of) => [void reads++, Reflect.ownKeys(of)][1] as string[] }),
    );
    expect(align(counted, values("b"), inOrder)).toMatchObject({ isReordered: false });
    expect(reads).toBeLessThan(20_000);
  });
  it("lets a first choice make way in any order", () => {
    expect(
      align(
        [{ a: 1 }, { a: 1, b: 2 }],
        [
          { a: 1, b: 2 },
          { a: 1, b: 3 },
        ],
        anyOrder,
      ).missing,
    ).toEqual([]);
  });
  it("matches any order of the same events, and in order only their own", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ a: fc.nat(3), b: fc.nat(3) }, { noNullPrototype: true }), { maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        (events, random) => {
          const shuffled = [...events].sort(() => (random.next().value! % 2) - 0.5);
          expect(align(events, shuffled, anyOrder)).toMatchObject({ missing: [], unexpected: [], different: [] });
          const { missing, unexpected, different } = align(events, shuffled, inOrder);
          const isSame = JSON.stringify(events) === JSON.stringify(shuffled);
          expect(missing.length + unexpected.length + different.length === 0).toBe(isSame);
        },
      ),
    );
  });
});
