/** What keeps the state of a node, and what drops it. */
import { describe, expect, it } from "vitest";
import { runtimeConfigs } from "../../compiler/emit/runtime-config.ts";
import { lower } from "../../compiler/ir/lower.ts";
import { check } from "../../compiler/semantics/check.ts";
import { memoryHost } from "../../compiler/source/host.ts";
import { fingerprintsOf } from "./fingerprint.ts";

const base = `type Order { shop: string, total: int, at: timestamp }

table shops {
  file { path: "shops.ndjson" }
  key data.id
}

source orders: Order { file { path: "orders.ndjson" } time data.at }
step big from orders { filter data.total > 10 }
window totals from big { key data.shop fixed 1m emit { shop: key, sum: sum(data.total) } }
window counts from orders { key data.shop global emit { shop: key, n: count(), known: shops[key].hasValue() } }
sink out from totals { file { path: "out.ndjson" } }
sink out_2 from counts { file { path: "counts.ndjson" } }
`;

function printsOf(text: string): ReadonlyMap<string, string> {
  const { model, diagnostics } = check("a.flow", memoryHost({ "a.flow": text }), {});
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return fingerprintsOf(runtimeConfigs(lower(model), { local: true })[0]!);
}

/** Names of the nodes whose state a change would drop. */
function dropped(from: string, to: string): readonly string[] {
  expect(base).toContain(from);
  const now = printsOf(base.replaceAll(from, to));
  return [...printsOf(base)].filter(([name, print]) => now.get(name) !== print).map(([name]) => name);
}

describe("the fingerprint of a node", () => {
  it("is there for whatever has state", () => {
    expect([...printsOf(base).keys()]).toEqual(["orders", "totals", "counts", "out", "out_2"]);
  });

  it.each([
    ["a comment", "step big", "// More than ten.\nstep big"],
    ["another file to read", "orders.ndjson", "orders-*.ndjson"],
    ["another file of a table", "shops.ndjson", "all-shops.ndjson"],
    ["another name of a stateless step", "big", "large"],
    [
      "a type that none of them names",
      "type Order",
      `type Other { x: int }
source others: Other { file { path: "others.ndjson" } }
sink others_out from others { stdout {} }
type Order`,
    ],
  ])("is the same after %s", (_what, from, to) => {
    expect(dropped(from, to)).toEqual([]);
  });

  it.each([
    ["another aggregate", "sum(data.total)", "max(data.total)", ["totals"]],
    ["another window", "fixed 1m", "fixed 2m", ["totals"]],
    ["another filter before it", "data.total > 10", "data.total > 11", ["totals"]],
    ["a field of the type that is read", "at: timestamp }", "at: timestamp, note?: string }", ["totals", "counts"]],
    ["another key of a table", "key data.id", "key data.name", ["counts"]],
    ["another file to write", '"out.ndjson"', '"out-2.ndjson"', ["out"]],
    ["another name of the window", "totals", "sums", ["totals"]],
  ])("is another after %s", (_what, from, to, nodes) => {
    expect(dropped(from, to)).toEqual(nodes);
  });
});
