/** What a source may forget: nothing that is still with user code, in a chunk, or on the way from a sink that refused it. */
import { beforeAll, describe, expect, it } from "vitest";
import { driveFlow } from "../../../test/support/drive-flow.ts";
import { echo, scripted } from "../../user-code/scripted.fixture.ts";
import type { OutputMessage } from "../connector.ts";

// Loaded by the first run that needs it: that takes longer than a manual clock waits.
beforeAll(() => import("./ports.ts"));

const program = 'process { command: ["x"], io: stdio }';
const refuse = (batch: readonly OutputMessage[]) => batch.map((_, index) => ({ index, reason: "no" }));

describe("an event is not acknowledged", () => {
  it("while its chunk is with user code", async () => {
    const code = scripted();
    const run = driveFlow(
      `source a { memory {} } chunk c from a { size 2 } step s from c { ${program} } sink out from s { memory {} }`,
      { userCode: code.open },
    );
    await run.send("a", 1);
    await run.send("a", 2);
    expect([code.waiting.length, run.acked("a")]).toEqual([1, []]);
    code.answer(code.waiting[0]!, echo(code.waiting[0]!));
    await run.advanceMs(0);
    expect(run.acked("a")).toEqual([0, 1]);
    await run.finish();
  });

  it.each(["at once", "later"])("before a reader has it, when a sink refuses it %s", async (when) => {
    let take = () => {};
    const run = driveFlow(
      "source a { memory {} } sink out from a { memory {} } sink bad from out.errors { memory {} }",
      {
        sinks: {
          out: (batch) => (when === "later" ? Promise.resolve(refuse(batch)) : refuse(batch)),
          bad: () => new Promise((resolve) => (take = () => resolve(undefined))),
        },
      },
    );
    await run.send("a", 1);
    expect(run.acked("a")).toEqual([]);
    take();
    await run.advanceMs(0);
    expect(run.acked("a")).toEqual([0]);
    await run.finish();
  });

  it("while what a sink refused is with user code", async () => {
    const code = scripted();
    const run = driveFlow(
      `source a { memory {} } sink out from a { memory {} } step s from out.errors { ${program} } sink bad from s { memory {} }`,
      { userCode: code.open, sinks: { out: refuse } },
    );
    await run.send("a", 1);
    expect([code.waiting.length, run.acked("a")]).toEqual([1, []]);
    code.answer(code.waiting[0]!, echo(code.waiting[0]!));
    await run.advanceMs(0);
    expect(run.acked("a")).toEqual([0]);
    await run.finish();
  });
});

it("gives each event that a sink refused an id of its own", async () => {
  const run = driveFlow(
    "source a { memory {} } sink out from a { memory {} } chunk c from out.errors { size 1 } sink bad from c { memory {} }",
    { sinks: { out: (batch) => Promise.resolve(refuse(batch)) } },
  );
  await run.send("a", 1, 2, 3);
  await run.finish();
  expect(run.receivedMessages("bad").map(({ chunk, id }) => [chunk, id])).toEqual(
    [0, 1, 2].map((number) => [`c//pushed/${number}`, `pushed/${number}`]),
  );
});
