/** How long `flow check`, and `flow run` of 1,000 events, take as whole processes, against `node -e 0`: npm run bench:start. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const rounds = Number(process.argv[2] ?? 20);
const folder = mkdtempSync(join(tmpdir(), "flow-start-"));
const file = join(folder, "a.flow");
writeFileSync(
  file,
  `type Order { id: string, customer: string, total: double, paid: bool }
source orders: Order { file { path: "orders.ndjson" } }
step paid from orders { filter data.paid && data.total > 10.0 }
window totals from paid {
  key data.customer
  global
  emit { customer: key, n: count(), total: sum(data.total) }
}
sink out from totals { stdout {} }
`,
);

const events = join(folder, "orders.ndjson");
writeFileSync(
  events,
  Array.from(
    { length: 1_000 },
    (_, i) => `{"id":"${i}","customer":"c${i % 50}","total":${i}.5,"paid":${i % 3 > 0}}\n`,
  ).join(""),
);

/** Milliseconds of each round, ascending. Rounds of the commands take turns, so that both see the same machine. */
function measure(commands: readonly (readonly string[])[]): number[][] {
  const times: number[][] = commands.map(() => []);
  for (let round = -2; round < rounds; round++) {
    for (const [i, words] of commands.entries()) {
      const start = performance.now();
      const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
      if (status !== 0) throw new Error(`node ${words.join(" ")} ended with ${status}: ${stderr}`);
      if (round >= 0) times[i]!.push(performance.now() - start);
    }
  }
  return times.map((each) => each.sort((a, b) => a - b));
}

const median = (times: readonly number[]): number => times[times.length >> 1] ?? Number.NaN;
const [bare = [], check = [], run = []] = measure([
  ["-e", "0"],
  ["dist/flow.js", "check", file],
  ["dist/flow.js", "run", file, "--from", `orders=file:${events}`],
]);
rmSync(folder, { recursive: true });
const ratio = median(check) / median(bare);
console.log(`node -e 0   ${median(bare).toFixed(1)} ms (median of ${rounds})`);
console.log(`flow check  ${median(check).toFixed(1)} ms, ${ratio.toFixed(2)} times as long; at most 5 are allowed`);
console.log(`flow run    ${median(run).toFixed(1)} ms for 1,000 events; at most 300 are allowed`);
if (ratio > 5) process.exitCode = 1;
