import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equals } from "./equality.ts";
import { hashKey } from "./hash-key.ts";
import { boxDouble, Double } from "./values/double.ts";
import { OrderedMap } from "./values/ordered-map.ts";
import { Uint } from "./values/uint.ts";

const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.maxSafeInteger(),
  fc.bigInt({ min: 9007199254740992n, max: 9007199254740999n }),
  fc.double().map(boxDouble),
  fc.nat(3).map((value) => new Double(value)),
  fc.nat(3).map((value) => new Uint(BigInt(value))),
  fc.constant(new Double(9007199254740994)),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    number,
    fc.string({ maxLength: 2 }),
    fc.boolean(),
    fc.constant(null),
    tie("list"),
    tie("map"),
  ),
  list: fc.array(tie("any"), { maxLength: 3 }),
  map: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("any"), { maxKeys: 3 }),
})).any;

describe("hash keys", () => {
  it("are equal exactly for equal values", () => {
    fc.assert(
      fc.property(value, value, (left, right) => {
        expect(hashKey(left) === hashKey(right)).toBe(equals(left, right));
      }),
      {
        numRuns: 2_000,
        examples: [
          [1, new Uint(1n)],
          ["1", 1],
          ["\u0000t", true],
          [
            [1, "a"],
            [new Double(1), "a"],
          ],
        ],
      },
    );
  });

  it("do not depend on the order of keys, nor on how a map is held", () => {
    const held = new OrderedMap([
      ["b", 2],
      ["a", 1],
    ]);
    expect(hashKey({ a: 1, b: 2 })).toBe(hashKey(held));
    expect(equals({ a: 1, b: 2 }, held)).toBe(true);
  });
});
