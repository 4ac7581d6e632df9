/** Records cut from blocks of bytes, wherever the blocks end. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Awaitable, ByteSource } from "./connector.ts";
import { Current } from "./current.ts";
import { Gate } from "./gate.ts";
import { sourceLoop } from "./source-loop.ts";

/** Everything a source of these parts gives: `offset text` of each record, or `offset !bytes` of what is no text. */
async function records(
  parts: readonly Uint8Array[],
  format: "json" | "lines" | "text" | "bytes",
  pieceBytes = 1 << 20,
): Promise<string[]> {
  const current = new Current();
  const found: string[] = [];
  const loop = sourceLoop(source(parts, pieceBytes), {
    node: { index: 0, name: "a", format: { type: format, options: {} } },
    taker: {
      take: (text) =>
        found.push(
          `${current.offset} ${current.bytes === undefined ? text : Buffer.from(current.bytes).toString("hex")}`,
        ),
      bad: () => found.push(`${current.offset} !${Buffer.from(current.bytes!).toString("hex")}`),
    },
    current,
    gate: new Gate(),
    nowMs: () => 0,
    came: () => {},
    through: (acknowledge) => acknowledge(),
    newDecoder: () => undefined,
  });
  while (await loop.turn());
  await loop.close(false);
  return found;
}

function source(parts: readonly Uint8Array[], pieceBytes: number): ByteSource {
  let next = 0;
  return {
    kind: "bytes",
    nextPart: () => {
      const part = parts[next];
      if (part === undefined) return undefined;
      let at = 0;
      const read = (buffer: Uint8Array, into: number): Awaitable<number> => {
        const count = Math.min(pieceBytes, part.length - at, buffer.length - into);
        buffer.set(part.subarray(at, at + count), into);
        at += count;
        return count;
      };
      return { name: String(next++), startOffset: 0, read, close: () => {} };
    },
    ack: () => {},
    stop: () => {},
    close: () => {},
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe("cutting records", () => {
  it("cuts at line ends, leaves out a CR before one, and takes a last line without an end", async () => {
    expect(await records([bytes("a\n\nbé\r\nc")], "lines")).toEqual(["0 a", "2 ", "3 bé", "8 c"]);
  });
  it("never joins the end of one part and the start of the next", async () => {
    expect(await records([bytes("a\nb"), bytes("c\n"), bytes("")], "lines")).toEqual(["0 a", "2 b", "0 c"]);
  });
  it("gives a whole part as one record of text or bytes", async () => {
    expect(await records([bytes("a\nb\r\n"), bytes("c")], "text", 2)).toEqual(["0 a\nb\r\n", "0 c"]);
    expect(await records([Uint8Array.of(0xff, 0x0a)], "bytes")).toEqual(["0 ff0a"]);
  });
  it("leaves a byte order mark out of the first record", async () => {
    expect(await records([bytes("\ufeffa\nb")], "lines")).toEqual(["3 a", "5 b"]);
  });
  it("keeps lines that are no UTF-8 apart from their neighbours, whatever the pieces", async () => {
    const input = Buffer.concat([
      bytes("é\n"),
      Uint8Array.of(0xc3),
      bytes("\n"),
      bytes("ok\n"),
      Uint8Array.of(0xff, 0xfe),
    ]);
    const expected = ["0 é", "3 !c3", "5 ok", "8 !fffe"];
    for (const size of [1, 2, 3, 100]) expect(await records([input], "json", size)).toEqual(expected);
  });
  it("gives the same records however the input comes, with lines longer than a block", async () => {
    const line = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 20 }),
      fc.nat(200_000).map((n) => "x".repeat(n)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          line.map((text) => text.replace(/[\r\n\ufeff]/g, "")),
          { maxLength: 5 },
        ),
        fc.integer({ min: 1_000, max: 300_000 }),
        async (lines, piece) => {
          const text = lines.map((each) => `${each}\n`).join("");
          const got = await records([bytes(text)], "json", piece);
          expect(got.map((each) => each.slice(each.indexOf(" ") + 1))).toEqual(lines);
        },
      ),
      { numRuns: 40 },
    );
  });
  it("gives a line that is too long in pieces, and goes on after it", async () => {
    const long = Buffer.alloc((1 << 24) + 10, 0x78);
    const got = await records([Buffer.concat([long, bytes("\nok\n")])], "lines", 1 << 24);
    expect(got.map((each) => (each.includes("!") ? each.length : each))).toEqual([
      2 * (1 << 24) + 3,
      30,
      `${(1 << 24) + 11} ok`,
    ]);
  });
});
