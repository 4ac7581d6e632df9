/** Holds that nothing looks into a block of records once it was given back: whatever a stage keeps of it, or has under way, is the same as if the block had stayed. */
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { driveLog, type LogRecord } from "../../test/support/drive-log.ts";
import { done, scripted } from "../user-code/scripted.fixture.ts";

// Loaded by the first run that needs it.
beforeAll(() => import("./ports/ports.ts"));

const log = (topic: string) => `kafka { brokers: ["k:1"], topic: "${topic}" }`;

/** From `src` to the sinks. */
const ofJson: readonly string[] = [
  `sink out from src { ${log("out")} }`,
  `sink out from src { ${log("out")} format cloudevents { mode: binary } }`,
  "sink out from src { memory {} }",
  "sink out from src { memory {} format cloudevents }",
  `step s from src { set data.x = event.?partitionkey.orValue("-") } sink out from s { ${log("out")} }`,
  `step s from src { filter 1 / (data.n - 1) < 9 map data.l } sink out from s { ${log("out")} } sink bad from s.errors { memory {} }`,
  `step s from src { expand data.l } chunk c from s { size 3 } sink out from c { ${log("out")} }`,
  `chunk c from src { key event.?partitionkey.orValue("") size 2 } sink out from c { ${log("out")} } sink more from c { memory {} }`,
  `step s from src { dedupe data.n within 1h } sink out from s { ${log("out")} }`,
  `window w from src { key event.?partitionkey.orValue("") fixed 1m emit {k: key, a: list(data), f: first(event.id), t: last(data.s)} } sink out from w { ${log("out")} }`,
  `step l from src { filter data.n < 2 } window w from l as a, src as b { join a.data.n == b.data.n left fixed 1m emit {a: a.data, b: b.data.s.orValue("")} } sink out from w { ${log("out")} }`,
  `step s from src { process { command: ["x"], io: stdio } } sink out from s { ${log("out")} } sink more from s { memory {} }`,
  `chunk c from src { size 2 } step s from c { process { command: ["x"], io: stdio } } sink out from s { ${log("out")} }`,
  `step s from src { process { command: ["x"], io: stdio } filter 1 / (data.n - 1) < 9 } sink out from s { ${log("out")} } sink bad from s.errors { memory {} }`,
];
const ofBytes: readonly string[] = [
  `sink out from src { ${log("out")} format bytes }`,
  "sink out from src { memory {} format bytes }",
  `sink x from src where event.?partitionkey.orValue("") == "a" { ${log("x")} format bytes } sink out from src otherwise { ${log("out")} format bytes }`,
  `step s from src { map {d: data} } sink out from s { ${log("out")} } sink more from s { memory {} }`,
  `step s from src { filter 3 / (size(data) - 2) != 0 } sink out from s { ${log("out")} format bytes } sink bad from s.errors { memory {} }`,
  `step s from src { dedupe data within 1h } sink out from s { ${log("out")} format bytes }`,
  `chunk c from src { size 2 } sink out from c { ${log("out")} format bytes } sink more from c { memory {} format bytes }`,
  `window w from src { key data fixed 1m emit {k: key, n: count(), a: list(data), f: first(data), t: last(data)} } sink out from w { ${log("out")} }`,
  `window w from src { key event.?partitionkey.orValue("") fixed 1m emit {k: key, a: distinct(data), m: list(event.id)} } sink out from w { ${log("out")} }`,
  `window w from src as a, src as b { join a.data == b.data left fixed 1m emit {a: a.data, b: b.data} } sink out from w { ${log("out")} }`,
  `step s from src { process { command: ["x"], io: stdio } } sink out from s { ${log("out")} }`,
];

const key = fc.constantFrom("a", "b", null, Uint8Array.of(0xfe), "a longer key than those that are remembered");
const headers = fc.constantFrom(
  {},
  { h: "1" },
  {
    ce_specversion: "1.0",
    ce_id: "7",
    ce_source: "/s",
    ce_type: "t",
    "content-type": "application/octet-stream",
  },
);
const event = fc
  .record({ n: fc.integer({ min: 0, max: 3 }), s: fc.string(), l: fc.array(fc.integer(), { maxLength: 3 }) })
  .map((value) => JSON.stringify(value));
const value = fc.oneof(
  { weight: 5, arbitrary: event },
  fc.constantFrom("{", "", '{"n":1.0,"l":[],"s":"ä"}', null, Uint8Array.of(0xff, 0x80)),
);
const blocks = (values: fc.Arbitrary<LogRecord["value"]>) =>
  fc.array(fc.array(fc.record({ key, value: values, headers }), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 4,
  });

async function through(flow: string, blocksOfRecords: readonly (readonly LogRecord[])[], keepsReleased: boolean) {
  // Answered by hand, when all blocks are through.
  const code = scripted();
  const run = driveLog(flow, { keepsReleased, userCode: code.open });
  for (const records of blocksOfRecords) await run.push("src", records);
  const ended = run.finish();
  for (let turns = 0; turns < 8; turns++) {
    for (const unit of [...code.waiting]) code.answer(unit, done(...unit.events.map(({ json }) => json)));
    await run.advanceMs(0);
  }
  await ended;
  return {
    logs: ["out", "x", "dead_letter"].map((sink) => run.written(sink)),
    memory: ["out", "more", "bad"].map((sink) => run.broker.receivedText(sink)),
  };
}

for (const [format, stages, values] of [
  ["json", ofJson, value],
  ["cloudevents", ofJson.slice(0, 9), value],
  ["bytes", ofBytes, fc.oneof(value, fc.uint8Array({ maxLength: 5 }))],
] as const)
  for (const stage of stages)
    it(`nothing points into a released block of ${format}: ${stage}`, { timeout: 30_000 }, async () => {
      const flow = `source src { ${log("in")} format ${format} } ${stage}`;
      await fc.assert(
        fc.asyncProperty(blocks(values), async (records) => {
          expect(await through(flow, records, false)).toEqual(await through(flow, records, true));
        }),
        { numRuns: 15 },
      );
    });

it("a block goes when its records are through, but for those that user code has", async () => {
  const run = driveLog(`source src { ${log("in")} } sink out from src { ${log("out")} }`);
  await run.push("src", ["1", "2"]);
  expect(run.source("src").released).toBe(1);
  const code = scripted();
  const asking = driveLog(
    `source src { ${log("in")} } step s from src { process { command: ["x"], io: stdio } } sink out from s { ${log("out")} }`,
    { userCode: code.open },
  );
  await asking.push("src", ["1", "2"]);
  expect(asking.source("src").released).toBe(0);
});
