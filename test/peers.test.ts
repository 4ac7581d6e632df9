/**
 * The work items of the peers' benchmark that flow has, written in .flow, give what the hand-written programs give, on any seed. The
 * generator, the programs and the check are read in place, beside this repository; without them the tests are skipped by name.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const peers = resolve("../shared/peers");
const work = mkdtempSync(join(tmpdir(), "flow-peers-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const items = [
  { item: "W1", file: "w1", source: "events", kind: "events" },
  { item: "W2", file: "w2", source: "text", kind: "lines" },
  { item: "W3", file: "w3", source: "events", kind: "events" },
  { item: "W4", file: "w4", source: "events", kind: "git" },
  { item: "W5", file: "w5", source: "events", kind: "events" },
] as const;

const cases = items.flatMap((item) => [1, 7, 20261123].map((seed) => ({ ...item, seed })));

/** Lines, digest and late events of an output. */
async function digest(path: string): Promise<string> {
  return (await run(process.execPath, [join(peers, "check.mjs"), path])).stdout.trim();
}

describe.skipIf(!existsSync(peers))("the peers' work items (skipped where ../shared/peers is not there)", () => {
  it.each(cases)(
    "$item on seed $seed gives the hand-written program's output",
    async ({ item, file, source, kind, seed }) => {
      const [input, ours, theirs] = ["in", "ours", "theirs"].map((name) => join(work, `${item}-${seed}.${name}`)) as [
        string,
        string,
        string,
      ];
      await run(process.execPath, [join(peers, "gen.mjs"), kind, "4000", input, String(seed)]);
      await run(process.execPath, [
        "dist/flow.js",
        "run",
        `bench/peers/${file}.flow`,
        "--from",
        `${source}=file:${input}`,
        "--to",
        `out=file:${ours}`,
        ...(item === "W3" || item === "W5" ? ["--to", `late=file:${ours}.late`] : []),
      ]);
      await run(process.execPath, [join(peers, "node", `${file}.mjs`), input, theirs, item]);
      expect(await digest(ours)).toBe(await digest(theirs));
    },
  );

  it("W1 on 10,000 events of seed 1 gives the published digest", async () => {
    const [input, ours] = [join(work, "published.in"), join(work, "published.out")];
    await run(process.execPath, [join(peers, "gen.mjs"), "events", "10000", input]);
    await run(process.execPath, [
      "dist/flow.js",
      "run",
      "bench/peers/w1.flow",
      "--from",
      `events=file:${input}`,
      "--to",
      `out=file:${ours}`,
    ]);
    expect(await digest(ours)).toBe("9371 de21c86ab41637b6 -");
  });
});
