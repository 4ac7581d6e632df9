/** A batch of CloudEvents is cut into events without a wrong cut. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchItems } from "./http-batch.ts";

const strings = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('"', "\\", ",", "[", "]", "{", "}", " ", "é") }),
);
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    strings,
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(strings, tie("value"), { maxKeys: 3 }),
})).object;
const batches = fc.array(values, { maxLength: 4 });
const blanks = fc.constantFrom(undefined, 1, "\t", "\n \r");

describe("the items of a batch", () => {
  it("are cut exactly, whatever stands in them", () => {
    fc.assert(
      fc.property(batches, blanks, (batch, blank) => {
        expect(itemsOf(JSON.stringify(batch, null, blank))?.map((item) => JSON.parse(item))).toEqual(
          JSON.parse(JSON.stringify(batch)),
        );
      }),
    );
  });

  it("are JSON exactly when the batch is", () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.constantFrom("", '"', "\\", ",", "[", "]", "{", "}", " ", "1")), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(batches, edits, (batch, changes) => {
        let text = JSON.stringify(batch);
        for (const [place, by] of changes) {
          const at = place % text.length;
          text = text.slice(0, at) + by + text.slice(at + 1);
        }
        const whole = parsed(text);
        const items = itemsOf(text)?.map(parsed);
        const isWhole = items !== undefined && !items.includes(undefined);
        expect(isWhole ? items : undefined).toEqual(isBatch(whole) ? whole : undefined);
      }),
      { numRuns: 2_000 },
    );
  });

  it("are at most so many", () => {
    expect(batchItems("[{},{}]", 2)).toEqual(["{}", "{}"]);
    expect(batchItems("[{},{}]", 1)).toBe("too-many");
  });

  it("are not looked for where there is no end", () => {
    for (const text of ["", "[", "[{", '[{"', '[{"\\', '[{"a":1}', '[{"a":1},', "[,]", "[{}]]", "[1]", "{}", '"[{}]"'])
      expect(batchItems(text, 10)).toBe("no-batch");
  });
});

function itemsOf(text: string): string[] | undefined {
  const items = batchItems(text, 10);
  return typeof items === "string" ? undefined : items;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isBatch(value: unknown): boolean {
  const isObject = (item: unknown) => typeof item === "object" && item !== null && !Array.isArray(item);
  return Array.isArray(value) && value.every(isObject);
}
