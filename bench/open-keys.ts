/**
 * Many open keys: peak memory, time and rate of whole `flow run` processes, for each kind of window, with and without --state.
 * `node build.mjs && node bench/open-keys.ts [KEYS] [KIND…] [--flow FILE] [-- OPTIONS OF flow run]`. Every key comes twice, the second time in another order.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const words = process.argv.slice(2);
const own = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
const more = words.includes("--") ? words.slice(words.indexOf("--") + 1) : [];
const flowAt = own.indexOf("--flow");
const flow = resolve(flowAt < 0 ? "dist/flow.js" : own.splice(flowAt, 2)[1]!);
const keys = Number(own[0] ?? 1_000_000);
const kinds: Readonly<Record<string, string>> = { fixed: "fixed 10d", global: "global", session: "session 10d" };
const chosen = own.length > 1 ? own.slice(1) : Object.keys(kinds);

const folder = mkdtempSync(join(tmpdir(), "flow-open-keys-"));
const input = join(folder, "input.ndjson");
await writeInput();
console.log(`${keys} open keys, ${2 * keys} events`);
for (const kind of chosen)
  for (const isKept of [false, true]) {
    const { peakMb, seconds, sum } = await measure(kind, isKept);
    const name = `${kind}${isKept ? ", --state" : ""}`.padEnd(18);
    console.log(`${name} ${peakMb.toFixed(0).padStart(5)} MB peak  ${seconds.toFixed(1).padStart(6)} s  output ${sum}`);
  }
rmSync(folder, { recursive: true });

/** Event times rise, so that sessions end in the order of their last events. */
async function writeInput(): Promise<void> {
  const out = createWriteStream(input);
  const start = Date.parse("2026-01-01T00:00:00Z");
  for (let at = 0; at < 2 * keys; at++) {
    const key = at < keys ? at : (at * 7_919) % keys;
    const text = `{"k":"customer-${key}","t":"${new Date(start + Math.floor(at / 100)).toISOString()}","v":${at % 1_000}}\n`;
    if (!out.write(text)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}

async function measure(kind: string, isKept: boolean) {
  const file = join(folder, `${kind}.flow`);
  const output = join(folder, "output.ndjson");
  writeFileSync(
    file,
    `type Event { k: string, t: timestamp, v: int }
source events: Event { file { path: "input.ndjson" } time data.t }
window totals from events { key data.k ${kinds[kind]} emit { k: key, n: count(), v: sum(data.v) } }
sink out from totals { file { path: "output.ndjson" } }
`,
  );
  const state = join(folder, "state");
  const start = performance.now();
  const run = spawn(process.execPath, [flow, "run", file, "-q", ...(isKept ? ["--state", state] : []), ...more], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  let peakKb = 0;
  const timer = setInterval(() => {
    peakKb = Math.max(peakKb, peakOf(run.pid));
  }, 20);
  const [status] = await once(run, "exit");
  clearInterval(timer);
  if (status !== 0) throw new Error(`flow run ended with ${status}`);
  const seconds = (performance.now() - start) / 1_000;
  const hash = createHash("sha256");
  for await (const part of createReadStream(output)) hash.update(part);
  rmSync(state, { recursive: true, force: true });
  rmSync(output);
  return { peakMb: peakKb / 1_024, seconds, sum: hash.digest("hex").slice(0, 12) };
}

/** The greatest so far, as the kernel keeps it; 0 once the process is gone. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
