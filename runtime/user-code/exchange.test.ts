/** Units to a program that answers in order, and what happens when it does not. */
import { readFileSync } from "node:fs";
import { setTimeout as afterMs } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { OptionValue } from "../../compiler/contract/runtime-config.ts";
import { chunk, type Driven, drive, event, single } from "./drive.fixture.ts";

const open: Driven[] = [];
afterEach(async () => {
  for (const run of open.splice(0)) await run.code.abort();
});

describe("a program that", () => {
  const shell = async (script: string, options: Readonly<Record<string, OptionValue>> = {}) => {
    const driven = await drive({ io: "stdio", command: ["sh", "-c", script], ...options });
    open.push(driven);
    return driven;
  };

  it("never reads fails by its timeout, and what waits for it is bounded", async () => {
    const { settle } = await shell("exec sleep 1000", { timeout: 300 });
    const events = Array.from({ length: 2_000 }, (_, i) => event(`${i}`, [], { text: "x".repeat(1_000) }));
    expect(await settle(chunk("c", events))).toEqual([
      "failed: the program gave no answer within 300ms (each is to be written out at once)",
    ]);
  });

  it("is `cat` echoes chunks whole, many under way", async () => {
    const driven = await shell("exec cat");
    const chunks = Array.from({ length: 20 }, (_, i) => chunk(`c${i}`, [event(`${i}a`), event(`${i}b`)]));
    expect(await driven.settle(...chunks)).toEqual(chunks.map((_, i) => `done {"n":"${i}a"} {"n":"${i}b"}`));
    expect(driven.most).toBeGreaterThan(1);
  });

  it("is `grep` filters chunks", async () => {
    const { settle } = await shell(`exec grep --line-buffered -E '"type":"Chunk|"n":"2"'`);
    expect(await settle(chunk("c", [event("1"), event("2"), event("3")]), chunk("d", [event("1")]))).toEqual([
      'done {"n":"2"}',
      "done",
    ]);
  });

  it("answers before it has read all of a chunk is given the rest all the same", async () => {
    const program = `require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      if (line.includes('"type":"ChunkStart","id":"c"')) console.log('{"type":"Reject","reason":"not this one"}');
      if (line.includes('"type":"ChunkEnd","id":"d"')) console.log('{"data":1}\\n{"type":"Ack"}');
    })`;
    const driven = await drive({ io: "stdio", command: [process.execPath, "-e", program] });
    open.push(driven);
    const { settle } = driven;
    const events = Array.from({ length: 3_000 }, (_, i) => event(`${i}`, [], { text: "x".repeat(300) }));
    expect(await settle(chunk("c", events), chunk("d", [event("1")]))).toEqual(["rejected: not this one", "done 1"]);
  });

  it("gives ids once must give them always: an end without one is not taken for another unit's", async () => {
    const script = `while read -r line; do echo '{"type":"Ack","id":"1"}'; echo '{"type":"Ack"}'; done`;
    const { settle, logged } = await shell(script);
    expect(await settle(single("1"))).toEqual(["done"]);
    await logged("answered twice");
  });

  it("says something before it is asked is started again, and given up if it goes on", async () => {
    const { failed } = await shell("echo ready; exec cat");
    expect(String(await failed)).toContain("answered unasked: ready");
  });

  it("opens /dev/stdin, /dev/stdout and /dev/stderr by name gets what is meant", async () => {
    const { settle, logged } = await shell("echo here > /dev/stderr; cat /dev/stdin > /dev/stdout");
    expect(await settle(chunk("c", [event("1")]))).toEqual(['done {"n":"1"}']);
    expect(await logged("here")).toBe('program {"node":"score","line":"here"}');
  });

  it("takes frames with a length gets and gives binary data as it is", async () => {
    const echo = `const s = require("node:net").connect(process.env.FLOW_SOCKET); s.pipe(s)`;
    const driven = await drive({ io: "socket", frames: "length", command: [process.execPath, "-e", echo] });
    open.push(driven);
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);
    const attributes = { specversion: "1.0", id: "1", source: "s", type: "t", datacontenttype: "image/png" };
    const picture = { id: "1", json: "", attributes: () => attributes, data: () => bytes };
    expect(await driven.settle(chunk("c", [picture]))).toEqual([`done ${JSON.stringify({ attributes, data: bytes })}`]);
  });

  it("connects twice is refused the second time", async () => {
    const program = `const net = require("node:net"), path = process.env.FLOW_SOCKET;
      net.connect(path, function () {
        this.pipe(this);
        net.connect(path).on("error", (error) => console.error(error.code)).on("close", () => console.error("refused"));
      });`;
    const driven = await drive({ io: "socket", command: [process.execPath, "-e", program] });
    open.push(driven);
    await driven.logged("refused");
    expect(await driven.settle(chunk("c", [event("1")]))).toEqual(['done {"n":"1"}']);
  });

  it("opens its output pipe anew for each line loses nothing", async () => {
    const script = `while read -r line; do echo "$line" > "$FLOW_OUTPUT"; echo '{"type":"Ack"}' > "$FLOW_OUTPUT"; done < "$FLOW_INPUT"`;
    const { settle } = await shell(script, { io: "fifo" });
    expect(await settle(single("1"), single("2"))).toEqual(['done {"n":"1"}', 'done {"n":"2"}']);
  });

  it("leaves something running when it ends has that ended too", async () => {
    const driven = await shell("sleep 1000 & echo $! >&2; read -r line; exit 1");
    const pid = Number(JSON.parse((await driven.logged('"line"')).replace("program ", "")).line);
    await driven.settle(single("1"));
    while (isAlive(pid)) await afterMs(5);
  });

  it("is told to stop while it ignores the end of its input and SIGTERM is killed after its grace", async () => {
    const driven = await shell("trap '' TERM; echo ready >&2; while :; do sleep 1; done", { grace: 200 });
    await driven.logged("ready");
    const startMs = performance.now();
    await driven.code.close();
    expect(performance.now() - startMs).toBeGreaterThan(190);
  });

  it("needs a moment to stop has it", async () => {
    const script = `trap 'echo stopping >&2; sleep 0.1; echo stopped >&2; exit 0' TERM; echo ready >&2; while :; do sleep 0.05; done`;
    const driven = await shell(script, { grace: 5_000 });
    await driven.logged("ready");
    await driven.code.close();
    expect(driven.log.at(-1)).toContain("stopped");
  });

  it("is aborted is gone at once with all that it started", async () => {
    const driven = await shell("sleep 1000 & echo $! >&2; exec cat");
    const pid = Number(JSON.parse((await driven.logged('"line"')).replace("program ", "")).line);
    await driven.code.abort();
    while (isAlive(pid)) await afterMs(5);
  });
});

function isAlive(pid: number): boolean {
  try {
    // Whoever takes in orphans may leave one a zombie for a while.
    return process.kill(pid, 0) && !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z");
  } catch {
    return false;
  }
}
