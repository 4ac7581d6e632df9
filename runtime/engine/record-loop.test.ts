/** Holds that records of a log go through a stage as all events do: their text, key, headers and time, where the source stands, and what becomes of bad ones. */
import { describe, expect, it } from "vitest";
import { type DriveLogOptions, driveLog, type LogRecord } from "../../test/support/drive-log.ts";
import { MemoryStore } from "../state/memory-store.ts";

const log = (topic: string) => `kafka { brokers: ["k:1"], topic: "${topic}" }`;

async function values(steps: string, records: readonly (LogRecord | string)[], options?: DriveLogOptions) {
  const run = driveLog(`source a { ${log("in")} } ${steps} { ${log("out")} }`, options);
  await run.push("a", records);
  await run.finish();
  return run.values("out");
}

describe("a record of a log", () => {
  it("has its position as id, its key as partition key and its timestamp as time", async () => {
    const steps =
      "step s from a { map [event.id, event.source, string(event.time), event.?partitionkey.orValue('-')] } sink out from s";
    expect(
      await values(steps, [
        { key: "k", value: "1", timestampMs: 1_000 },
        { value: "2", timestampMs: 2_500 },
      ]),
    ).toEqual(['["in/0/0","/test/a","1970-01-01T00:00:01Z","k"]', '["in/0/1","/test/a","1970-01-01T00:00:02.5Z","-"]']);
  });
  it("is data whatever its text holds", async () => {
    const texts = ['"ä€😀"', '"\ufffd"', '"\\u0000"', "12345678901234567890", ' {"a":\n1} '];
    expect(await values("step s from a { filter true } sink out from s", texts)).toEqual(texts);
    expect(await values("step s from a { map [data] } sink out from s", texts)).toEqual([
      '["ä€😀"]',
      '["\ufffd"]',
      '["\\u0000"]',
      "[12345678901234567890]",
      '[{"a":1}]',
    ]);
  });
  it("is null where it has no value, and a bad event where its type does not allow that", async () => {
    expect(await values("step s from a { map data == null } sink out from s", ["1", { value: null }])).toEqual([
      "false",
      "true",
    ]);
    const run = driveLog(`type T { n: int } source a: T { ${log("in")} } sink out from a { ${log("out")} }`);
    await run.push("a", [{ key: "k", value: null }]);
    await run.finish();
    expect(run.written("dead_letter")).toMatchObject([
      { key: "k", value: null, headers: { "flow-position": "in/0/0" } },
    ]);
  });
  it("is passed over where it has no value and the source wants none", async () => {
    const sourceOptions = { tombstones: "skip" };
    expect(await values("sink out from a", ["1", { value: null }, "2"], { sourceOptions })).toEqual(["1", "2"]);
  });
  it("goes to the dead letter with key, headers and its very bytes where it is no text", async () => {
    const run = driveLog(`source a { ${log("in")} } sink out from a { ${log("out")} }`);
    await run.push("a", [
      { key: "k", value: Uint8Array.of(0x22, 0xff, 0x22), headers: { h: "1" }, timestampMs: 7 },
      "",
      "{",
    ]);
    const { badEvents } = await run.finish();
    expect(badEvents).toBe(3);
    expect(run.written("dead_letter")[0]).toEqual({
      key: "k",
      value: "22ff22",
      timestampMs: 7,
      headers: {
        h: "1",
        "flow-node": "a",
        "flow-at": "test.flow:1:8",
        "flow-reason": "not valid UTF-8",
        "flow-position": "in/0/0",
        "flow-time": "1970-01-01T00:00:00.000Z",
      },
    });
  });
  it("is bytes of any kind where its format says so, also in a bad event", async () => {
    const run = driveLog(`source a { ${log("in")} format bytes } step s from a { filter 3 / (size(data) - 2) != 0 }
      sink out from s { ${log("out")} format bytes } sink bad from s.errors { memory {} }`);
    await run.push("a", [
      { value: Uint8Array.of(0xff) },
      { value: Uint8Array.of(0xfe, 0xfd) },
      { value: Uint8Array.of() },
    ]);
    await run.finish();
    expect(run.values("out")).toEqual(["ff", ""]);
    expect(run.broker.receivedText("bad").map((text) => JSON.parse(text))).toMatchObject([
      { position: "in/0/1", base64: "/v0=" },
    ]);
  });
});

describe("a source that is a log", () => {
  it("says after each turn how far it is, and acknowledges what the sinks have taken", async () => {
    let release = () => {};
    const onSend = () => new Promise<void>((resolve) => (release = resolve));
    const run = driveLog(`source a { ${log("in")} } sink out from a { ${log("out")} }`, { onSend });
    await run.push("a", ["1", "2"]);
    const { passes, acks } = run.source("a");
    expect([passes, acks]).toEqual([["in/0/2"], []]);
    release();
    await run.push("a", ["3"]);
    expect(acks).toEqual(["in/0/2"]);
    release();
    await run.finish();
    expect(acks).toEqual(["in/0/2", "in/0/3"]);
  });
  it("stops in the middle of a block while a sink is full, and stands there", async () => {
    let release = () => {};
    const onSend = () => new Promise<void>((resolve) => (release = resolve));
    const run = driveLog(`source a { ${log("in")} format text } sink out from a { ${log("out")} format text }`, {
      onSend,
    });
    await run.push(
      "a",
      Array.from({ length: 100 }, () => "x".repeat(50_000)),
    );
    const { passes } = run.source("a");
    const [, , first] = passes[0]!.split("/");
    expect(Number(first)).toBeGreaterThan(10);
    expect(Number(first)).toBeLessThan(60);
    const ended = run.finish();
    while (run.values("out").length < 100) {
      release();
      await run.advanceMs(0);
    }
    await ended;
    expect(run.source("a").acks).toEqual(["in/0/100"]);
  });
  it("counts its records and the bytes of their values", async () => {
    const run = driveLog(`source a { ${log("in")} } sink out from a { ${log("out")} }`);
    await run.push("a", ['"1"', '"22"']);
    expect((await run.finish()).nodes[0]).toMatchObject({ eventsIn: 2, eventsOut: 2, bytes: 7 });
  });
  it("reads no more once it was stopped, and what came before is through", async () => {
    const run = driveLog(`source a { ${log("in")} } sink out from a { ${log("out")} }`);
    await run.push("a", ["1"]);
    run.run.stop();
    await run.run.done;
    expect([run.values("out"), run.source("a").acks]).toEqual([["1"], ["in/0/1"]]);
  });
  it("leaves unacknowledged what a throttle held back when it was stopped, a block that nothing was taken of too", async () => {
    const flow = `source a { ${log("in")} } source b { ${log("other")} }
      step s from a, b { throttle 1/h } sink out from s { ${log("out")} }`;
    const run = driveLog(flow);
    await run.push("b", ["1"]);
    // It came while the source was waited for, and has to wait for the throttle.
    await run.push("a", ["2", "3"]);
    run.run.stop();
    await run.run.done;
    expect([run.values("out"), run.source("b").acks, run.source("a").acks]).toEqual([["1"], ["other/0/1"], []]);
  });
  it("goes on where the last checkpoint left each of its partitions", async () => {
    const store = new MemoryStore();
    const state = { store, id: "s", everyMs: 1_000_000 };
    const flow = `source a { ${log("in")} } step s from a { dedupe data.id within 1h } sink out from s { ${log("out")} }`;
    const first = driveLog(flow, { state, partitions: 2 });
    await first.push("a", ['{"id":1}', '{"id":2}'], 0);
    await first.push("a", ['{"id":3}'], 1);
    expect(await first.run.checkpoint()).toBe(true);
    expect(first.source("a").acks).toEqual(["in/0/2", "in/1/1"]);
    first.run.stop();
    await first.run.done;
    const second = driveLog(flow, { state, partitions: 2 });
    await second.push("a", ['{"id":3}', '{"id":4}'], 0);
    expect(second.source("a").kept).toMatchObject({ offsets: { "in/0": 2, "in/1": 1 } });
    await second.finish();
    expect([first.values("out"), second.values("out")]).toEqual([['{"id":1}', '{"id":2}', '{"id":3}'], ['{"id":4}']]);
  });
});
