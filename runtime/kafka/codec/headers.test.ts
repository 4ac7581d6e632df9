/** Headers of records. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KafkaError } from "../kafka-error.ts";
import { decodeHeaders, encodeHeaders, findHeader } from "./headers.ts";

const header = fc.tuple(
  fc.string({ unit: "binary", maxLength: 80 }).map((name) => name.toWellFormed()),
  fc.option(
    fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
    { nil: null },
  ),
);

describe("headers", () => {
  it("come back as they were written, in order, twice the same name too", () => {
    fc.assert(
      fc.property(fc.array(header), (headers) => {
        const bytes = encodeHeaders(headers);
        expect(decodeHeaders(bytes, 0, bytes.length)).toEqual(headers);
      }),
    );
  });

  it("are found by name, the last where it comes twice", () => {
    const bytes = encodeHeaders([
      ["a", "1"],
      ["ü", "2"],
      ["a", "3"],
      ["n", null],
    ]);
    const find = (name: string) => findHeader(bytes, 0, bytes.length, name);
    expect([find("a")?.toString(), find("n"), find("b")]).toEqual(["3", null, undefined]);
  });

  it("of a record without any are none", () => {
    expect([decodeHeaders(Buffer.from([0]), 0, 1), decodeHeaders(Buffer.alloc(0), 0, 0)]).toEqual([[], []]);
  });

  it("that are damaged are refused, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          decodeHeaders(bytes, 0, bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(KafkaError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
