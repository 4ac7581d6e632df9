import { describe, expect, it } from "vitest";
import { stageOf } from "../../test/support/drive-flow.ts";
import { Current } from "../engine/current.ts";
import { runPipeline } from "../engine/run.ts";
import { Recorder } from "./recorder.ts";
import { testConfig } from "./test-config.ts";
import { TestInput, testConnector } from "./test-connector.ts";
import type { TraceEntry } from "./trace.ts";

/** The way of each record, a line an entry, from a run over these events. */
async function traced(flow: string, events: readonly unknown[], limit?: number): Promise<readonly string[]> {
  const config = testConfig(stageOf(flow));
  const roots: TraceEntry[] = [];
  const input = new TestInput(100);
  input.push(
    events.map((event, index) => ({ bytes: Buffer.from(JSON.stringify(event)), position: `a/${index}`, timeMs: 0 })),
  );
  input.end();
  const probe = new Recorder({ ...(limit === undefined ? {} : { limit }), began: (root) => void roots.push(root) });
  await runPipeline(config, {
    connectors: new Map([["memory", testConnector(new Map([["a", input]]))]]),
    baseDirectory: "/",
    deadLetter: { type: "memory", options: {} },
    probe,
  }).done;
  const line = (entry: TraceEntry, depth: number): string[] => [
    `${"  ".repeat(depth)}${entry.kind} ${config.nodes[entry.node]?.name}${entry.output === undefined ? "" : ` ${entry.output}`}${entry.kind === "gave" || entry.kind === "passed" ? ` ${entry.text}` : ""}`,
    ...entry.children.flatMap((child) => line(child, depth + 1)),
  ];
  return roots.flatMap((root) => line(root, 0).map((text) => text.trimEnd()));
}

describe("a recorder", () => {
  it("forgets what it has seen since a mark, as often as it is told to", () => {
    const recorder = new Recorder({ keep: true });
    recorder.begin(testConfig(stageOf("source a { memory {} } sink out from a { memory {} }")), new Current());
    const see = (data: unknown) => {
      recorder.came(0, -1);
      recorder.gave(0, "main", data, 0);
    };
    const seen = () => [
      recorder.given("a", "main").map(({ text }) => text),
      recorder.roots.length,
      recorder.counts.get("gave/0/main"),
    ];
    see(1);
    const forget = recorder.mark();
    for (const data of [2, 3]) {
      see(data);
      expect(seen()).toEqual([["1", String(data)], 2, 2]);
      forget();
      expect(seen()).toEqual([["1"], 1, 1]);
    }
  });
  it("keeps the way of a record as a tree, elements of lists in lists each by themselves", async () => {
    const flow = `source a { memory {} } step b from a { expand data expand data filter data > 1 } sink out from b { memory {} }`;
    expect(await traced(flow, [[[1, 2], [3]]])).toEqual([
      "record a",
      "  gave a main [[1,2],[3]]",
      "    came b",
      "      passed b [1,2]",
      "        passed b 1",
      "          dropped b",
      "        passed b 2",
      "          passed b 2",
      "          gave b main 2",
      "            came out",
      "              gave out main 2",
      "      passed b [3]",
      "        passed b 3",
      "          passed b 3",
      "          gave b main 3",
      "            came out",
      "              gave out main 3",
    ]);
  });

  it("keeps data as it was, though it is changed in place later on", async () => {
    const flow = `source a { memory {} } step b from a { set data.n = 2 } step c from b { set data.n = 3 } sink out from c { memory {} }`;
    const lines = await traced(flow, [{ n: 1 }]);
    expect(lines.filter((line) => line.includes("gave")).map((line) => line.trim())).toEqual([
      'gave a main {"n":1}',
      'gave b main {"n":2}',
      'gave c main {"n":3}',
      'gave out main {"n":3}',
    ]);
  });

  it("puts errors under the node that made them, and routes under the node that was asked", async () => {
    const flow = `source a { memory {} } step b from a where data.n > 1 { map 10 / (data.n - 2) } step c from a otherwise { map 1 }
      sink out from b, c { memory {} } sink bad from b.errors { memory {} }`;
    const kinds = (lines: readonly string[]) => lines.map((line) => line.replace(/ [[{"].*/, ""));
    expect(kinds(await traced(flow, [{ n: 2 }]))).toEqual([
      "record a",
      "  gave a main",
      "    came b",
      "      gave b errors",
      "        came bad",
      "          gave bad main",
      "    passed_by c",
    ]);
    expect(kinds(await traced(flow, [{ n: "x" }]))).toEqual([
      "record a",
      "  gave a main",
      "    came b",
      "      gave b errors",
      "        came bad",
      "          gave bad main",
      "    passed_by c",
    ]);
  });

  it("follows the first records and the first results of a window, and no more", async () => {
    const flow = `source a { memory {} } window w from a { key data.k global emit { k: key } } step c from w { log "c" } sink out from c { memory {} }`;
    const lines = await traced(flow, [{ k: "x" }, { k: "y" }, { k: "z" }], 1);
    expect(lines).toEqual([
      "record a",
      '  gave a main {"k":"x"}',
      "    came w",
      "      grouped w",
      'gave w main {"k":"x"}',
      "  came c",
      '    passed c {"k":"x"}',
      '    gave c main {"k":"x"}',
      "      came out",
      '        gave out main {"k":"x"}',
    ]);
  });
});
