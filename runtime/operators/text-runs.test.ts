import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { driveFlow, stageOf } from "../../test/support/drive-flow.ts";
import { graphOf } from "../engine/graph.ts";
import { runsInto, TextRuns } from "./text-runs.ts";

const flow = (pattern: string, emit: string, others: string) => `
source a: string { memory {} }
step s from a { filter data != "skip" expand regex.extractAll(data, ${JSON.stringify(pattern)}) }
window w from s { key data global emit ${emit} }
sink out from w { memory {} }
${others}`;

/** Whether the window of such a pipeline takes the runs itself. */
function takesRuns(pattern: string, emit: string): boolean {
  const config = stageOf(flow(pattern, emit, ""));
  const step = config.nodes.find(({ kind }) => kind === "step");
  if (step?.kind !== "step") throw new Error("no step");
  const graph = graphOf(config);
  return runsInto(step.operators, graph.readersOf(graph.indexByName.get("s")!, "main")) !== undefined;
}

/** How often each run was met. */
function countsOf(texts: readonly string[]): Map<string, number> {
  const runs = new TextRuns<{ n: number }>([[97, 122]]);
  const groups = new Map<string, { n: number }>();
  for (const text of texts) {
    runs.begin(text);
    while (runs.next()) {
      let group = runs.group;
      if (group === undefined) {
        group = groups.get(runs.run()) ?? { n: 0 };
        groups.set(runs.run(), group);
        runs.keep(runs.run(), group);
      }
      group.n++;
    }
  }
  return new Map([...groups].map(([key, { n }]) => [key, n]));
}

function countsByPattern(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) for (const run of text.match(/[a-z]+/g) ?? []) counts.set(run, (counts.get(run) ?? 0) + 1);
  return counts;
}

describe("the runs of a text", () => {
  it.each([
    ["[a-z]+", "{ word: key, n: count() }", true],
    ["\\w+", "count()", true],
    ["[^ ]+", "count()", false],
    ["[a-z]*", "count()", false],
    ["[a-z]+?", "count()", false],
    ["([a-z])+", "count()", false],
    ["[a-z]+|x", "count()", false],
    ["[a-z]+", "{ n: count(), last: last(data) }", false],
  ])("of %s are counted as %s by the window itself: %s", (pattern, emit, taken) => {
    expect(takesRuns(pattern, emit)).toBe(taken);
  });
  it("are counted as those that become events, one by one", async () => {
    const word = fc.constantFrom(
      "a",
      "ab",
      "abcd",
      "abcde",
      "abcdefgh",
      "abcdefghi",
      "abcdXfghi",
      "é",
      "\u{1f600}z",
      "_9",
    );
    const line = fc
      .array(fc.tuple(word, fc.constantFrom(" ", "-", "", "ā")), { maxLength: 12 })
      .map((parts) => parts.flat().join(""));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(line, fc.constant("skip")), { maxLength: 30 }),
        fc.constantFrom("[a-z]+", "\\w+", "[é-ü]+"),
        async (lines, pattern) => {
          const results = [];
          // With a second reader the window gets an event for each.
          for (const others of ["", "sink other from s { memory {} }"]) {
            const run = driveFlow(flow(pattern, "{ word: key, n: count() }", others));
            await run.send("a", ...lines.map((text) => JSON.stringify(text)));
            const { nodes } = await run.finish();
            results.push({ out: run.receivedText("out"), nodes: nodes.filter(({ node }) => node !== "other") });
          }
          expect(results[0]).toEqual(results[1]);
        },
      ),
      { numRuns: 100 },
    );
  });
  it("are told apart, however many there are and whatever they have in common", () => {
    const letters = (n: number) =>
      n.toString(26).replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 26)));
    const texts = Array.from(
      { length: 60_000 },
      (_, n) => `${letters(n * 7)} ${letters(n % 50)} same${letters(n)}same`,
    );
    expect(JSON.stringify([...countsOf(texts)])).toBe(JSON.stringify([...countsByPattern(texts)]));
  });
  it("cost no more when they are made to collide", () => {
    // 31 * 'a' + 'z' is 31 * 'b' + '['.
    const pairs = ["az", "b["];
    const runs = Array.from({ length: 1 << 15 }, (_, n) =>
      Array.from({ length: 15 }, (__, bit) => pairs[(n >> bit) & 1]).join(""),
    );
    const found = new TextRuns<{ n: number }>([
      [0, 90],
      [91, 255],
    ]);
    const before = process.cpuUsage().user;
    for (let round = 0; round < 3; round++)
      for (const run of runs) {
        found.begin(run);
        found.next();
        if (found.group === undefined) found.keep(run, { n: 0 });
      }
    expect(process.cpuUsage().user - before).toBeLessThan(3_000_000);
  });
});
