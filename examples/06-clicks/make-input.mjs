// Writes input/clicks.ndjson: half an hour of clicks on five pages, the same bytes every time.
import { writeFileSync } from "node:fs";

let state = 7;
const next = (below) => {
  state = (state * 48271) % 2147483647;
  return state % below;
};
const pages = ["/", "/pricing", "/docs", "/blog", "/jobs"];
const users = ["ann", "ben", "cleo", "dan", "eve", "bot-1"];
const start = Date.UTC(2026, 4, 4, 9, 0, 0);
const lines = [];
for (let n = 0; n < 180; n++) {
  const at = new Date(start + n * 10_000 - next(4_000)).toISOString();
  const page = pages[Math.min(next(5), next(5))];
  lines.push(JSON.stringify({ page, user: users[next(6)], at }));
}
writeFileSync(new URL("input/clicks.ndjson", import.meta.url), `${lines.join("\n")}\n`);
