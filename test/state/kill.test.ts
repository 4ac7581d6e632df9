/** A run that is killed again and again, at any moment, writes the bytes of one that was not. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { binary, place } from "../cli/flow.ts";

const allKills = 100;
const longestMs = 400;
const seed = 20_240_229;

const pipeline = `type Move { id: string, shop: string, amount: int, at: timestamp }

source orders: Move { file { path: "orders.csv.gz" } format csv time data.at watermark 2s }
source returns: Move { file { path: "returns-*.ndjson" } time data.at watermark 2s }

step priced from orders {
  filter data.amount != 13
  set data.amount = 2 * data.amount
}

window totals from priced, returns {
  key data.shop
  fixed 10s
  emit { shop: key, start: window.start, n: count(), sum: sum(data.amount), median: quantile(double(data.amount), 0.5), ids: list(data.id) }
}

window shops from priced {
  key data.shop
  global
  emit { shop: key, n: count(), seen: distinct(data.amount), last: last(data.id) }
}

window visits from priced, returns {
  key data.shop
  session 300ms
  lateness 5s
  early after 2
  panes retract
  emit { shop: key, from: window.start, n: count(), pane: pane.index }
}

window busy from priced {
  sliding 8s every 2s
  emit { at: window.end, n: count(), deviation: stddev(double(data.amount)), most: arg_max(data.id, data.amount) }
}

window tens from returns { key data.shop count 10 emit { shop: key, low: min(data.amount), end: window.end } }

window minutes from totals { fixed 1m emit { minute: window.start, shops: count(), sum: sum(data.sum) } }

window met from priced as o, returns as r {
  join o.data.shop == r.data.shop && o.data.amount < r.data.amount + 10
  fixed 20s
  emit { order: o.data.id, return: r.data.id }
}

window matched from returns as r, priced as o {
  join r.data.shop == o.data.shop && o.data.amount == -2 * r.data.amount left
  fixed 10s
  lateness 20s
  emit { return: r.data.id, order: o.?data.id.orValue("none") }
}

step fresh from priced { dedupe [data.shop, string(data.amount)] within 20s }

step echoed from returns { process { command: ["awk", "-W", "interactive", "-f", "echo.awk"], io: stdio } }

chunk groups from echoed { key data.shop size 7 }

chunk bulk from priced { size 150 }

step piped from bulk { process { command: ["cat"], io: stdio } }

window piped_late from piped { key data.shop fixed 1m emit { shop: key, start: window.start, n: count() } }

sink groups_out from groups { file { path: "groups.ndjson" } }
sink piped_out from piped { file { path: "bulk/{chunk}.ndjson" } }
sink counted from piped_late { file { path: "counted.ndjson" } }
sink large from priced where data.amount > 90 { file { path: "large.csv" } format csv }
sink small from priced otherwise { file { path: "small.ndjson" } }
sink totals_out from totals { file { path: "totals.ndjson" } }
sink late from totals.late { file { path: "late.ndjson", append: true } }
sink visits_out from visits { file { path: "visits.ndjson" } }
sink busy_out from busy { file { path: "busy.ndjson" } }
sink tens_out from tens { file { path: "tens.ndjson" } }
sink minutes_out from minutes { file { path: "minutes.ndjson" } }
sink met_out from met { file { path: "met.ndjson" } }
sink matched_out from matched { file { path: "matched.ndjson" } }
sink fresh_out from fresh { file { path: "fresh.ndjson" } }
sink packed from shops { file { path: "shops.ndjson.gz" } }
`;
const outputs = [
  ...["large.csv", "small.ndjson", "totals.ndjson", "late.ndjson", "visits.ndjson", "busy.ndjson", "tens.ndjson"],
  ...["minutes.ndjson", "met.ndjson", "matched.ndjson", "fresh.ndjson", "shops.ndjson.gz", "bad.ndjson"],
  ...["groups.ndjson", "counted.ndjson", "bulk"],
];

/** Passes every event on. */
const echo = '{ print; print "{\\"type\\":\\"Ack\\"}"; fflush() }\n';

/** The same numbers for the same seed. */
function numbers(start: number): (below: number) => number {
  let state = start >>> 0;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return state % below;
  };
}

const startMs = Date.parse("2024-02-29T12:00:00Z");
const timeText = (i: number, back: number) => new Date(startMs + i * 20 - back).toISOString();

function input(count: number): Readonly<Record<string, string | Buffer>> {
  const next = numbers(7);
  const back = () => (next(50) === 0 ? next(60_000) : next(2_000));
  const orders = Array.from({ length: count }, (_, i) => {
    const amount = next(200) === 0 ? "much" : String(next(100));
    return `o${i},shop ${next(40)},${amount},${timeText(i, back())}`;
  });
  const returns = Array.from({ length: count / 2 }, (_, i) => {
    const line = { id: `r${i}`, shop: `shop ${next(40)}`, amount: -next(50), at: timeText(2 * i, back()) };
    return next(300) === 0 ? `{"id":"r${i}",` : JSON.stringify(line);
  });
  const half = returns.length / 2;
  return {
    "orders.csv.gz": gzipSync(`id,shop,amount,at\n${orders.join("\n")}\n`),
    "returns-1.ndjson": `${returns.slice(0, half).join("\n")}\n`,
    "returns-2.ndjson": returns.slice(half).join("\n"),
  };
}

function folder(files: Readonly<Record<string, string | Buffer>>): string {
  const { cwd } = place({ "shop.flow": pipeline, "echo.awk": echo });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  return cwd;
}

function start(cwd: string, ...words: readonly string[]): ChildProcess {
  const all = [binary, "run", "shop.flow", "--quiet", "--dead-letter", "bad.ndjson", ...words];
  return spawn(process.execPath, all, { cwd, stdio: ["ignore", "ignore", "pipe"] });
}

interface Ended {
  readonly code: number | null;
  readonly err: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let err = "";
  child.stderr?.on("data", (chunk) => {
    err += String(chunk);
  });
  const [code] = await once(child, "close");
  return { code: typeof code === "number" ? code : null, err };
}

/** Of a folder all its files, with their names. */
const read = (cwd: string, name: string): string => {
  if (statSync(join(cwd, name)).isDirectory())
    return readdirSync(join(cwd, name))
      .sort()
      .map((file) => `${file}\n${read(cwd, join(name, file))}`)
      .join("");
  const bytes = readFileSync(join(cwd, name));
  return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
};

/** Kills one run after the other until one comes to its end: sooner or later, or when there have been enough kills. @returns what it said */
async function torment(cwd: string, next: (below: number) => number, total: { kills: number }): Promise<string> {
  for (;;) {
    const log = join(cwd, "state", "state.db-wal");
    const before = existsSync(log) ? statSync(log).mtimeMs : 0;
    const child = start(cwd, "--state", "state", "--checkpoint-every", "5ms");
    const end = ended(child);
    let isOver = false;
    void end.then(() => {
      isOver = true;
    });
    // Its work begins when it opens its state; one in ten does not come that far.
    const isEarly = next(10) === 0;
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    while (!isOver && !isEarly && !(existsSync(log) && statSync(log).mtimeMs > before)) await pause(2);
    await Promise.race([end, pause(next(longestMs))]);
    if (total.kills < allKills) child.kill("SIGKILL");
    const { code, err } = await end;
    if (code === 0) return err;
    total.kills++;
    expect([code, err.includes("error")]).toEqual([null, false]);
  }
}

describe("flow run --state", () => {
  it(`writes the same bytes however often it is killed (${allKills} times)`, { timeout: 240_000 }, async () => {
    const files = input(10_000);
    const calm = folder(files);
    const summary = await ended(start(calm, "--state", "state"));
    expect(summary).toMatchObject({ code: 0 });
    expect(summary.err).toContain("bad records in bad.ndjson");
    const expected = outputs.map((name) => read(calm, name));
    for (const text of expected) expect(text.length).toBeGreaterThan(100);
    const stateless = folder(files);
    await ended(start(stateless));
    for (const [i, name] of outputs.entries())
      expect([name, read(stateless, name) === expected[i]]).toEqual([name, true]);
    const total = { kills: 0 };
    const one = async (next: (below: number) => number) => {
      while (total.kills < allKills) {
        const cwd = folder(files);
        const err = await torment(cwd, next, total);
        // One that was killed after its end has nothing to say any more.
        expect(["", summary.err]).toContain(err);
        for (const [i, name] of outputs.entries())
          expect([name, read(cwd, name) === expected[i]]).toEqual([name, true]);
        expect(readdirSync(cwd).filter((name) => name.endsWith(".partial"))).toEqual([]);
      }
    };
    await Promise.all([one(numbers(seed)), one(numbers(seed + 1))]);
    expect(total.kills).toBeGreaterThanOrEqual(allKills);
  });
});
