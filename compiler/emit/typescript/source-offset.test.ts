/** A place in the code of a step is found again in the .flow file. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeString } from "../../syntax/escapes.ts";
import { offsetInLiteral } from "./source-offset.ts";

describe("the place of a character in its literal", () => {
  it.each([
    ['"ab"', 1, "b"],
    ['"""\nab"""', 2, "b"],
    ["r'''a\\nb'''", 3, "b"],
    ['"\\t\\u0041bc"', 3, "c"],
    ['"""a\r\nb"""', 2, "b"],
    ['"a\\""', 1, '"'],
  ])("in %j", (literal, offset, character) => {
    expect(literal[offsetInLiteral(literal, offset) ?? -1]).toBe(character);
  });

  it("is unknown in what is no literal", () => {
    expect(offsetInLiteral("source_of_code", 3)).toBeUndefined();
  });

  it("is that of the character, whatever stands before it", () => {
    const piece = fc.constantFrom("a", "é", "\\n", "\\\\", "\\u00e9", "\\x41", "\n", "\r\n", "'", "😀");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const literal = `"""${pieces.join("")}Z"""`;
        const at = decodeString(literal).value.indexOf("Z");
        expect(literal[offsetInLiteral(literal, at) ?? -1]).toBe("Z");
      }),
    );
  });
});
