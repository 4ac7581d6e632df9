import { describe, expect, it } from "vitest";
import { parseCron } from "./cron-schedule.ts";

function times(schedule: string, after: string, count: number): string[] {
  const cron = parseCron(schedule);
  const found: string[] = [];
  let atMs = Date.parse(after);
  while (found.length < count) {
    const next = cron.nextAfterMs(atMs);
    if (next === undefined) break;
    found.push(new Date(next).toISOString().slice(0, 16));
    atMs = next;
  }
  return found;
}

describe("a cron schedule", () => {
  it("gives times strictly after the one asked for", () => {
    expect(times("*/20 * * * *", "2026-01-01T00:00:00Z", 3)).toEqual([
      "2026-01-01T00:20",
      "2026-01-01T00:40",
      "2026-01-01T01:00",
    ]);
    expect(times("*/20 * * * *", "2025-12-31T23:59:59.999Z", 1)).toEqual(["2026-01-01T00:00"]);
  });

  it("reads lists, ranges, steps in ranges, and a step from a number", () => {
    expect(times("0,30 9-17/4 * * *", "2026-01-01T00:00:00Z", 6)).toEqual([
      "2026-01-01T09:00",
      "2026-01-01T09:30",
      "2026-01-01T13:00",
      "2026-01-01T13:30",
      "2026-01-01T17:00",
      "2026-01-01T17:30",
    ]);
    expect(times("50/5 0 * * *", "2026-01-01T00:00:00Z", 3)).toEqual([
      "2026-01-01T00:50",
      "2026-01-01T00:55",
      "2026-01-02T00:50",
    ]);
  });

  it("reads names of months and days in any case", () => {
    expect(times("0 0 1 jan,Jul *", "2026-01-01T00:00:00Z", 2)).toEqual(["2026-07-01T00:00", "2027-01-01T00:00"]);
    expect(times("0 12 * * MON-FRI", "2026-01-02T12:00:00Z", 2)).toEqual(["2026-01-05T12:00", "2026-01-06T12:00"]);
    expect(times("0 12 * * SAT-SUN", "2026-01-02T12:00:00Z", 3)).toEqual([
      "2026-01-03T12:00",
      "2026-01-04T12:00",
      "2026-01-10T12:00",
    ]);
  });

  it("takes 0 and 7 as Sunday", () => {
    expect(times("0 0 * * 7", "2026-01-01T00:00:00Z", 1)).toEqual(times("0 0 * * 0", "2026-01-01T00:00:00Z", 1));
  });

  it("takes a day that fits either the day of month or the day of week when both are restricted", () => {
    expect(times("0 0 13 * 5", "2026-02-01T00:00:00Z", 4)).toEqual([
      "2026-02-06T00:00",
      "2026-02-13T00:00",
      "2026-02-20T00:00",
      "2026-02-27T00:00",
    ]);
    expect(times("0 0 10 * 5", "2026-02-01T00:00:00Z", 2)).toEqual(["2026-02-06T00:00", "2026-02-10T00:00"]);
  });

  it("finds the 29th of February over the gap of a century", () => {
    expect(times("0 0 29 2 *", "2096-03-01T00:00:00Z", 1)).toEqual(["2104-02-29T00:00"]);
  });

  it("gives nothing for a day that never comes", () => {
    expect(times("0 0 31 2 *", "2026-01-01T00:00:00Z", 1)).toEqual([]);
  });

  it("knows the shorthands", () => {
    expect(times("@hourly", "2026-01-01T00:00:00Z", 1)).toEqual(["2026-01-01T01:00"]);
    expect(times("@weekly", "2026-01-01T00:00:00Z", 1)).toEqual(["2026-01-04T00:00"]);
    expect(() => parseCron("@often")).toThrow("'@often' is not a schedule. There are @yearly");
  });

  it.each([
    ["* * * *", "five fields"],
    ["60 * * * *", "The minute field"],
    ["* 24 * * *", "The hour field"],
    ["* * 0 * *", "The day of month field"],
    ["* * * 13 *", "The month field of a schedule is a number from 1 to 12 or JAN–DEC"],
    ["* * * * 8", "The day of week field"],
    ["5-1 * * * *", "The minute field"],
    ["*/0 * * * *", "The minute field"],
    ["1,,2 * * * *", "The minute field"],
    ["a * * * *", "not 'a'"],
    ["-1 * * * *", "The minute field"],
    ["1/2/3 * * * *", "The minute field"],
    ["", "five fields"],
  ])("says what is wrong with '%s'", (schedule, message) => {
    expect(() => parseCron(schedule)).toThrow(message);
  });
});

it("takes seconds in a sixth field, before the others", () => {
  const next = (schedule: string, after: string) =>
    new Date(parseCron(schedule).nextAfterMs(Date.parse(after))!).toISOString();
  expect(next("* * * * * *", "2026-01-01T00:00:00.500Z")).toBe("2026-01-01T00:00:01.000Z");
  expect(next("*/20 * * * * *", "2026-01-01T23:59:40Z")).toBe("2026-01-02T00:00:00.000Z");
  expect(next("30 5 * * * *", "2026-01-01T00:05:30Z")).toBe("2026-01-01T01:05:30.000Z");
  expect(() => parseCron("60 * * * * *")).toThrow("The second field of a schedule is a number from 0 to 59");
});
