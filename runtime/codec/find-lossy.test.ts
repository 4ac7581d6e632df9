import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LossyFinder } from "./find-lossy.ts";
import { needsExactReader } from "./json.ts";

const spelled = fc.constantFrom(
  "1",
  "-0",
  "0",
  "1.0",
  "1.5",
  "-1.50",
  "1e5",
  "12E-3",
  "123456789012345",
  "1234567890123456",
  "0.0000001",
  "0.1234567890123456",
  "-12345678901234567890",
);
const digits = fc.string({ unit: fc.constantFrom("0", "1", "7"), minLength: 1, maxLength: 17 });
const number = fc.oneof(
  spelled,
  fc
    .tuple(fc.constantFrom("", "-"), digits, fc.option(digits), fc.constantFrom("", "", "e1", "E+2", "e-3"))
    .map(([sign, whole, fraction, exponent]) => `${sign}${whole}${fraction === null ? "" : `.${fraction}`}${exponent}`),
);
const text = fc.constantFrom(
  '"a"',
  '"1"',
  '"12:00:00.120Z"',
  '"__proto__"',
  '"\\u0031"',
  '":1.0,"',
  '"x,1e5"',
  '"é"',
  '"of 12 1.0 and -7 "',
  '"a3, 4"',
);
const value: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    number,
    text,
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
    fc
      .array(fc.tuple(text, tie("value")), { maxLength: 3 })
      .map((entries) => `{${entries.map(([key, item]) => `${key} : ${item}`).join(",")}}`),
  ),
})).value;

describe("finding records that JSON.parse would change", () => {
  it("finds every one that `needsExactReader` finds, wherever it stands", () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 8 }),
        fc.constantFrom("\n", "\r\n", " \n"),
        fc.boolean(),
        (records, separator, ended) => {
          const block = records.join(separator) + (ended ? separator : "");
          const finder = new LossyFinder();
          finder.begin(block);
          let from = 0;
          for (const record of records) {
            const lineEnd = block.indexOf("\n", from);
            const to = lineEnd < 0 ? block.length : lineEnd;
            const found = finder.isIn(from, to);
            if (needsExactReader(record)) expect([record, found]).toEqual([record, true]);
            from = to + 1;
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
  it("finds a number after a byte order mark", () => {
    const block = "\u00ef\u00bb\u00bf1.0\n";
    const finder = new LossyFinder();
    finder.begin(block);
    expect(finder.isIn(3, 6)).toBe(true);
  });
  it("passes over numbers that JSON.parse carries, and over what only looks like one in a text", () => {
    const plain = '{"a":[0,-1,123456789012345,0.5, -12.375 ,1.123456],"b":"v1.0, id 1e5x, 12:00:00.120","12a":"7"}';
    const finder = new LossyFinder();
    finder.begin(`${plain}\n`);
    expect(finder.isIn(0, plain.length)).toBe(false);
  });
  it("takes time that grows no faster than the text", () => {
    for (const piece of ["1", "1 ", '"1"', '1"', "1.", "1e", "0.0", "-", " "]) {
      const block = `[${piece.repeat(300_000)},\n`;
      const finder = new LossyFinder();
      finder.begin(block);
      const before = process.cpuUsage().user;
      finder.isIn(0, block.length - 1);
      expect(process.cpuUsage().user - before).toBeLessThan(2_000_000);
    }
  });
  it("passes over plain records", () => {
    const block = '{"at":"2026-01-05T08:00:00.120Z","n":12,"x":-1.25}\n[1,2]\n';
    const finder = new LossyFinder();
    finder.begin(block);
    expect([finder.isIn(0, 51), finder.isIn(52, 57)]).toEqual([false, false]);
  });
});
