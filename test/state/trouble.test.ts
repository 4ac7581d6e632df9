/** What can be wrong with a state: it is said, nothing is half done, and what can be gone on from is. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { binary, type Place, place } from "../cli/flow.ts";

const totalsFlow = `source orders { file { path: "orders*.ndjson" } }
window totals from orders { key data.shop global emit { shop: key, n: count(), sum: sum(data.total) } }
window shops from orders { global emit { shops: distinct(data.shop) } }
sink out from totals { file { path: "totals.ndjson" } }
sink names from shops { file { path: "shops.ndjson" } }
`;
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `{"shop":"s${(from + i) % 200}","total":${from + i}}\n`).join("");
const orders = lines(0, 100_000);

const read = (here: Place, name: string) => readFileSync(join(here.cwd, name), "utf8");

/** A place where a run was killed in the middle, and what it would have written. */
async function killed(flow = totalsFlow): Promise<Place> {
  const here = place({ "t.flow": flow, "orders.ndjson": orders });
  const child = here.start("run", "t.flow", "--state", "state", "--checkpoint-every", "1ms", "-q");
  const log = join(here.cwd, "state", "state.db-wal");
  // The first checkpoint is of before the first event; then one comes with each block of input.
  const closed = once(child, "close");
  while (child.exitCode === null && !(existsSync(log) && statSync(log).size > 60_000))
    await new Promise((resolve) => setTimeout(resolve, 1));
  child.kill("SIGKILL");
  const [code] = await closed;
  // It may have been faster than the one who looks.
  return code === null ? here : killed(flow);
}

const expected = (() => {
  const here = place({ "t.flow": totalsFlow, "orders.ndjson": orders });
  here.flow("run", "t.flow", "-q");
  return { totals: read(here, "totals.ndjson"), shops: read(here, "shops.ndjson") };
})();

const again = (here: Place, ...words: readonly string[]) => here.flow("run", "t.flow", "--state", "state", ...words);

describe("a state that is gone on from", () => {
  it("gives what a run without interruption gives, and says no more than that", async () => {
    const here = await killed();
    expect(existsSync(join(here.cwd, "totals.ndjson"))).toBe(false);
    expect(again(here)).toMatchObject({ code: 0, out: "" });
    expect(read(here, "totals.ndjson")).toBe(expected.totals);
    expect(read(here, "shops.ndjson")).toBe(expected.shops);
  });

  it("changes nothing once the run has finished, and begins again when told to", () => {
    const here = place({ "t.flow": totalsFlow, "orders.ndjson": orders });
    again(here);
    writeFileSync(join(here.cwd, "totals.ndjson"), "mine");
    const { err, code } = again(here);
    expect([err, code]).toEqual([
      "It has finished already, as the state in 'state' says: nothing was changed. To run it again from the beginning, say --reset all.\n",
      0,
    ]);
    expect(read(here, "totals.ndjson")).toBe("mine");
    expect(again(here, "--reset", "all").code).toBe(0);
    expect(read(here, "totals.ndjson")).toBe(expected.totals);
  });

  it("puts files in their places when it was killed just before that", () => {
    const here = place({ "t.flow": totalsFlow, "orders.ndjson": orders });
    again(here);
    const name = "totals.ndjson";
    // As it was between the last checkpoint and the end: one file in its place, the other not yet.
    const script = `
      import { openSqliteStore } from ${JSON.stringify(join(process.cwd(), "runtime/state/sqlite-store.ts"))};
      import { encodeValue } from ${JSON.stringify(join(process.cwd(), "runtime/state/value-writer.ts"))};
      import { decodeValue } from ${JSON.stringify(join(process.cwd(), "runtime/state/value-reader.ts"))};
      const store = await openSqliteStore("state");
      console.log(decodeValue(store.values().get("sink/out")).position.partial);
      store.transaction((changes) => changes.value("phase", encodeValue("ending")));
      store.close();`;
    const ran = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: here.cwd, encoding: "utf8" });
    renameSync(join(here.cwd, name), join(here.cwd, ran.stdout.trim()));
    expect(again(here).code).toBe(0);
    expect(read(here, name)).toBe(expected.totals);
    expect(read(here, "shops.ndjson")).toBe(expected.shops);
  });

  it("goes on after Ctrl-C with what came meanwhile", async () => {
    const here = place({
      "t.flow": totalsFlow.replace("orders*.ndjson", "orders.ndjson"),
      "orders.ndjson": lines(0, 400_000),
    });
    const child = here.start("run", "t.flow", "--state", "state", "--checkpoint-every", "5ms");
    let err = "";
    child.stderr?.on("data", (chunk) => {
      err += String(chunk);
    });
    const log = join(here.cwd, "state", "state.db-wal");
    const closed = once(child, "close");
    while (!(existsSync(log) && statSync(log).size > 60_000)) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill("SIGINT");
    const [code] = await closed;
    expect(code).toBe(0);
    expect(err).toContain("What is open is kept in 'state'");
    expect(existsSync(join(here.cwd, "totals.ndjson"))).toBe(false);
    expect(again(here).code).toBe(0);
    const calm = place({ "t.flow": totalsFlow, "orders.ndjson": lines(0, 400_000) });
    calm.flow("run", "t.flow", "-q");
    expect(read(here, "totals.ndjson")).toBe(read(calm, "totals.ndjson"));
  });
});

describe("a state that cannot be used", () => {
  it("in use by another process is left to that one", async () => {
    const here = place({
      "t.flow": 'source c { cron { schedule: "0 0 1 1 *" } }\nsink out from c { file { path: "o.ndjson" } }\n',
    });
    const child = here.start("run", "t.flow", "--state", "state", "-q");
    while (!existsSync(join(here.cwd, "state", "flow-state.json")))
      await new Promise((resolve) => setTimeout(resolve, 5));
    const { err, code } = again(here);
    expect([err.replace(here.cwd, ""), code]).toEqual([
      "error: Another process runs with the state in '/state'. Wait for it to end, or give another folder.\n",
      1,
    ]);
    expect(again(here, "--reset", "all").err).toContain("Another process runs with the state");
    child.kill("SIGINT");
    await once(child, "close");
  });

  it("of another pipeline is refused by name", async () => {
    const here = await killed();
    here.write("other.flow", totalsFlow);
    const { err, code } = here.flow("run", "other.flow", "--state", "state");
    expect([err, code]).toEqual([
      "error: The state is that of the pipeline 't', and this one is 'other'. Give another folder, or start again from the beginning with --reset all.\n",
      1,
    ]);
  });

  it("of standard input is refused before anything is read", () => {
    const here = place({ "t.flow": totalsFlow });
    const { err, code } = here.flowWith(
      { input: orders },
      "run",
      "t.flow",
      "--state",
      "state",
      "--from",
      "orders=stdin",
    );
    expect(code).toBe(1);
    expect(err).toContain("'orders' reads standard input, which cannot be read again after a crash");
  });

  it("whose folder cannot be made or written says so", () => {
    const here = place({ "t.flow": totalsFlow, "orders.ndjson": orders, blocked: "a file" });
    const { err, code } = here.flow("run", "t.flow", "--state", "blocked/state");
    expect(code).toBe(1);
    expect(err).toContain("cannot be kept");
    expect(existsSync(join(here.cwd, "totals.ndjson"))).toBe(false);
    if (process.getuid?.() === 0) return;
    again(here);
    chmodSync(join(here.cwd, "state"), 0o555);
    expect(again(here).err).toContain("the folder cannot be written");
  });

  it("on a full disk stops the run, and goes on from its last checkpoint when there is room", () => {
    const here = place({ "t.flow": totalsFlow, "orders.ndjson": orders });
    // Files of this process may not grow beyond so many blocks of 512 bytes, which is how a full disk looks to it.
    const limited = (blocks: number) =>
      spawnSync(
        "sh",
        [
          "-c",
          `ulimit -f ${blocks}; trap '' XFSZ; exec "$0" "$@"`,
          process.execPath,
          binary,
          "run",
          "t.flow",
          "--state",
          "state",
          "--checkpoint-every",
          "1ms",
        ],
        {
          cwd: here.cwd,
          encoding: "utf8",
        },
      );
    const { stderr, status } = limited(100);
    expect([status, /error: .*(cannot be kept|disk)/.test(stderr)]).toEqual([1, true]);
    expect(existsSync(join(here.cwd, "totals.ndjson"))).toBe(false);
    expect(again(here).code).toBe(0);
    expect(read(here, "totals.ndjson")).toBe(expected.totals);
  });

  it("that was cut off, emptied or lost is not taken for another", async () => {
    for (const harm of [
      (path: string) => truncateSync(path, 5_000),
      (path: string) => truncateSync(path, 0),
      (path: string) => rmSync(path),
      (path: string) =>
        writeFileSync(path, "not a database, but long enough to be read as the header of one ".repeat(100)),
    ]) {
      const here = place({ "t.flow": totalsFlow, "orders.ndjson": orders });
      again(here);
      harm(join(here.cwd, "state", "state.db"));
      const { err, code } = again(here);
      expect([code, /error: The state in '.*' is damaged/.test(err)]).toEqual([1, true]);
      expect(again(here, "--reset", "all").code).toBe(0);
      expect(read(here, "totals.ndjson")).toBe(expected.totals);
    }
  });

  it("with any byte changed is told or does no harm", { timeout: 60_000 }, async () => {
    const original = await killed();
    const folder = join(original.cwd, "state");
    const files = readdirSync(folder).filter((name) => name.startsWith("state.db") && !name.endsWith("-shm"));
    let told = 0;
    for (let i = 0; i < 24; i++) {
      const here = place({ "t.flow": totalsFlow, "orders.ndjson": orders });
      spawnSync("cp", ["-r", `${original.cwd}/.`, here.cwd]);
      const name = join(here.cwd, "state", files[i % files.length]!);
      const bytes = readFileSync(name);
      const at = (i * 7_919 * 31) % bytes.length;
      bytes[at] = bytes[at]! ^ (1 << (i % 8));
      writeFileSync(name, bytes);
      const { err, code } = again(here);
      if (code === 0) expect(read(here, "totals.ndjson")).toBe(expected.totals);
      else {
        told++;
        expect([code, err]).toEqual([
          1,
          expect.stringMatching(/^error: .*(damaged|go on with the file|another version)/),
        ]);
      }
    }
    expect(told).toBeGreaterThan(0);
  });
});

describe("a pipeline that has changed", () => {
  it("keeps the state of what means the same: other names of files, comments, a sink more", async () => {
    const here = await killed();
    here.write(
      "t.flow",
      `// A comment moves every place.\n${totalsFlow}sink copy from orders { file { path: "copy.ndjson" } }\n`,
    );
    expect(again(here)).toMatchObject({ code: 0 });
    expect(read(here, "totals.ndjson")).toBe(expected.totals);
  });

  it("names the nodes whose state would be dropped, and drops it only when told to", async () => {
    const here = await killed();
    here.write("t.flow", totalsFlow.replace("sum(data.total)", "sum(data.total), most: max(data.total)"));
    const { err, code } = again(here);
    expect([err, code]).toEqual([
      "error: The pipeline has changed: 'totals' means something else than when the state was written. To go on, the state of 'totals' would be dropped: say so with --reset totals. The state of all other nodes is kept.\n",
      1,
    ]);
    expect(again(here, "--reset", "totals").code).toBe(0);
    expect(read(here, "shops.ndjson")).toBe(expected.shops);
    expect(read(here, "totals.ndjson")).toContain('"most":');
    expect(read(here, "totals.ndjson")).not.toContain('"n":500,');
  });

  it("names a node that is gone, and one that --reset does not know", async () => {
    const here = await killed();
    here.write("t.flow", totalsFlow.replace(/window shops.*\n/, "").replace(/sink names.*\n/, ""));
    expect(again(here).err).toContain("there is no 'shops' and 'names' any more");
    expect(again(here, "--reset", "shop").err).toContain("there is no state of a node 'shop'");
    expect(again(here, "--reset", "shops", "--reset", "nobody").code).toBe(1);
  });

  it("asks when a file that is read or written is not what it was", async () => {
    const here = await killed();
    writeFileSync(join(here.cwd, "orders.ndjson"), "{}\n");
    expect(again(here).err).toContain("and it is shorter now");
    rmSync(join(here.cwd, "orders.ndjson"));
    here.write("orders-2.ndjson", orders);
    expect(again(here).err).toContain("it is not there any more");
    here.write("orders.ndjson", orders);
    const partial = readdirSync(here.cwd).find((name) => name.startsWith(".totals"));
    rmSync(join(here.cwd, String(partial)));
    expect(again(here).err).toMatch(/'out' cannot go on with the file 'totals.ndjson'.*is not there any more/);
  });
});

describe("the command line", () => {
  it("takes --reset and --checkpoint-every only with --state, and durations only", () => {
    const here = place({ "t.flow": totalsFlow, "orders.ndjson": orders });
    expect(here.flow("run", "t.flow", "--reset", "all")).toMatchObject({ code: 2 });
    expect(here.flow("run", "t.flow", "--checkpoint-every", "1s")).toMatchObject({ code: 2 });
    expect(again(here, "--checkpoint-every", "soon")).toMatchObject({ code: 2 });
  });

  it("says which sinks may get events twice", () => {
    const here = place({ "t.flow": totalsFlow, "orders.ndjson": orders });
    expect(again(here, "--to", "out=stdout").err).toContain("'out' cannot take back what was written");
  });
});
