// Writes input/orders.ndjson and input/payments.ndjson: two hours of a shop, the same bytes every time.
import { writeFileSync } from "node:fs";

let state = 13;
const next = (below) => {
  state = (state * 48271) % 2147483647;
  return state % below;
};
const start = Date.UTC(2026, 4, 4, 10, 0, 0);
const orders = [];
const payments = [];
for (let n = 0; n < 60; n++) {
  const time = start + n * 110_000 + next(60_000);
  const id = `o-${100 + n}`;
  const card = n % 20 < 5 ? "4000-07" : `4000-${10 + next(30)}`;
  const near = n % 20 < 5 ? start + Math.floor(n / 20) * 2_400_000 + (n % 20) * 20_000 : time;
  const total = 5 + next(500) / 4;
  orders.push({ time: near, line: { id, card, total, at: new Date(near).toISOString() } });
  const kind = next(10);
  if (kind === 0) continue;
  const at = near + 5_000 + next(40_000);
  const paid = kind === 1 ? total / 2 : total;
  payments.push({
    time: at,
    line: { order_id: id, card: kind === 2 ? "4000-99" : card, paid, at: new Date(at).toISOString() },
  });
}
for (const [name, events] of [
  ["orders", orders],
  ["payments", payments],
]) {
  events.sort((a, b) => a.time - b.time);
  const lines = events.map(({ line }) => JSON.stringify(line));
  writeFileSync(new URL(`input/${name}.ndjson`, import.meta.url), `${lines.join("\n")}\n`);
}
