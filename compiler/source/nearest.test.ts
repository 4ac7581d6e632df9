import { describe, expect, it } from "vitest";
import { nearest } from "./nearest.ts";

describe("did you mean", () => {
  it.each([
    ["filtr", ["filter", "flatten"], "filter"],
    ["fitler", ["filter", "flatten"], "filter"],
    ["Orders", ["orders", "order"], "orders"],
    ["ordrs", ["orders", "order"], "orders"],
    ["exactly_onse", ["at_least_once", "exactly_once"], "exactly_once"],
    ["foo", ["bar", "fn"], undefined],
    ["ab", ["ac"], undefined],
    ["keys", ["key"], "key"],
    ["kye", ["key"], "key"],
    ["lines", ["line"], "line"],
    ["", ["a"], undefined],
    ["same", ["same"], undefined],
    ["x".repeat(1000), ["x"], undefined],
  ])("%s among %j: %s", (word, candidates, near) => {
    expect(nearest(word, candidates)).toBe(near);
  });
});
