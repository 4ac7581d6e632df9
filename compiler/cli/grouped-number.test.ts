/** How numbers are shown to people. */
import { expect, it } from "vitest";
import { groupedNumber } from "./grouped-number.ts";

it("groups the digits of a number by threes, and leaves a fraction alone", () => {
  expect([0, 999, 1000, -12345, 1234567.25].map(groupedNumber)).toEqual([
    "0",
    "999",
    "1,000",
    "-12,345",
    "1,234,567.25",
  ]);
});
