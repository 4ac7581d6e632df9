/** Positions of each encoding to offsets and back. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sourceText } from "../compiler/source/source-text.ts";
import { chooseEncoding, encodings, positionsIn } from "./positions.ts";

const text = fc.string({ unit: fc.constantFrom("a", "é", "€", "😀", "\n", "\r\n", "\r", " ") });

describe.each(encodings)("%s", (encoding) => {
  const positions = positionsIn(encoding);

  it("gives every character its offset back", () => {
    fc.assert(
      fc.property(text, (written) => {
        const source = sourceText("a.flow", written);
        for (let offset = 0; offset <= written.length; offset += (written.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1) {
          if (written[offset - 1] === "\r" && written[offset] === "\n") continue;
          expect(positions.offset(source, positions.position(source, offset))).toBe(offset);
        }
      }),
    );
  });

  it("counts what the encoding counts", () => {
    const line = "aé€😀z";
    const units = { "utf-16": 5, "utf-8": 10, "utf-32": 4 }[encoding];
    expect(positions.position(sourceText("a.flow", line), line.length - 1)).toEqual({ line: 0, character: units });
  });

  it("keeps any position inside the text", () => {
    fc.assert(
      fc.property(text, fc.integer(), fc.integer(), (written, line, character) => {
        const offset = positions.offset(sourceText("a.flow", written), { line, character });
        expect(offset >= 0 && offset <= written.length).toBe(true);
      }),
    );
  });
});

it("the client's first choice that is known wins", () => {
  expect([chooseEncoding(undefined), chooseEncoding([]), chooseEncoding(["utf-9", "utf-8", "utf-16"])]).toEqual([
    "utf-16",
    "utf-16",
    "utf-8",
  ]);
});
