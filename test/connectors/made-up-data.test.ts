/** Data written into the pipeline leaves as it was written, whatever its fields are called. */
import { expect, it } from "vitest";
import { driveFlow } from "../support/drive-flow.ts";

const data = [
  '{"secret":{"name":"a","key":"b"}}',
  '{"secretKeyRef":{"name":"a","key":"b"}}',
  '{"expr":{"op":"const","kind":"int","value":"1"}}',
  '{"a":[{"expr":null,"b":[true,-1,1.5,"x"]}]}',
  '{"kind":"secret","name":"a","key":"b"}',
  '{"2":"b","1":"a"}',
  '{"a":12345678901234567}',
  "-9007199254740993",
  '{"__proto__":{"secret":1}}',
  "[]",
];

it("is what a source in memory gives", async () => {
  const events = data.map((text) => text.replace(/"(__proto__|[a-zA-Z]+)":/g, "$1: "));
  const run = driveFlow(`source s { memory { events: [${events.join(", ")}] } } sink o from s { stdout {} }`);
  await run.finish();
  expect(run.receivedText("o")).toEqual(data);
});

it("keeps its durations, alone and where the declared type has one", async () => {
  const run = driveFlow(`
source s: { d: duration } { memory { events: [{ d: 90m, l: [1.5s] }, { d: 250ms, secret: -1s }] } }
step long from s { filter data.d > 1ms }
sink o from long { stdout {} }`);
  await run.finish();
  expect(run.receivedText("o")).toEqual(['{"d":"5400s","l":["1.5s"]}', '{"d":"0.25s","secret":"-1s"}']);
});
