// Writes input/views.ndjson: a day of visits of eight people, the same bytes every time.
import { writeFileSync } from "node:fs";

let state = 11;
const next = (below) => {
  state = (state * 48271) % 2147483647;
  return state % below;
};
const pages = ["/", "/docs", "/pricing", "/buy", "/blog"];
const start = Date.UTC(2026, 4, 4, 8, 0, 0);
const views = [];
for (const user of ["ann", "ben", "cleo", "dan", "eve", "fay", "gus", "hal"]) {
  let at = start + next(3_600_000);
  for (let n = 0; n < 20; n++) {
    at += next(10) === 0 ? 3_600_000 + next(7_200_000) : next(1_200_000);
    const page = pages[next(5)];
    const bought = page === "/buy" && next(2) === 0 ? { bought: 5 + next(95) } : {};
    views.push({ at, line: { user, page, at: new Date(at).toISOString(), ...bought } });
  }
}
views.sort((a, b) => a.at - b.at);
const lines = views.map(({ line }) => JSON.stringify(line));
writeFileSync(new URL("input/views.ndjson", import.meta.url), `${lines.join("\n")}\n`);
