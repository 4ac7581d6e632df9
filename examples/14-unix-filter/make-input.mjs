// Writes input/requests.ndjson: 400 requests to a web server, the same bytes every time.
import { writeFileSync } from "node:fs";

let state = 31;
const next = (below) => {
  state = (state * 48271) % 2147483647;
  return state % below;
};
const paths = ["/", "/login", "/search", "/api/orders"];
const lines = [];
for (let n = 1; n <= 400; n++) {
  const status = [200, 200, 200, 200, 304, 404, 500, 503][next(8)];
  lines.push(JSON.stringify({ n, path: paths[next(4)], status, ms: next(25) === 0 ? 900 + next(900) : next(300) }));
}
writeFileSync(new URL("input/requests.ndjson", import.meta.url), `${lines.join("\n")}\n`);
