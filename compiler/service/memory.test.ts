/** What a day of typing leaves in memory: nothing. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { memoryHost } from "../source/host.ts";
import { completions } from "./completion.ts";
import { Workspace } from "./workspace.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function heapBytes(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

const text = `type Order { id: string, total: double, paid: bool, at: timestamp }
source orders: Order { file { path: "orders.ndjson" } time data.at }
step large from orders { filter data.paid }
step taxed from large { set data.tax = data.total * 0.2 }
window hourly from taxed { key data.id fixed 1h emit { id: key, n: count() } }
sink out from hourly { file { path: "out.ndjson" } }
test "one is counted" {
  orders at 1m { id: "a", total: 1.0, paid: true }
  watermark 2h
  expect hourly [{ n: 1 }]
}
`;

it("after 10,000 edits the heap is within 20 % of that after 1,000", { timeout: 120_000 }, () => {
  const path = "a.flow";
  const ws = new Workspace(memoryHost({}));
  ws.open(path, text);
  const word = " && data.total > 1.0";
  const places = ["data.paid", "data.total * 0.2", "key data.id"];
  let [edits, after1000, found] = [0, 0, 0];
  for (let i = 0; edits < 10_000; i++) {
    const place = places[i % places.length]!;
    const at = ws.source(path).text.indexOf(place) + place.length;
    for (let typed = 0; typed <= word.length; typed++) {
      const isLast = typed === word.length;
      if (isLast) ws.change(path, [{ start: at, end: at + typed, newText: "" }]);
      else ws.change(path, [{ start: at + typed, end: at + typed, newText: word[typed]! }]);
      found += ws.file(path).diagnostics.length;
      if (typed % 7 === 3) completions(ws, path, at + typed + 1);
      if (++edits === 1_000) after1000 = heapBytes();
    }
  }
  expect(found).toBeGreaterThan(0);
  expect(ws.source(path).text).toBe(text);
  expect(heapBytes()).toBeLessThan(after1000 * 1.2);
});
