import { describe, expect, it } from "vitest";
import { plansOf, testFlow } from "../../test/support/test-flow.ts";
import { addCounts, branches } from "./coverage.ts";

/** What never ran, in words. */
async function never(flow: string): Promise<readonly string[]> {
  const counts = new Map<string, number>();
  for (const test of await testFlow(flow)) addCounts(counts, test.counts);
  return branches(plansOf(flow).config, counts)
    .filter(({ count }) => count === 0)
    .map(({ what, does }) => `${what} never ${does}`);
}

const pipeline = `
  type E { n: int, at: timestamp }
  source a: E { stdin {} time data.at }
  step kept from a { filter data.n > 0 dedupe data.n within 1m }
  step big from kept where 100 / (data.n - 5) > 1 { log "big" }
  step small from kept otherwise { log "small" }
  window w from kept { fixed 1m where count() > 1 emit { n: count() } }
  sink out from big, small, w { stdout {} }
  sink late from w.late { stdout {} }
  sink bad from big.errors { stdout {} }
`;

describe("coverage", () => {
  it("names every node and branch that no test has run, with the source first", async () => {
    expect(await never(`${pipeline} test "t" { expect nothing from out }`)).toEqual([
      "'a' never ran",
      "'kept' never ran",
      "'filter' of 'kept' never let an event pass",
      "'filter' of 'kept' never dropped an event",
      "'dedupe' of 'kept' never let an event pass",
      "'dedupe' of 'kept' never dropped an event",
      "'where' of 'big' never took an event",
      "'where' of 'big' never refused an event",
      "'big' never ran",
      "'otherwise' of 'small' never took an event",
      "'small' never ran",
      "'w' never ran",
      "'w' never gave an event",
      "'where' in 'w' never refused an event",
      "'w.late' never gave an event",
      "'out' never ran",
      "'late' never ran",
      "'big.errors' never gave an event",
      "'bad' never ran",
    ]);
  });

  it("adds up what several tests have run", async () => {
    const first = 'test "first" { a at 0s { n: 0 } a at 0s { n: 6 } a at 0s { n: 6 } a at 0s { n: 5 } }';
    const second =
      'test "second" { a at 0s { n: 200 } a at 90s { n: 1 } a at 91s { n: 2 }\nend\nexpect nothing from w.late }';
    expect(
      await never(`${pipeline} ${first.replaceAll(" a at", "\na at")} ${second.replaceAll(" a at", "\na at")}`),
    ).toEqual(["'w.late' never gave an event", "'late' never ran"]);
  });
});
