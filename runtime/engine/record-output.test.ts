/** Holds what leaves into a log: values, keys, headers, times and partitions; what nobody touched leaves as the bytes it came in; and how records are sent. */
import { beforeAll, describe, expect, it } from "vitest";
import { type DriveLogOptions, driveLog, type LogRecord } from "../../test/support/drive-log.ts";
import { done, scripted } from "../user-code/scripted.fixture.ts";
import { manualClock, settle } from "./clock.ts";
import type { MessageSink } from "./connector.ts";
import { Current } from "./current.ts";
import { Gates } from "./gate.ts";
import { MessageOutput } from "./message-output.ts";

// Loaded by the first run that needs it: that takes longer than a manual clock waits.
beforeAll(() => import("./ports/ports.ts"));

const log = (topic: string, more = "") => `kafka { brokers: ["k:1"], topic: "${topic}"${more} }`;

/** What `out` is given of the records of `a`. @param between everything between the source and the connector of the sink */
async function through(
  between: string,
  records: readonly (LogRecord | string)[],
  options: DriveLogOptions & { more?: string; source?: string; sink?: string } = {},
) {
  const { source = "", sink = "", more, ...rest } = options;
  const run = driveLog(`source a { ${log("in")} ${source} } ${between} { ${log("out", more)} ${sink} }`, rest);
  await run.push("a", records);
  await run.finish();
  const bad = run.written("dead_letter");
  expect(bad.map(({ headers }) => headers?.["flow-reason"])).toEqual([]);
  return run.written("out");
}

const record: LogRecord = { key: "k", value: '{"n": 1.0}', headers: { h: "1" }, timestampMs: 7 };
const copied = { ...record, copied: true };

describe("what nobody touched", () => {
  it("leaves as it came: bytes, key, headers and timestamp", async () => {
    expect(await through("sink out from a", [record])).toEqual([copied]);
    expect(await through("step s from a { filter data.n == 1.0 } sink out from s", [record])).toEqual([copied]);
  });
  it("leaves as it came in every format", async () => {
    for (const format of ["bytes", "text", "lines"]) {
      const formats = { source: `format ${format}`, sink: `format ${format}` };
      expect(await through("sink out from a", [record, { key: "t", value: null }], formats)).toEqual([
        copied,
        { key: "t", value: null, timestampMs: 1000, copied: true },
      ]);
    }
  });
  it("leaves without a value where it came without one", async () => {
    const more = ', headers: {"n": "1"}';
    expect(await through("sink out from a", [{ key: "k", value: null }], { more })).toEqual([
      { key: "k", value: null, timestampMs: 1000, headers: { n: "1" } },
    ]);
  });
  it("is routed by its key without having been looked at", async () => {
    const run =
      driveLog(`source a { ${log("in")} format bytes } sink x from a where event.?partitionkey.orValue("") == "x" { ${log("x")} format bytes }
      sink rest from a otherwise { ${log("rest")} format bytes }`);
    await run.push("a", [{ key: "x", value: Uint8Array.of(0xff) }, { key: "y", value: "2" }, { value: "3" }]);
    await run.finish();
    expect(run.written("x")).toEqual([{ key: "x", value: "ff", timestampMs: 1000, copied: true }]);
    expect(run.values("rest")).toEqual(["2", "3"]);
  });
  it("leaves with its own timestamp whatever its event's time is, and with the attributes that the pipeline has set", async () => {
    const at = { ...record, value: '{"at":"1970-01-01T00:01:00Z"}' };
    const source = "time data.at";
    expect(await through("sink out from a", [at], { source })).toEqual([{ ...at, copied: true }]);
    expect(await through("step s from a { map data.at } sink out from s", [at], { source })).toEqual([
      { ...record, value: '"1970-01-01T00:01:00Z"' },
    ]);
    const keyed = await through('step s from a { attributes { partitionkey: "p" } } sink out from s', [record]);
    expect(keyed).toEqual([{ ...record, key: "p" }]);
  });
});

describe("a changed event", () => {
  it("keeps key, headers and timestamp of its record, as do its parts", async () => {
    expect(await through("step s from a { map {m: data.n} } sink out from s", [record])).toEqual([
      { ...record, value: '{"m":1.0}' },
    ]);
    expect(
      await through("step s from a { expand data.l } sink out from s", [{ ...record, value: '{"l":[1,2]}' }]),
    ).toEqual([
      { ...record, value: "1" },
      { ...record, value: "2" },
    ]);
  });
  it("is null as JSON where somebody made it so, and without a value where the sink says so", async () => {
    expect(await through("step s from a { map null } sink out from s", [record])).toEqual([
      { ...record, value: "null" },
    ]);
    const more = ", tombstone: data.gone";
    expect(
      await through(
        "sink out from a",
        [
          { key: "k", value: '{"gone":true}' },
          { key: "k", value: '{"gone":false}' },
        ],
        { more },
      ),
    ).toMatchObject([{ value: null }, { value: '{"gone":false}' }]);
  });
  it("has no key of its own, and the time of writing, where it is the result of a window or of a chunk", async () => {
    for (const gathered of ["window g from a { key data.u fixed 1m", "chunk g from a { key data.u size 2"]) {
      const between = `${gathered} emit {u: key, n: count()} } sink out from g`;
      const given = [{ key: "k", value: '{"u":"x"}', headers: { h: "1" }, timestampMs: 5 }];
      expect(await through(between, given, { startMs: 70_000 })).toEqual([
        { key: null, value: '{"u":"x","n":1}', timestampMs: 70_000 },
      ]);
    }
  });
  it("keeps what its record came with while it waits in a chunk", async () => {
    for (const format of ["json", "bytes"]) {
      const formats = { source: `format ${format}`, sink: `format ${format}` };
      expect(
        await through("chunk c from a { size 2 } sink out from c", [record, { key: "t", value: null }], formats),
      ).toEqual([record, { key: "t", value: null, timestampMs: 1000 }]);
    }
  });
});

describe("what a program answers", () => {
  const program = 'step s from a { process { command: ["x"], io: stdio } } sink out from s';
  it("leaves with key, headers and time of the record that it was asked about", async () => {
    const code = scripted((unit) => done(JSON.stringify({ data: [JSON.parse(unit.events[0]!.json).partitionkey] })));
    const written = await through(program, [record, { value: "1" }], { userCode: code.open });
    expect(written).toEqual([
      { ...record, value: '["k"]' },
      { key: null, value: "[null]", timestampMs: 1000 },
    ]);
  });
  it("leaves as the text that it answered, also where the record had no value", async () => {
    const code = scripted(() => done('{"data": [1.0]}'));
    const written = await through(program, [{ key: "k", value: null }], { userCode: code.open });
    expect(written).toEqual([{ key: "k", value: "[1.0]", timestampMs: 1000 }]);
  });
});

describe("the options of a sink", () => {
  it("make key, headers and partition of each event", async () => {
    const more = `, key: data.n, headers: {"x": event.id, "h": "2"}, partition: 5`;
    expect(await through("sink out from a", [record], { more })).toEqual([
      { key: "1.0", value: '{"n": 1.0}', headers: { h: "2", x: "in/0/0" }, timestampMs: 7, partition: 5 },
    ]);
  });
  it("take a key as it is where it is text or bytes, and none for null", async () => {
    const key = (value: string) => through("sink out from a", [{ key: "k", value }], { more: ", key: data" });
    expect((await key('"a b"'))[0]?.key).toBe("a b");
    expect((await key("null"))[0]?.key).toBe(null);
    expect((await key('["a",1]'))[0]?.key).toBe('["a",1]');
  });
  it("choose a partition for what nobody touched", async () => {
    expect(await through("sink out from a", [record], { more: ", partition: 3" })).toEqual([
      { ...copied, partition: 3 },
    ]);
  });
  it("make a bad event of one that they fail for", async () => {
    const run = driveLog(`source a { ${log("in")} } sink out from a { ${log("out", ", partition: int(data.p)")} }`);
    await run.push("a", ['{"p":-1}', '{"p":1}', "{}"]);
    const { nodes } = await run.finish();
    expect(run.written("dead_letter").map(({ headers }) => headers?.["flow-reason"])).toEqual([
      "a partition is an int, 0 or more",
      "no such key: p",
    ]);
    expect(nodes[1]).toMatchObject({ eventsIn: 3, eventsOut: 1, errors: 2 });
  });
});

describe("a CloudEvent", () => {
  const structured = '{"specversion":"1.0","id":"1","source":"/s","type":"t","x":"a b","data":{"n":1}}';
  const binary: LogRecord = {
    key: "k",
    value: '{"n":1}',
    headers: {
      ce_specversion: "1.0",
      ce_id: "1",
      ce_source: "/s",
      ce_type: "t",
      ce_x: 'a "b" ä%',
      "content-type": "application/json",
      own: "1",
    },
    timestampMs: 7,
  };
  it("leaves as it came in the mode in which it came", async () => {
    const formats = { source: "format cloudevents", sink: "format cloudevents" };
    expect(await through("sink out from a", [{ key: "k", value: structured }], formats)).toEqual([
      { key: "k", value: structured, timestampMs: 1000, copied: true },
    ]);
    const inBinary = { source: "format cloudevents", sink: "format cloudevents { mode: binary }" };
    expect(await through("sink out from a", [binary], inBinary)).toEqual([{ ...binary, copied: true }]);
  });
  it("goes from one mode to the other with all that it has", async () => {
    const toStructured = { source: "format cloudevents", sink: "format cloudevents" };
    const [event] = await through("sink out from a", [binary], toStructured);
    expect(JSON.parse(event!.value!)).toEqual({
      specversion: "1.0",
      id: "1",
      source: "/s",
      type: "t",
      x: 'a "b" ä%',
      datacontenttype: "application/json",
      partitionkey: "k",
      data: { n: 1 },
    });
    expect(event).toMatchObject({
      key: "k",
      headers: { own: "1", "content-type": "application/cloudevents+json; charset=utf-8" },
    });
    const back = { source: "format cloudevents", sink: "format cloudevents { mode: binary }" };
    const [again] = await through(
      "sink out from a",
      [{ key: "k", value: event!.value, headers: event!.headers! }],
      back,
    );
    expect(again).toMatchObject({
      key: "k",
      value: '{"n":1}',
      headers: { ...binary.headers, own: "1", ce_partitionkey: "k" },
    });
  });
  it("is made of plain data, and plain data of it, without its envelope in the headers", async () => {
    const [made] = await through("sink out from a", [record], { sink: "format cloudevents { mode: binary }" });
    expect(made).toEqual({
      key: "k",
      value: '{"n": 1.0}',
      timestampMs: 7,
      headers: {
        h: "1",
        "content-type": "application/json",
        ce_specversion: "1.0",
        ce_source: "/test/a",
        ce_type: "io.argoproj.dataflow.record",
        ce_id: "in/0/0",
        ce_partitionkey: "k",
        ce_time: "1970-01-01T00:00:00.007Z",
      },
    });
    expect(await through("sink out from a", [binary], { source: "format cloudevents" })).toEqual([
      { key: "k", value: '{"n":1}', timestampMs: 7, headers: { own: "1" } },
    ]);
  });
  it("goes to the next stage with its time, though it came without one: what it has there is the time of the topic between", async () => {
    const event = '{"specversion":"1.0","id":"1","source":"s","type":"t","data":1}';
    const formats = { source: "format cloudevents", sink: "format cloudevents" };
    const [elsewhere] = await through("sink out from a", [{ value: event, timestampMs: 7 }], formats);
    expect(elsewhere?.value).toBe(event);
    const between = { ...formats, sinkOptions: { watermarks: true } };
    const events = (await through("sink out from a", [{ value: event, timestampMs: 7 }], between)).flatMap(
      ({ value }) => (value === null ? [] : [JSON.parse(String(value))]),
    );
    expect(events).toEqual([{ ...JSON.parse(event), time: "1970-01-01T00:00:00.007Z" }]);
  });
  it("has the time that the pipeline has set as its attribute, and its record's timestamp", async () => {
    const formats = { source: "format cloudevents time timestampMillis(60000)", sink: "format cloudevents" };
    const [timed] = await through("sink out from a", [{ value: structured, timestampMs: 7 }], formats);
    expect(JSON.parse(timed!.value!)).toMatchObject({ id: "1", time: "1970-01-01T00:01:00Z" });
    expect(timed).toMatchObject({ timestampMs: 7 });
  });
  it("without data is a record without a value", async () => {
    const formats = { sink: "format cloudevents { mode: binary }" };
    const [made] = await through("sink out from a", [{ key: "k", value: null }], formats);
    expect(made).toMatchObject({ key: "k", value: null, headers: { ce_id: "in/0/0" } });
    const back = await through("sink out from a", [{ key: "k", value: null, headers: made!.headers! }], {
      source: "format cloudevents",
    });
    expect(back).toEqual([{ key: "k", value: null, timestampMs: 1000 }]);
  });
  it("has the partition key that it came with, rather than the key that it was divided by", async () => {
    const value = structured.replace('"x"', '"partitionkey":"own","x"');
    expect(
      await through("step s from a { map data.n } sink out from s", [{ key: "shuffle", value }], {
        source: "format cloudevents",
      }),
    ).toMatchObject([{ key: "own", value: "1" }]);
  });
});

describe("sending", () => {
  it("collects what comes while a round is on its way, and sends it at once after that", async () => {
    const waiting: (() => void)[] = [];
    const onSend = () => new Promise<void>((resolve) => waiting.push(resolve));
    const run = driveLog(`source a { ${log("in")} } sink out from a { ${log("out")} }`, { onSend });
    for (const text of ["1", "2", "3", "4"]) await run.push("a", [text]);
    expect([run.rounds, waiting.length]).toEqual([[], 1]);
    waiting[0]!();
    await run.advanceMs(0);
    waiting[1]!();
    await run.advanceMs(0);
    expect(run.rounds).toEqual([1, 3]);
    await run.finish();
    expect(run.values("out")).toEqual(["1", "2", "3", "4"]);
  });
  it("fills rounds of some hundred KiB", async () => {
    const run = driveLog(`source a { ${log("in")} format text } sink out from a { ${log("out")} format text }`);
    await run.push(
      "a",
      Array.from({ length: 1000 }, () => "x".repeat(1000)),
    );
    await run.finish();
    expect(run.rounds.length).toBe(2);
  });
  it("makes a bad event of a record that the log refuses", async () => {
    const run = driveLog(
      `source a { ${log("in")} format text } step s from a { map data + "!" } sink out from s { ${log("out")} format text } sink bad from out.errors { memory {} }`,
    );
    await run.push("a", ["x".repeat(200_000), "y"]);
    const { nodes } = await run.finish();
    expect(run.values("out")).toEqual(["y!"]);
    expect(run.broker.receivedText("bad").map((text) => JSON.parse(text).reason)).toEqual(["larger than 100000 bytes"]);
    expect(nodes.find(({ node }) => node === "out")).toMatchObject({ eventsIn: 2, eventsOut: 1, errors: 1 });
  });
  it("gives no time to a log that is further ahead than it takes", async () => {
    const given = [9_000_000, 2_400_000].map((timestampMs) => ({ value: "1", timestampMs }));
    expect(await through("step s from a { map 2 } sink out from s", given, { startMs: 1_000_000 })).toMatchObject([
      { timestampMs: 1_000_000 },
      { timestampMs: 2_400_000 },
    ]);
  });
  it("forgets nothing that is put in while the last round is being ended", async () => {
    for (let microtasks = 0; microtasks < 12; microtasks++) {
      let left = 3;
      const taken: unknown[] = [];
      const sink: MessageSink = {
        kind: "messages",
        send: async (batch) => void taken.push(...batch),
        flush: () => {},
        commit: () => {},
        abort: () => {},
      };
      const put = () => {
        if (left-- <= 0) return;
        output.text("x");
        output.push();
      };
      const output = new MessageOutput(sink, "out", { type: "text", options: {} }, undefined, undefined, {
        clock: manualClock(),
        random: () => 0,
        gates: new Gates(),
        current: new Current(),
        progressed: async () => {
          for (let n = 0; n < microtasks; n++) await undefined;
          put();
        },
        failed: () => {},
        refused: () => {},
        signal: new AbortController().signal,
      });
      put();
      await settle();
      expect([microtasks, taken.length]).toEqual([microtasks, 3]);
    }
  });
  it("takes events that come from elsewhere, without a key", async () => {
    const run = driveLog(`source a { memory { events: [1, "x"] } } sink out from a { ${log("out")} }`, { startMs: 9 });
    await run.run.done;
    expect(run.written("out")).toEqual([
      { key: null, value: "1", timestampMs: 9 },
      { key: null, value: '"x"', timestampMs: 9 },
    ]);
  });
  it("ends the run with what the log cannot cure", async () => {
    const onSend = () => Promise.reject(new Error("no such topic"));
    const run = driveLog(`source a { ${log("in")} } sink out from a { ${log("out")} }`, { onSend });
    await run.push("a", ["1"]);
    await expect(run.run.done).rejects.toThrow("no such topic");
    expect(run.source("a").acks).toEqual([]);
  });
});
