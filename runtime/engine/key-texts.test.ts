/** Holds that a key has the text of its bytes, whatever keys came before it. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { keyText } from "./key-texts.ts";

it("gives the text that the bytes have, again and again", () => {
  const key = fc.oneof(
    fc.uint8Array({ maxLength: 3 }),
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(
    fc.property(fc.array(key), fc.nat(5), (keys, before) => {
      for (const bytes of [...keys, ...keys]) {
        const block = Buffer.concat([Buffer.alloc(before, 0x61), bytes, Buffer.from("z")]);
        expect(keyText(block, before, before + bytes.length)).toBe(Buffer.from(bytes).toString("utf8"));
      }
    }),
    { numRuns: 500 },
  );
});
