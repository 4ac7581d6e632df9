// Writes input/lines.ndjson: what four jobs print, all at once; each job's last line says so, but for the one that never ends.
import { writeFileSync } from "node:fs";

let state = 5;
const next = (below) => {
  state = (state * 48271) % 2147483647;
  return state % below;
};
const left = new Map([
  ["build-101", 14],
  ["build-102", 9],
  ["deploy-7", 5],
  ["watch", 8],
]);
const lines = [];
while (left.size > 0) {
  const jobs = [...left.keys()];
  const job = jobs[next(jobs.length)];
  const count = left.get(job) - 1;
  if (count === 0) left.delete(job);
  else left.set(job, count);
  lines.push(JSON.stringify({ job, text: `step ${next(100)}`, last: count === 0 && job !== "watch" }));
}
writeFileSync(new URL("input/lines.ndjson", import.meta.url), `${lines.join("\n")}\n`);
