import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf } from "../expr/values/bytes.ts";
import { Double } from "../expr/values/double.ts";
import { parseDuration } from "../expr/values/duration.ts";
import { Optional } from "../expr/values/optional.ts";
import { parseTimestamp } from "../expr/values/timestamp.ts";
import { Uint } from "../expr/values/uint.ts";
import { readExactJson } from "./exact-json-reader.ts";
import { writeExactJson } from "./exact-json-writer.ts";
import { decodeJson, encodeJson, needsExactReader } from "./json.ts";

const roundTrip = (text: string) => encodeJson(decodeJson(text));

describe("JSON", () => {
  it.each([
    "9007199254740993",
    "-9223372036854775808",
    "18446744073709551615",
    "123456789012345678901234567890",
    "1.0",
    "1.50",
    "1e5",
    "1E-7",
    "-0",
    "-0.0",
    "1e400",
    '{"b":1,"2":2,"1":3}',
    '{"__proto__":{"polluted":true},"a":1}',
    '{"a":[1.0,{"b":12345678901234567890}]}',
    '"\\ud800"',
    '{"":null,"a":"\\u0000\\"\\\\/"}',
  ])("carries %s exactly", (text) => {
    expect(roundTrip(text)).toBe(text);
  });

  it("keeps the exact form of what it calls exact, whatever the space around it", () => {
    for (const text of ['{ "1" : 2 }', "[ 1.0 ]", '{"a":\n12345678901234567}', "[1,\t-0]", '{"\\u0031":1,"a":2}'])
      expect(needsExactReader(text)).toBe(true);
    for (const text of ['{"a":1,"b":1.5,"c":"2024-01-01T00:00:00.000Z","d":[10,20.25,0]}', '{"v":"1.0.0","e":-0.5}'])
      expect(needsExactReader(text)).toBe(false);
  });

  it("writes the values of expressions", () => {
    const value = {
      time: parseTimestamp("2024-01-01T00:00:00Z"),
      wait: parseDuration("1.5s"),
      bytes: bytesOf([1, 2]),
      n: new Uint(7n),
      d: new Double(2),
    };
    const text = '{"time":"2024-01-01T00:00:00Z","wait":"1.5s","bytes":"AQI=","n":7,"d":2}';
    expect(encodeJson(value)).toBe(text);
    expect(writeExactJson(value)).toBe(text);
  });

  it.each(['{"2":1,"1":2}', '{"__proto__":1}', "12345678901234567890", "1.0", "1e5", '[{"1":[1.0]}]', "null", "-0.0"])(
    "writes %s inside an optional as it is",
    (text) => {
      const optional = Optional.of(Optional.of(decodeJson(text)));
      for (const write of [encodeJson, writeExactJson]) {
        expect(write(optional)).toBe(text);
        expect(write({ a: optional, b: [optional] })).toBe(`{"a":${text},"b":[${text}]}`);
      }
    },
  );

  it.each([Number.NaN, { a: new Double(Number.POSITIVE_INFINITY) }, [new Double(Number.NaN)]])(
    "refuses what JSON has not",
    (value) => {
      expect(() => encodeJson(value)).toThrow(/no JSON form/);
    },
  );

  it("refuses what is nested too deeply, without exhausting the stack", () => {
    const deep = `${"[".repeat(50_000)}1.0${"]".repeat(50_000)}`;
    expect(() => decodeJson(deep)).toThrow(/nested/);
  });
});

function outcome(read: (text: string) => unknown, text: string): { readonly value: unknown } | "refused" {
  try {
    return { value: read(text) };
  } catch {
    return "refused";
  }
}

describe("the exact reader beside JSON.parse", () => {
  it("reads the same values from any JSON", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(plain(readExactJson(text))).toEqual(JSON.parse(text));
        expect(JSON.parse(encodeJson(decodeJson(text)))).toEqual(JSON.parse(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it("accepts and refuses the same texts, also damaged ones", () => {
    const damaged = fc
      .tuple(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom("", ",", '"', "}", "]", "0", "-", ".", "e", "\\", "\n", "tru"),
      )
      .map(([text, at, piece]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + piece + text.slice(place + (at % 2));
      });
    fc.assert(
      fc.property(damaged, (text) => {
        expect(outcome(decodeJson, text) === "refused").toBe(outcome(JSON.parse, text) === "refused");
      }),
      { numRuns: 3_000 },
    );
  });

  const folder = new URL("../../../shared/conformance/json/test_parsing/", import.meta.url);
  it.skipIf(!existsSync(folder))(
    "agrees with JSON.parse on nst/JSONTestSuite (skipped when ../shared/conformance/json is not there)",
    () => {
      const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
      expect(names.length).toBeGreaterThan(300);
      for (const name of names) {
        const text = readFileSync(fileURLToPath(folder) + name, "utf8");
        const expected = outcome(JSON.parse, text);
        const actual = outcome(decodeJson, text);
        expect(actual === "refused", name).toBe(expected === "refused");
        if (name.startsWith("y_")) expect(actual, name).not.toBe("refused");
        if (actual !== "refused" && expected !== "refused")
          expect(plain(readExactJson(text)), name).toEqual(expected.value);
      }
    },
  );
});

/** What JSON.parse would give for the value. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Double) return value.value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries(Array.from(value, ([key, item]) => [key, plain(item)]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
