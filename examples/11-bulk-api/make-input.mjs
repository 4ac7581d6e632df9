// Writes input/events.ndjson: 1,203 events of a shop, the same bytes every time.
import { writeFileSync } from "node:fs";

let state = 11;
const next = (below) => {
  state = (state * 48271) % 2147483647;
  return state % below;
};
const kinds = ["view", "view", "view", "basket", "order"];
const lines = [];
for (let id = 1; id <= 1203; id++) lines.push(JSON.stringify({ id, kind: kinds[next(5)], user: `u${next(40)}` }));
writeFileSync(new URL("input/events.ndjson", import.meta.url), `${lines.join("\n")}\n`);
