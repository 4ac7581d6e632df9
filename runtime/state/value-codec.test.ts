/** The value codec: what comes out is what went in, whatever it is. */
import { deepStrictEqual } from "node:assert";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Bytes } from "../expr/values/bytes.ts";
import { Double } from "../expr/values/double.ts";
import { Duration } from "../expr/values/duration.ts";
import { Optional } from "../expr/values/optional.ts";
import { OrderedMap } from "../expr/values/ordered-map.ts";
import { Timestamp } from "../expr/values/timestamp.ts";
import { TypeValue } from "../expr/values/type-value.ts";
import { Uint } from "../expr/values/uint.ts";
import { QuantileSketch } from "../operators/aggregates/quantile-sketch.ts";
import { DamagedValue, decodeValue } from "./value-reader.ts";
import { encodeValue } from "./value-writer.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "é", "\u0000", "\ud800", "a\udfffb", "🙂", "__proto__", "constructor", "7"),
);
const seconds = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 });
const nanos = fc.integer({ min: 0, max: 999_999_999 });

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(undefined, null, true, false, 0, -0, Number.NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 53) + 1),
    fc.integer(),
    fc.double(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
    text,
    fc.double().map((number) => new Double(number)),
    fc.constantFrom(new Double(1, "1.0"), new Double(-0), new Double(1e5, "1e5")),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((number) => new Uint(number)),
    fc.uint8Array().map((bytes) => new Bytes(bytes)),
    fc.uint8Array(),
    fc.tuple(seconds, nanos).map(([s, n]) => new Timestamp(s, n)),
    fc.tuple(seconds, nanos).map(([s, n]) => new Duration(s, n)),
    fc.constant(Optional.none),
    tie("value").map((content) => Optional.of(content)),
    text.map((name) => new TypeValue(name)),
    fc.array(tie("value")),
    fc.array(fc.tuple(text, tie("value"))).map((entries) => Object.fromEntries(entries)),
    fc.array(fc.tuple(tie("value"), tie("value"))).map((entries) => new Map(entries)),
    fc.array(fc.tuple(tie("value"), tie("value"))).map((entries) => new OrderedMap(entries)),
    fc.array(text).map((items) => new Set(items)),
    fc.array(fc.double(), { maxLength: 20 }).map(sketchOf),
  ),
}));

function sketchOf(values: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch();
  for (const each of values) sketch.add(each);
  return sketch;
}

describe("the value codec", () => {
  it("gives back the same value, of the same class, with its keys in order", () => {
    fc.assert(
      fc.property(value, (each) => {
        const back = decodeValue(encodeValue(each));
        deepStrictEqual(back, each);
        // Key order, which deepStrictEqual does not look at.
        deepStrictEqual(encodeValue(back), encodeValue(each));
      }),
      { numRuns: 2_000 },
    );
  });

  it("keeps a sketch that has gone over to bins", () => {
    const sketch = sketchOf(Array.from({ length: 5_000 }, (_, i) => (i - 2_000) * 1.5));
    const back = decodeValue(encodeValue(sketch));
    deepStrictEqual(back, sketch);
    expect(back instanceof QuantileSketch && back.quantile(0.9)).toBe(sketch.quantile(0.9));
  });

  it("says that bytes are damaged, and never hangs, crashes or gives a value of another length", () => {
    fc.assert(
      fc.property(value, fc.nat(), fc.nat({ max: 255 }), (each, place, byte) => {
        const bytes = encodeValue(each);
        bytes[place % bytes.length] = byte;
        try {
          decodeValue(bytes);
        } catch (error) {
          if (!(error instanceof DamagedValue)) throw error;
        }
      }),
      { numRuns: 2_000 },
    );
    expect(() => decodeValue(encodeValue("long enough").subarray(0, 4))).toThrow(DamagedValue);
  });

  it("refuses what no pipeline holds, by name", () => {
    expect(() => encodeValue(new Date())).toThrow("a Date cannot be kept");
    expect(() => encodeValue(() => 1)).toThrow("a function cannot be kept");
  });
});
