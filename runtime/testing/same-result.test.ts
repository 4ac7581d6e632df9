/** The same test gives the same result, with any size of batches and with crashes anywhere. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outcomeOf, testFlow } from "../../test/support/test-flow.ts";

const pipelines = {
  "steps, fixed windows in a chain": `
    step odd from a where data.n % 2 == 1 { expand [data, data] filter data.n != 3 }
    step even from a otherwise { sample 0.5 map { k: data.k, n: 100 / data.n, at: data.at } }
    window w from odd, even, b { key data.k fixed 10s lateness 5s emit { k: key, n: sum(data.n), at: window.start } }
    window v from w { fixed 30s emit { n: sum(data.n), c: count() } }
    sink bad from even.errors { stdout {} }
  `,
  "sliding windows and sessions, early and late panes": `
    step once from a { dedupe data.n within 20s }
    window w from once, b { key data.k sliding 20s every 5s lateness 10s early after 2 late after 2 emit { k: key, n: list(data.n), at: window.start, p: pane.index, t: pane.timing } }
    window v from a, b { key data.k session 7s lateness 10s early every 10s panes discard emit { k: key, n: list(data.n), at: window.start, p: pane.index, t: pane.timing } }
  `,
  "sessions taken back, windows by count and over all time": `
    window w from a { key data.k session 10s max 30s lateness 20s panes retract emit { k: key, n: sum(data.n), at: window.start, t: pane.timing } }
    window v from a, b { key data.k count 3 emit { k: key, n: list(data.n) } }
    window u from b { global early after 2 emit { n: sum(data.n), p: pane.index } }
    sink all from u { stdout {} }
  `,
  "joins, in fixed windows and in sessions, with early and late pairs": `
    window w from a as x, b as y { join x.data.k == y.data.k fixed 20s lateness 10s emit [x.data.n, y.data.n] }
    window v from b as x, a as y { join x.data.k == y.data.k outer session 7s lateness 10s early after 2 emit [x.data.n.orValue(-1), y.data.n.orValue(-1)] }
  `,
};
const around = (nodes: string, statements: readonly string[], idle = "") => `
  type E { k: string, n: int, at: timestamp }
  source a: E { stdin {} time data.at watermark 2s }
  source b: E { stdin {} time data.at watermark 5s ${idle} }
  ${nodes}
  sink out from w, v { stdout {} }
  sink late from w.late { stdout {} }
  test "it" {
    ${statements.join("\n")}
  }
`;

const event = fc
  .record({ source: fc.constantFrom("a", "b"), k: fc.constantFrom("x", "y"), n: fc.nat(6), at: fc.nat(60) })
  .map(({ source, k, n, at }) => `${source} at ${at}s { k: "${k}", n: ${n} }`);
const statement = fc.oneof(
  { weight: 12, arbitrary: event },
  { weight: 1, arbitrary: fc.nat(80).map((at) => `watermark ${at}s`) },
  { weight: 1, arbitrary: fc.nat(80).map((at) => `watermark b ${at}s`) },
  { weight: 1, arbitrary: fc.nat(80).map((by) => `advance ${by}s`) },
);
const statements = fc.array(statement, { maxLength: 30 });
/** These fail, and so say everything that was given. */
const ends = ["end", ...["a", "b", "w", "v", "late"].map((node) => `expect nothing from ${node}`)];

describe.each(Object.entries(pipelines))("a test of %s", (_, nodes) => {
  it("gives the same with any size of batches", async () => {
    await fc.assert(
      fc.asyncProperty(statements, fc.integer({ min: 2, max: 40 }), async (steps, batch) => {
        const flow = around(nodes, [...steps, ...ends], "idle 1m");
        const one = outcomeOf(await testFlow(flow, { batch: 1 }));
        expect(outcomeOf(await testFlow(flow, { batch }))).toBe(one);
        expect(outcomeOf(await testFlow(flow))).toBe(one);
      }),
      { numRuns: 20 },
    );
  });

  it("gives the same with a crash after any statement", async () => {
    const given = async (steps: readonly string[]) => {
      const [result] = await testFlow(around(nodes, [...steps, ...ends], "idle 1m"));
      return result!.failures.map(({ message, difference }) => [
        message,
        difference?.unexpected.map(({ value }) => value),
      ]);
    };
    await fc.assert(
      fc.asyncProperty(statements, fc.array(fc.nat(30), { maxLength: 3 }), async (steps, crashes) => {
        const crashing = steps.flatMap((step, index) => (crashes.includes(index) ? [step, "restart"] : [step]));
        expect(await given(crashing)).toEqual(await given(steps));
      }),
      { numRuns: 20 },
    );
  });
});
