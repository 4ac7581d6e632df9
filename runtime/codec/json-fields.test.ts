import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StageCode } from "../engine/stage-code.ts";
import { emitFieldReader } from "./json-fields.ts";

type Fields = Parameters<typeof emitFieldReader>[1];
const wanted: Fields = new Map<string, "leaf" | "passing" | Fields>([
  ["a", "leaf"],
  ["long_name", "leaf"],
  [
    "o",
    new Map<string, "leaf" | Fields>([
      ["a", "leaf"],
      ["b", new Map([["c", "leaf" as const]])],
    ]),
  ],
]);

const read = ((): ((text: string, from?: number, to?: number) => unknown) => {
  const code = new StageCode();
  const name = emitFieldReader(code, wanted);
  code.line(`return ${name};`);
  const made = code.compile() as (text: string, from: number, to: number) => unknown;
  return (text, from = 0, to = text.length) => made(text, from, to);
})();

/** The same fields of what JSON.parse gives. */
function picked(value: unknown, fields: Fields = wanted): unknown {
  const record: Record<string, unknown> = {};
  for (const [name, of] of fields) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) continue;
    const field = (value as Record<string, unknown>)[name];
    record[name] = typeof of === "string" ? field : picked(field, of);
  }
  return record;
}

describe("reading some fields", () => {
  it("gives them as decoding everything does, and leaves the others out", () => {
    const text =
      '{"x":[1,{"a":"\\u00e9\\n"},null],"a":"text","o":{"a":-12.5,"b":{"c":true}},"long_name":"longer than a slice"}';
    expect(read(text)).toEqual({ a: "text", o: { a: -12.5, b: { c: true } }, long_name: "longer than a slice" });
  });
  it("reads a record where it stands in a longer text", () => {
    expect(read('{"a":1}\n{"a":2}\n{"a":3}', 8, 15)).toEqual({ a: 2 });
  });
  it.each([
    ['{"a":"\\u0041"}', "an escape in what is wanted"],
    ['{"\\u0061":1}', "an escape in a name"],
    ['{"a":1.0}', "a number that would lose its spelling"],
    ['{"a":1e5}', "an exponent"],
    ['{"a":-0}', "minus zero"],
    ['{"a":12345678901234567}', "a number beyond what is exact"],
    ['{"a":{}}', "a record where a value is wanted"],
    ['{"o":null}', "no record where one is wanted"],
    ['{"a":1,"a":2}', "a name twice"],
    ['{"a":"é"}', "letters beyond ASCII"],
    ["[1]", "no record at all"],
  ])("leaves %s to the usual way: %s", (text) => {
    expect(read(text)).toBeUndefined();
  });
  it("takes nothing for JSON that is none, whatever is cut out of or put into a text", () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.constantFrom(
          null,
          true,
          false,
          "",
          "text",
          "a longer text than that",
          'esc"\\\n',
          0,
          7,
          -3,
          1.5,
          0.25,
          1e21,
          123456789012,
        ),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b", "c", "o", "x", "long_name"), tie("value"), { maxKeys: 4 }),
      ),
    })).value;
    const edit = fc.record({
      at: fc.nat(),
      cut: fc.nat({ max: 3 }),
      put: fc.constantFrom("", " ", "\t", '"', "{", "}", ",", ":", "0", "1", "-", ".", "e", "\\", "\u0001", "t", "]"),
    });
    fc.assert(
      fc.property(
        value,
        fc.constantFrom(undefined, 1, "\t"),
        fc.array(edit, { maxLength: 2 }),
        (data, indent, edits) => {
          let text = JSON.stringify(data, undefined, indent);
          for (const { at, cut, put } of edits) {
            const place = at % (text.length + 1);
            text = text.slice(0, place) + put + text.slice(place + cut);
          }
          const result = read(text);
          if (result === undefined) return;
          expect(result).toEqual(picked(JSON.parse(text)));
        },
      ),
      { numRuns: 20_000 },
    );
  });
});
