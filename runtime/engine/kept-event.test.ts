/** An event that waited in a chunk, also across a crash, goes on as if it came now. */
import { expect, it } from "vitest";
import { driveFlow, stageOf } from "../../test/support/drive-flow.ts";
import { bareNames, markBare } from "../codec/bare-attributes.ts";
import { builtInConnectors } from "../connectors/index.ts";
import { memoryBroker } from "../connectors/memory.ts";
import { timestampOfMillis } from "../expr/values/timestamp.ts";
import { MemoryStore } from "../state/memory-store.ts";
import { decodeValue } from "../state/value-reader.ts";
import { encodeValue } from "../state/value-writer.ts";
import { manualClock, settle } from "./clock.ts";
import { Current } from "./current.ts";
import { EventKeeper, restoredEvent, savedEvent } from "./kept-event.ts";
import { runPipeline } from "./run.ts";

it("an event that was saved and restored says the same of itself", () => {
  const current = new Current();
  current.nodeName = "a";
  current.part = "in.ndjson";
  current.offset = 12;
  current.text = "the record as it came";
  current.timeMs = 5;
  current.attributes = { id: "x", answer: "42" };
  markBare(current.attributes, new Set(["answer"]));
  const element = { outer: { outer: undefined, index: 3 }, index: 1 };
  current.element = element;
  const keeper = new EventKeeper(current, false);
  const first = keeper.keep({ x: 1 }, timestampOfMillis(7), { type: "t" }, 7, true);
  element.index++;
  const second = keeper.keep([2], undefined, undefined, 8, false);
  const pane = { window: { start: Number.NEGATIVE_INFINITY, end: 9 }, index: 2, timing: "late" as const };
  current.result = { position: () => "w/1", text: () => '"k"', pane };
  const third = keeper.keep(null, 9, undefined, 9, false);
  current.result = undefined;

  let before: typeof first | undefined;
  const restored = [first, second, third].map((event, index, all) => {
    const saved = decodeValue(encodeValue(savedEvent(event, all[index - 1])));
    before = restoredEvent(saved, before);
    return before;
  });
  const said = (event: typeof first) => {
    const seen = new Current();
    seen.leave(event.frame);
    const { nodeName, timeMs, attributes } = seen;
    const own = { ...event, frame: undefined, bare: bareNames(attributes) };
    return [own, seen.id(), seen.position(), seen.originalText(), nodeName, timeMs, attributes, seen.result?.pane];
  };
  expect(restored.map(said)).toEqual([first, second, third].map(said));
  expect([first, second, third].map((event) => said(event)[1])).toEqual(["x/3/1", "x/3/2", "x/3/2"]);
});

/** What a pipeline writes when it is killed after the first of its events, and when it is not. */
async function writes(flow: string, messages: readonly (readonly [string, Readonly<Record<string, string>>])[]) {
  const results: (readonly string[])[] = [];
  for (const isKilled of [false, true]) {
    const store = new MemoryStore();
    const broker = memoryBroker();
    const push = (from: number, to?: number) => {
      for (const [index, [text, headers]] of messages.slice(from, to).entries())
        broker.input("a").push({
          bytes: new TextEncoder().encode(text),
          position: `p${from + index}`,
          timeMs: 1_000 * (from + index),
          headers,
        });
    };
    const begin = () => {
      broker.input("a");
      const run = runPipeline(stageOf(flow), {
        connectors: builtInConnectors(broker.connector),
        baseDirectory: "/",
        clock: manualClock(0),
        deadLetter: { type: "memory", options: {} },
        state: { store, id: "test", everyMs: Number.POSITIVE_INFINITY, onlyWhenAsked: true },
      });
      run.done.catch(() => {});
      return run;
    };
    let run = begin();
    push(0, 2);
    await settle();
    if (isKilled) {
      await run.checkpoint();
      run.stop();
      run.stop();
      await run.done.catch(() => {});
      run = begin();
    }
    push(2);
    await settle();
    broker.input("a").end();
    await run.done;
    const said = broker.received("out").map(({ id, chunk, attributes }) => JSON.stringify({ id, chunk, attributes }));
    results.push([...broker.receivedText("out"), ...said, ...broker.receivedText("dead_letter")]);
  }
  return results;
}

const odd = '{ "x": 1.0,   "big": 12345678901234567890, "k": "a" }';
const event = '{"specversion":"1.0","id":"e","source":"/s","type":"t","answer":42,"data":{"x":1.0}}';

it.each([
  ["data as it came", "source a { memory {} } chunk c from a { size 3 } sink out from c { memory {} }", odd],
  [
    "elements of a record",
    "source a { memory {} } step s from a { expand data } chunk c from s { size 5 } step t from c { map { d: data, n: chunk.count } } sink out from t { memory {} }",
    "[1.5, 2, 3]",
  ],
  [
    "events that are bad behind the chunk",
    "source a { memory {} } chunk c from a { size 3 } step t from c { map data.nothing } sink out from t { memory {} }",
    odd,
  ],
  [
    "CloudEvents",
    "source a { memory {} format cloudevents } chunk c from a { size 3 } sink out from c { memory {} format cloudevents { mode: structured } }",
    event,
  ],
  [
    "the data of CloudEvents",
    "source a { memory {} format cloudevents } chunk c from a { size 3 } sink out from c { memory {} }",
    event,
  ],
  [
    "times and attributes that steps set",
    'source a { memory {} } step s from a { time timestamp("2024-01-01T00:00:00.123456789Z") attributes { subject: "s" } } chunk c from s { size 3 } sink out from c { memory {} format cloudevents { mode: structured } }',
    odd,
  ],
  [
    "results of windows",
    "source a { memory {} } window w from a { count 1 key data.k emit { k: key, n: count() } } chunk c from w { size 3 } sink out from c { memory {} format cloudevents { mode: structured } }",
    odd,
  ],
  [
    "aggregates",
    "source a { memory {} } chunk c from a { size 3 key data.k emit { n: count(), sum: sum(data.x), all: list(data), chunk: chunk.id } } sink out from c { memory {} }",
    odd,
  ],
  [
    "texts",
    "source a { memory {} format lines } chunk c from a { size 3 } sink out from c { memory {} format lines }",
    "a line",
  ],
  [
    "bytes",
    "source a { memory {} format bytes } chunk c from a { size 3 } sink out from c { memory {} format bytes }",
    "é",
  ],
])("a run that was killed writes %s as one that was not", async (_, flow, text) => {
  const messages = Array.from({ length: 7 }, () => [text, {}] as const);
  const [whole, killed] = await writes(flow, messages);
  expect(killed).toEqual(whole);
  expect(whole!.length).toBeGreaterThan(1);
});

it("data that no step changes leaves a chunk as its text came, also as the data of a CloudEvent", async () => {
  const flow =
    "source a { memory {} format cloudevents } chunk c from a { size 2 } sink out from c { memory {} } sink whole from c { memory {} format cloudevents { mode: structured } }";
  const run = driveFlow(flow);
  const other = event.replace("1.0}", "2.00 }").replace('"e"', '"f"');
  await run.send("a", event, other);
  await run.finish();
  expect(run.receivedText("out")).toEqual(['{"x":1.0}', '{"x":2.00 }']);
  expect(run.receivedText("whole")).toEqual([event, other]);
});

it("an element that is bad behind a chunk keeps the beginning of a long record", async () => {
  const flow =
    "source a { memory {} } step s from a { expand data } chunk c from s { size 2 } step t from c { map data.x } sink out from t { memory {} }";
  const run = driveFlow(flow);
  await run.send("a", ["x".repeat(20_000), { x: 1 }]);
  await run.finish();
  expect(run.received("out")).toEqual([1]);
  const [bad] = run.deadLetters() as { text: string }[];
  expect(bad!.text).toBe(`["${"x".repeat(16_382)}…`);
});
