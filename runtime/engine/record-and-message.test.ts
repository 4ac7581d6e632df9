/** Holds that it makes no difference to events whether they come as records of a log or as messages, and whether they leave into a log or elsewhere. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { driveFlow } from "../../test/support/drive-flow.ts";
import { driveLog } from "../../test/support/drive-log.ts";

const log = 'kafka { brokers: ["k:1"], topic: "t" }';
const operators = [
  "filter data.?n.orValue(0) != 1",
  "set data.x = 1",
  "map data",
  "map data.n",
  "expand data.l",
  "remove data.n",
  "chunk",
];

const flow = (chosen: readonly string[], from: string, to: string) => {
  let last = "a";
  const nodes = chosen.map((operator, n) => {
    const node =
      operator === "chunk" ? `chunk s${n} from ${last} { size 2 }` : `step s${n} from ${last} { ${operator} }`;
    last = `s${n}`;
    return node;
  });
  return `source a { ${from} } ${nodes.join(" ")} sink out from ${last} { ${to} }`;
};

it("events are the same by either way", { timeout: 60_000 }, async () => {
  const text = fc.oneof(
    fc.json(),
    fc.constantFrom(
      "{",
      '{"n":1.0}',
      '{"n":12345678901234567890}',
      '{"1":1,"0":2}',
      '"\ufffd"',
      ' {"n":1} ',
      "nonsense",
    ),
    fc
      .record({
        n: fc.integer({ max: 3, min: 0 }),
        s: fc.string({ unit: "grapheme" }),
        l: fc.array(fc.constantFrom(1, { n: 1 }, null)),
      })
      .map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { maxLength: 6 }),
      fc.array(fc.constantFrom(...operators), { maxLength: 3 }),
      async (texts, chosen) => {
        const messages = driveFlow(flow(chosen, "memory {}", "memory {}"));
        await messages.send("a", ...texts);
        await messages.finish();
        const expected = messages.receivedText("out");
        const records = driveLog(flow(chosen, log, log));
        await records.push("a", texts);
        await records.finish();
        expect(records.values("out")).toEqual(expected);
        expect(records.written("dead_letter").length).toBe(messages.deadLetters().length);
        const elsewhere = driveLog(flow(chosen, log, "memory {}"));
        await elsewhere.push("a", texts);
        await elsewhere.finish();
        expect(elsewhere.broker.receivedText("out")).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});

it("a record without a value is null elsewhere, also out of a chunk", async () => {
  for (const format of ["json", "cloudevents"])
    for (const steps of [[], ["chunk"]]) {
      const run = driveLog(flow(steps, `${log} format ${format}`, "memory {}"));
      await run.push("a", [
        { value: format === "json" ? "1" : '{"specversion":"1.0","id":"1","source":"s","type":"t","data":1}' },
        { value: null },
      ]);
      await run.finish();
      expect(run.broker.receivedText("out")).toEqual(["1", "null"]);
    }
});

it("a text with a line end is refused by what writes lines, and left to what does not", async () => {
  const run = driveLog(`source a { ${log} format lines } sink out from a { ${log} format lines }`);
  await run.push("a", ["a\nb"]);
  await run.finish();
  expect(run.values("out")).toEqual(["a\nb"]);
});
