import { describe, expect, it } from "vitest";
import { parseDuration } from "./duration.ts";

describe("durations", () => {
  it.each([
    ["1h30m", "5400s"],
    ["1.5s", "1.5s"],
    ["-250ms", "-0.25s"],
    ["0", "0s"],
    ["2d", "172800s"],
    [".5s", "0.5s"],
    ["1us", "0.000001s"],
    ["-1.000000001s", "-1.000000001s"],
  ])("reads %s as %s", (text, printed) => {
    expect(parseDuration(text).toString()).toBe(printed);
  });

  it.each(["", "1", "s", "1x", "1s ", "1h-3m", "--1s", "1e3s", "320000000000s", "9".repeat(300)])(
    "refuses %j",
    (text) => {
      expect(() => parseDuration(text)).toThrow();
    },
  );
});
