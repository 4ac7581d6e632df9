import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeDeadLetter } from "./dead-letter.ts";

const known = { node: "orders", reason: "Not JSON.", position: "orders.ndjson:1204" };

describe("a dead letter", () => {
  it("keeps the node, the reason, the position and the text as it came", () => {
    expect(encodeDeadLetter({ ...known, text: '{"id": 1' })).toBe(
      '{"node":"orders","reason":"Not JSON.","position":"orders.ndjson:1204","text":"{\\"id\\": 1"}',
    );
  });

  it("names the operator and the place in the .flow file where they are known", () => {
    expect(encodeDeadLetter({ text: "x", ...known, operator: "set", at: "a.flow:3:5" })).toBe(
      '{"node":"orders","operator":"set","at":"a.flow:3:5","reason":"Not JSON.","position":"orders.ndjson:1204","text":"x"}',
    );
  });

  it("keeps bytes that are not text as base64", () => {
    expect(encodeDeadLetter({ ...known, base64: "/w==" })).toBe(
      '{"node":"orders","reason":"Not JSON.","position":"orders.ndjson:1204","base64":"/w=="}',
    );
  });

  it("keeps an empty record as an empty text", () => {
    expect(JSON.parse(encodeDeadLetter({ ...known, text: "" })).text).toBe("");
  });

  it("is one line from which every text comes back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (text, reason) => {
        const line = encodeDeadLetter({ ...known, reason, text });
        expect(line).not.toMatch(/[\r\n]/);
        expect(JSON.parse(line)).toEqual({ ...known, reason, text });
      }),
    );
  });
});
