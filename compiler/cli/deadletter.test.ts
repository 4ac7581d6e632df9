/** Dead letters that are files: reading them, and marking what was replayed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { encodeDeadLetter } from "../../runtime/codec/dead-letter.ts";
import { deadletterCommand } from "./deadletter.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

const cwd = mkdtempSync(join(tmpdir(), "flow-deadletter-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const first = { node: "orders", at: "a.flow:1:8", reason: "Not JSON.", position: "orders.ndjson:0", text: '{"id": 1' };
const second = {
  node: "out",
  reason: "refused with 400",
  position: "orders.ndjson:9",
  text: "{}",
  kept: "output",
} as const;
const third = { node: "orders", reason: "not valid UTF-8", position: "orders.ndjson:20", base64: "/2E=" };

let files = 0;
/** A dead letter with these lines. */
function deadLetter(...lines: readonly string[]): string {
  const name = `bad-${files++}.ndjson`;
  writeFileSync(join(cwd, name), lines.map((line) => `${line}\n`).join(""));
  return name;
}

async function run(words: readonly string[], options: Readonly<Record<string, unknown>> = {}) {
  const [out, err]: string[][] = [[], []];
  const terminal: Terminal = {
    ...processTerminal("never"),
    cwd,
    out: (text) => void out!.push(text),
    err: (text) => void err!.push(text),
  };
  const code = await deadletterCommand(words, options, terminal);
  return { out: out!.join(""), err: err!.join(""), code };
}

const three = () => deadLetter(...[first, second, third].map(encodeDeadLetter));

describe("flow deadletter list", () => {
  it("shows the reason, the place and the record, and what a sink was given as such", async () => {
    const file = three();
    expect(await run(["list", file])).toEqual({
      code: 0,
      err: `3 bad records in ${file}.\n`,
      out: `orders.ndjson:0  orders: Not JSON.
  a.flow:1:8
  {"id": 1
orders.ndjson:9  out: refused with 400
  was to be written: {}
orders.ndjson:20  orders: not valid UTF-8
  (base64) /2E=
`,
    });
  });
  it("says of a record without a value that it has none", async () => {
    const line = encodeDeadLetter({
      node: "orders",
      reason: "data: needs a record",
      position: "orders/0/1",
      text: null,
    });
    const { out } = await run(["list", deadLetter(line)]);
    expect(out).toBe("orders/0/1  orders: data: needs a record\n  no value\n");
  });

  it("takes those of a node, a reason, a position, and so many", async () => {
    const file = three();
    const places = async (options: Readonly<Record<string, unknown>>) =>
      (await run(["list", file], { format: "json", ...options })).out
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line).position);
    expect(await places({ node: "orders" })).toEqual(["orders.ndjson:0", "orders.ndjson:20"]);
    expect(await places({ reason: "UTF" })).toEqual(["orders.ndjson:20"]);
    expect(await places({ position: "orders.ndjson:9" })).toEqual(["orders.ndjson:9"]);
    expect(await places({ limit: 1 })).toEqual(["orders.ndjson:0"]);
  });

  it("gives a terminal nothing to obey", async () => {
    const file = deadLetter(encodeDeadLetter({ ...first, text: "\u001b[2Jx\r\n" }));
    expect((await run(["list", file])).out).toContain("  \\u001b[2Jx\\r\\n\n");
  });

  it("passes over lines that are none of ours", async () => {
    const file = deadLetter("", "not json", "[]", '{"node":1}', encodeDeadLetter(first));
    expect((await run(["list", file])).err).toBe(`1 bad record in ${file}.\n`);
  });
});

describe("flow deadletter replay", () => {
  it("adds the records as they came to a file, once", async () => {
    const file = three();
    const again = `again-${file}`;
    writeFileSync(join(cwd, again), "before\n");
    const { err, code } = await run(["replay", file], { to: again });
    expect([err, code]).toEqual([
      `2 bad records of ${file} replayed into ${again}.\n1 bad record not: what is kept is what a sink was given, and not what came; send it to the sink by hand.\n`,
      1,
    ]);
    expect(readFileSync(join(cwd, again), "latin1")).toBe('before\n{"id": 1\n\u00ffa\n');
    expect((await run(["replay", file], { to: again })).err).toContain(`0 bad records of ${file} replayed`);
    expect((await run(["list", file], { node: "orders" })).out).toBe("");
    expect((await run(["list", file], { node: "orders", replayed: true })).out).toContain("replayed");
    expect(readFileSync(join(cwd, again), "latin1")).toBe('before\n{"id": 1\n\u00ffa\n');
  });

  it("sends a record back once of which several parts failed, and marks all of them", async () => {
    const parts = [0, 1].map((part) => encodeDeadLetter({ ...first, position: `orders.ndjson:0[${part}]` }));
    const file = deadLetter(...parts);
    const again = `again-${file}`;
    expect((await run(["replay", file], { to: again })).err).toContain(`2 bad records of ${file} replayed`);
    expect(readFileSync(join(cwd, again), "utf8")).toBe('{"id": 1\n');
    expect((await run(["list", file])).out).toBe("");
  });

  it("only says what it would do with --dry-run", async () => {
    const file = three();
    const { err } = await run(["replay", file], { to: "nowhere.ndjson", dryRun: true, node: "orders" });
    expect(err).toBe(`2 bad records of ${file} would be replayed into nowhere.ndjson.\n`);
    expect((await run(["list", file])).err).toContain("3 bad records");
  });

  it("says what to do with records that are of no topic", async () => {
    const file = three();
    const { err, code } = await run(["replay", file], { node: "orders" });
    expect([err, code]).toEqual([
      `0 bad records of ${file} replayed.\n2 bad records not: it was read from 'orders.ndjson', which is no topic: say --to FILE.\n`,
      1,
    ]);
  });
});

describe("a wrong command line", () => {
  it("is refused with what there is", async () => {
    await expect(run(["lst", "x"])).rejects.toThrow("'lst' is nothing to do with a dead letter.");
    await expect(run(["list", "nothing.ndjson"])).rejects.toThrow("There is no file 'nothing.ndjson'.");
    await expect(run(["list", three()], { to: "x" })).rejects.toThrow("'--to' is for 'replay'.");
  });
});
