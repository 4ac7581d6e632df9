import { expect, it } from "vitest";
import { nearest } from "./nearest.ts";

it("finds the name that differs by a letter", () => {
  expect(nearest("ordrs", ["lines", "orders", "others"])).toBe("orders");
});

it("counts two swapped letters as one mistake", () => {
  expect(nearest("topci", ["topic", "tls"])).toBe("topic");
});

it("finds a name that differs only in case", () => {
  expect(nearest("String", ["string", "strings"])).toBe("string");
});

it("does not guess when nothing is near", () => {
  expect(nearest("customers", ["orders", "a"])).toBeUndefined();
});
