/** JSON with places: the text is that of JSON.stringify, and each place holds its object. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { placedJson } from "./placed-json.ts";

it("writes what JSON.stringify writes, whatever the value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(placedJson(value, () => undefined).text).toBe(JSON.stringify(value, null, 2));
    }),
  );
});

it("leaves out what is undefined, and writes large ints as text", () => {
  expect(placedJson({ a: undefined, n: 2n ** 60n }, () => undefined).text).toBe('{\n  "n": "1152921504606846976"\n}');
});

it("knows where each object stands that has an origin", () => {
  const inner = { x: [1, { y: 2 }] };
  const origin = { file: "a.flow", start: 3, end: 5 };
  const { text, places } = placedJson({ list: [inner] }, (one) => (one === inner ? origin : undefined));
  expect(places.map(({ span }) => JSON.parse(text.slice(span.start, span.end)))).toEqual([inner]);
  expect(places[0]?.origin).toBe(origin);
});
