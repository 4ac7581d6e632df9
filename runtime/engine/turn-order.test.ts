import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { stageOf } from "../../test/support/drive-flow.ts";
import { builtInConnectors } from "../connectors/index.ts";
import { memoryBroker } from "../connectors/memory.ts";
import { runPipeline } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "flow-turns-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const flow = `type T { t: int, n: int }
  source a: T { file { path: "a.ndjson" } time timestampMillis(data.t) watermark 1s }
  source b: T { file { path: "b.ndjson" } time timestampMillis(data.t) watermark 2s }
  window w from a, b { fixed 5s emit { start: window.start.unixMillis(), all: list(data.n) } }
  window late from w.late { global emit list(data.n) }
  step both from a, b { map data.n }
  sink out from w, late { file { path: "out.ndjson" } } sink seen from both { file { path: "seen.ndjson" } }`;

async function outputOf(a: readonly unknown[], b: readonly unknown[], pad: string): Promise<readonly string[]> {
  for (const [name, events] of [
    ["a", a],
    ["b", b],
  ] as const)
    writeFileSync(join(folder, `${name}.ndjson`), events.map((event) => `${JSON.stringify(event)}${pad}\n`).join(""));
  await runPipeline(stageOf(flow), { connectors: builtInConnectors(memoryBroker().connector), baseDirectory: folder })
    .done;
  return ["out", "seen"].map((name) => readFileSync(join(folder, `${name}.ndjson`), "utf8"));
}

describe("several files", () => {
  it("are read in the order of their watermarks, then of how much was read, record by record", async () => {
    const at = (t: number, n: number) => ({ t, n });
    // With their delays the watermarks are those of `a` less 1 s and of `b` less 2 s.
    const [, seen] = await outputOf(
      [at(1000, 1), at(5000, 2), at(9000, 3)],
      [at(2000, 10), at(3000, 11), at(20_000, 12)],
      "",
    );
    expect(seen!.trim().split("\n").map(Number)).toEqual([1, 10, 2, 11, 12, 3]);
  });
  it("give the same however many records are read at a time", async () => {
    const events = fc.array(fc.record({ t: fc.integer({ min: 0, max: 40_000 }), n: fc.nat(99) }), { maxLength: 40 });
    await fc.assert(
      // Space behind the records makes a block hold few of them.
      fc.asyncProperty(events, events, async (a, b) => {
        expect(await outputOf(a, b, " ".repeat(20_000))).toEqual(await outputOf(a, b, ""));
      }),
      { numRuns: 15 },
    );
  });
});
