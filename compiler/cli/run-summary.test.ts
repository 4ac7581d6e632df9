/** What a run says at its end of events that came too late. */
import picocolors from "picocolors";
import { describe, expect, it } from "vitest";
import { driveFlow } from "../../test/support/drive-flow.ts";
import { summaryText } from "./run-summary.ts";

const pipeline = `type T { t: int }
  source a: T { memory {} time timestampMillis(data.t) watermark 0s }
  window w from a { fixed 1m emit { n: count() } }
  sink out from w { memory {} }`;

async function summaryOf(flow: string): Promise<string> {
  const run = driveFlow(flow);
  await run.send("a", { t: 70_000 }, { t: 1 });
  const { reasons, ...stats } = await run.finish();
  return summaryText(stats, reasons, {
    deadLetter: "",
    quiet: false,
    stopped: false,
    colors: picocolors.createColors(false),
  });
}

describe("the summary of late events", () => {
  it("says how they can be read where nothing reads them", async () => {
    expect(await summaryOf(pipeline)).toContain("\n1 event came too late for 'w'; 'from w.late' reads it.\n");
  });
  it("says where they went where something does", async () => {
    const flow = `${pipeline} step kept from w.late { log "late" } sink late from kept, w.late { memory {} }`;
    expect(await summaryOf(flow)).toContain("\n1 event came too late for 'w'; it went to 'kept' and 'late'.\n");
  });
});
