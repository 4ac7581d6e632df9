// Writes input/sales.ndjson: five minutes of two shops, some sales late, one far too late; the same bytes every time.
import { writeFileSync } from "node:fs";

let state = 19;
const next = (below) => {
  state = (state * 48271) % 2147483647;
  return state % below;
};
const start = Date.UTC(2026, 4, 4, 14, 0, 0);
const lines = [];
const sale = (ms) =>
  lines.push(
    JSON.stringify({ shop: next(3) === 0 ? "b" : "a", amount: 1 + next(40), at: new Date(start + ms).toISOString() }),
  );
for (let second = 0; second < 300; second += 6) {
  sale(second * 1000 + next(3_000));
  if (second === 90) sale(52_000);
  if (second === 150) sale(70_000);
  if (second === 294) sale(15_000);
}
writeFileSync(new URL("input/sales.ndjson", import.meta.url), `${lines.join("\n")}\n`);
