import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMillis, parseSeconds, printRfc3339 } from "./rfc3339.ts";
import { parseTimestamp } from "./timestamp.ts";

describe("RFC 3339", () => {
  it("reads every instant that Date writes", () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date("0001-01-01T00:00:00Z"),
          max: new Date("9999-12-31T23:59:59.999Z"),
          noInvalidDate: true,
        }),
        (date) => {
          expect(parseMillis(date.toISOString())).toBe(date.getTime());
        },
      ),
    );
  });

  it("prints what it reads, with the digits that are needed", () => {
    for (const text of [
      "2024-02-29T23:59:59Z",
      "0001-01-01T00:00:00Z",
      "9999-12-31T23:59:59.999999999Z",
      "1969-12-31T23:59:59.5Z",
    ])
      expect(parseTimestamp(text).toString()).toBe(text);
  });

  it("counts an offset from UTC", () => {
    expect(parseTimestamp("2024-01-01T01:30:00+01:30").toString()).toBe("2024-01-01T00:00:00Z");
    expect(parseMillis("2024-01-01T00:00:00.123456-00:30")).toBe(Date.parse("2024-01-01T00:30:00.123Z"));
  });

  it.each([
    "2024-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T00:00:60Z",
    "2024-01-01T00:00:00",
    "2024-01-01T00:00:00.Z",
    "2024-01-01 00:00:00Z",
    "2024-01-01T00:00:00+1:00",
    "2024-01-01T00:00:00Zx",
    "0000-01-01T00:00:00Z",
    "10000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "",
    "2024",
  ])("refuses %j", (text) => {
    expect(parseSeconds(text)).toBeNaN();
  });

  it("never takes a text that is not digits where digits belong", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const seconds = parseSeconds(text);
        if (!Number.isNaN(seconds)) expect(Number.isNaN(Date.parse(text))).toBe(false);
      }),
    );
    expect(printRfc3339(0, 0)).toBe("1970-01-01T00:00:00Z");
  });
});
