/** Chunks: when they close, and what comes out of them. */
import { describe, expect, it } from "vitest";
import { driveFlow, stageOf, through } from "../../test/support/drive-flow.ts";
import type { Drive } from "../engine/drive.ts";
import { echo, scripted } from "../user-code/scripted.fixture.ts";

const chunks = (clauses: string, steps = "", from = "c") =>
  `source a { memory {} } chunk c from a { ${clauses} } ${steps} sink out from ${from} { memory {} }`;
/** Gives the chunks as lists of their `x`. */
const lists = (clauses: string) => chunks(`${clauses} emit list(data.x)`);
const xs = (...values: readonly unknown[]) => values.map((x) => ({ x }));
const pairs = (...values: readonly (readonly [string, unknown])[]) => values.map(([k, x]) => ({ k, x }));

/** What a sink took, by the chunks in which it came; `undefined` for what came outside of any. */
function byChunk(run: Drive, sink = "out"): readonly (readonly [string | undefined, readonly unknown[]])[] {
  const found: [string | undefined, unknown[]][] = [];
  for (const { chunk, bytes } of run.receivedMessages(sink)) {
    const data: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const last = found.at(-1);
    if (last !== undefined && last[0] === chunk) last[1].push(data);
    else found.push([chunk, [data]]);
  }
  return found;
}

async function chunksOf(flow: string, events: readonly unknown[]) {
  const run = driveFlow(flow);
  await run.send("a", ...events);
  await run.finish();
  return byChunk(run);
}

describe("a chunk closes", () => {
  it("with so many events, and at the end of the input with what is left", async () => {
    expect(await through(lists("size 2"), xs(1, 2, 3, 4, 5))).toEqual([[1, 2], [3, 4], [5]]);
  });
  it("before it grows over so many bytes of JSON in UTF-8, and an event that is larger is a chunk of its own", async () => {
    // `{"x":1}` is 7 bytes long, `{"x":"é"}` 10.
    expect(await through(lists("bytes 14"), xs(1, 2, 3))).toEqual([[1, 2], [3]]);
    expect(await through(lists("bytes 16"), xs(1, "é", 2))).toEqual([[1], ["é"], [2]]);
    expect(await through(lists("bytes 17"), xs(1, "é", 2))).toEqual([[1, "é"], [2]]);
    expect(await through(lists("bytes 15"), xs(1, 2, "a long text", 3, 4))).toEqual([[1, 2], ["a long text"], [3, 4]]);
  });
  it("counts the bytes of data that a step has changed, not those of the record", async () => {
    const flow =
      "source a { memory {} } step s from a { map data.x } chunk c from s { bytes 4 emit list(data) } sink out from c { memory {} }";
    expect(await through(flow, xs(1, 2, 3, 4, 5))).toEqual([[1, 2, 3, 4], [5]]);
  });
  it("with the event for which `end when` is true, which is in it", async () => {
    expect(await through(lists("end when data.x > 9"), xs(1, 10, 2, 3, 11, 4))).toEqual([[1, 10], [2, 3, 11], [4]]);
  });
  it("before the event for which `start when` is true, which begins the next; what came before the first is one too", async () => {
    expect(await through(lists("start when data.x == 0"), xs(7, 8, 0, 1, 0, 0, 2))).toEqual([
      [7, 8],
      [0, 1],
      [0],
      [0, 2],
    ]);
  });
  it("by whichever of its rules comes first", async () => {
    const rules = "size 3 start when data.x == 0 end when data.x == 9";
    expect(await through(lists(rules), xs(1, 2, 3, 4, 9, 5, 0, 9, 0, 1))).toEqual([
      [1, 2, 3],
      [4, 9],
      [5],
      [0, 9],
      [0, 1],
    ]);
  });
  it("so long after its first event, also while nothing comes", async () => {
    const run = driveFlow(lists("every 5s"));
    await run.send("a", ...xs(1));
    await run.advanceMs(4_000);
    await run.send("a", ...xs(2));
    expect(run.received("out")).toEqual([]);
    await run.advanceMs(1_000);
    expect(run.received("out")).toEqual([[1, 2]]);
    await run.advanceMs(60_000);
    await run.send("a", ...xs(3));
    await run.advanceMs(5_000);
    expect(run.received("out")).toEqual([[1, 2], [3]]);
    await run.finish();
  });
  it("so long after its own first event where there are several keys", async () => {
    const run = driveFlow(chunks("key data.k every 5s emit { k: key, n: count() }"));
    await run.send("a", { k: "a" });
    await run.advanceMs(2_000);
    await run.send("a", { k: "b" }, { k: "a" });
    await run.advanceMs(3_000);
    expect(run.received("out")).toEqual([{ k: "a", n: 2 }]);
    await run.advanceMs(2_000);
    expect(run.received("out")).toEqual([
      { k: "a", n: 2 },
      { k: "b", n: 1 },
    ]);
    await run.finish();
  });
});

it("chunks that are left at the end wait for a slow sink, and all come in the order in which they began", async () => {
  const run = driveFlow(chunks("key data.k end when false"), {
    sinks: { out: () => new Promise((resolve) => setImmediate(() => resolve(undefined))) },
  });
  const events = Array.from({ length: 4_000 }, (_, x) => ({ k: `${x % 2_000}`, x, text: "x".repeat(1_000) }));
  await run.send("a", ...events);
  await run.finish();
  const expected = Array.from({ length: 2_000 }, (_, k) => [k, k + 2_000]);
  expect(byChunk(run).map(([, taken]) => taken.map((one) => (one as { x: number }).x))).toEqual(expected);
});

it("a run that is stopped gives what its chunks hold", async () => {
  const run = driveFlow(lists("size 5"));
  await run.send("a", ...xs(1, 2));
  run.run.stop();
  await run.run.done;
  expect(run.received("out")).toEqual([[1, 2]]);
});

describe("a chunk with a key", () => {
  it("holds events of that key alone, while those of others are open", async () => {
    const events = pairs(["a", 1], ["b", 1], ["a", 2], ["b", 2], ["b", 3]);
    expect(await chunksOf(chunks("key data.k size 2"), events)).toEqual([
      ['c/"a"/pushed/0', pairs(["a", 1], ["a", 2])],
      ['c/"b"/pushed/1', pairs(["b", 1], ["b", 2])],
      ['c/"b"/pushed/4', pairs(["b", 3])],
    ]);
  });
  it("takes several keys as their list, and keys of any type", async () => {
    const flow = chunks("key data.k, data.x size 1 emit { key: key, id: chunk.id }");
    expect(await through(flow, pairs(["a", { y: [1] }]))).toEqual([
      { key: ["a", { y: [1] }], id: 'c/["a",{"y":[1]}]/pushed/0' },
    ]);
  });
  it("leaves out an event whose key, `start when` or `end when` fails, and keeps it as a bad event", async () => {
    for (const clauses of ["size 2 key data.x", "size 2 start when data.x == 0", "size 2 end when data.x == 0"]) {
      const run = driveFlow(chunks(clauses));
      await run.send("a", ...xs(1), { y: 1 }, ...xs(1));
      await run.finish();
      expect(byChunk(run).map(([, events]) => events)).toEqual([xs(1, 1)]);
      expect(run.deadLetters()).toMatchObject([{ node: "c", text: '{"y":1}', position: "pushed/1" }]);
    }
  });
  it("leaves out an event of which an aggregate of `emit` fails", async () => {
    const run = driveFlow(chunks("size 2 emit { n: count(), sum: sum(data.x) }"));
    await run.send("a", ...xs("no", 1, "no", 2, "no", 3));
    await run.finish();
    expect(run.received("out")).toEqual([
      { n: 2, sum: 3 },
      { n: 1, sum: 3 },
    ]);
    expect(run.deadLetters()).toHaveLength(3);
  });
});

describe("events of a chunk", () => {
  it("go on as they came: their text, their time and their attributes", async () => {
    const text = '{ "x": 1.0,  "y":  12345678901234567890 }';
    const flow = `source a: any { memory {} time timestamp("2024-01-01T00:00:00Z") } chunk c from a { size 2 } sink out from c { memory {} }`;
    const run = driveFlow(flow);
    await run.sendMessage("a", {
      bytes: new TextEncoder().encode(text),
      position: "p1",
      attributes: { id: "mine", source: "/s", type: "t", specversion: "1.0" },
    });
    await run.sendMessage("a", { bytes: new TextEncoder().encode("{}"), position: "p2" });
    await run.finish();
    expect(run.receivedText("out")).toEqual([text, "{}"]);
    const attributes = run.receivedMessages("out").map((message) => message.attributes);
    expect(attributes).toMatchObject([
      { id: "mine", source: "/s", type: "t", time: "2024-01-01T00:00:00Z" },
      { id: "p2", time: "2024-01-01T00:00:00Z" },
    ]);
    expect(run.receivedMessages("out").map(({ id, chunk }) => [id, chunk])).toEqual([
      ["mine", "c///s/mine"],
      ["p2", "c///s/mine"],
    ]);
  });
  it("have ids of their own where one record gave several", async () => {
    const flow =
      "source a { memory {} } step s from a { expand data } chunk c from s { size 2 } sink out from c { memory {} }";
    const run = driveFlow(flow);
    await run.send("a", [1, 2, 3]);
    await run.finish();
    expect(run.receivedMessages("out").map(({ id, chunk }) => [id, chunk])).toEqual([
      ["pushed/0/0", "c//pushed/0/0"],
      ["pushed/0/1", "c//pushed/0/0"],
      ["pushed/0/2", "c//pushed/0/2"],
    ]);
  });
  it("know their chunk in the steps behind it", async () => {
    const flow = chunks("size 2", "step s from c { map { x: data.x, id: chunk.id, n: chunk.count } }", "s");
    expect(await through(flow, xs(1, 2, 3))).toEqual([
      { x: 1, id: "c//pushed/0", n: 2 },
      { x: 2, id: "c//pushed/0", n: 2 },
      { x: 3, id: "c//pushed/2", n: 1 },
    ]);
  });
  it("that fail behind it are bad events with the text that they came with", async () => {
    const run = driveFlow(chunks("size 2", "step s from c { map 1 / data.x }", "s"));
    await run.send("a", '{ "x": 0 }', ...xs(1));
    await run.finish();
    expect(run.received("out")).toEqual([1]);
    expect(run.deadLetters()).toMatchObject([{ node: "s", text: '{ "x": 0 }', position: "pushed/0" }]);
  });
  it("may be made into further chunks", async () => {
    const flow =
      "source a { memory {} } chunk c from a { size 3 } chunk d from c { size 2 } sink out from d { memory {} }";
    expect(await chunksOf(flow, xs(1, 2, 3, 4))).toEqual([
      ["d//pushed/0", xs(1, 2)],
      ["d//pushed/2", xs(3, 4)],
    ]);
  });
  it("that come to a sink beside chunks go as they do without", async () => {
    const flow = "source a { memory {} } chunk c from a { size 2 } sink out from c, a { memory {} }";
    expect(await chunksOf(flow, xs(1, 2, 3))).toEqual([
      [undefined, xs(1)],
      ["c//pushed/0", xs(1, 2)],
      [undefined, xs(2, 3)],
      ["c//pushed/2", xs(3)],
    ]);
  });
});

describe("a chunk with emit", () => {
  it("gives one event of the time of its latest, with the chunk's id", async () => {
    const flow = `source a: { x: int, at: timestamp } { memory {} time data.at } chunk c from a { size 2 key data.x emit { k: key, n: chunk.count, id: chunk.id } } sink out from c { memory {} }`;
    const run = driveFlow(flow);
    await run.send("a", { x: 1, at: "2024-01-01T00:00:05Z" }, { x: 1, at: "2024-01-01T00:00:02Z" });
    await run.finish();
    expect(run.received("out")).toEqual([{ k: 1, n: 2, id: "c/1/pushed/0" }]);
    expect(run.receivedMessages("out")).toMatchObject([
      { id: "c/1/pushed/0", attributes: { id: "c/1/pushed/0", time: "2024-01-01T00:00:05Z", source: "/test/c" } },
    ]);
    expect(run.receivedMessages("out")[0]).not.toHaveProperty("chunk");
  });
  it("keeps a result that cannot be made with its id and key", async () => {
    const run = driveFlow(chunks("key data.k size 1 emit 1 / sum(data.x)"));
    await run.send("a", ...pairs(["a", 0]));
    await run.finish();
    expect(run.deadLetters()).toMatchObject([{ node: "c", position: 'c/"a"/pushed/0', text: '"a"' }]);
  });
});

describe("a chunk of panes", () => {
  const windows = (chunk: string, window = "fixed 10s") =>
    `source a: { k: string, at: timestamp } { memory {} time data.at }
     window w from a { key data.k ${window} emit { k: key, n: count() } }
     chunk c from w { window ${chunk} } sink out from c { memory {} }`;
  const at = (k: string, second: number) => ({ k, at: new Date(second * 1000).toISOString() });

  it("is all results of a window's firing, whatever their keys", async () => {
    const run = driveFlow(windows(""));
    await run.send("a", at("a", 1), at("b", 2), at("a", 3), at("a", 11), at("c", 12));
    expect(byChunk(run)).toEqual([
      [
        'c//w/"a"/0/0',
        [
          { k: "a", n: 2 },
          { k: "b", n: 1 },
        ],
      ],
    ]);
    await run.finish();
    expect(byChunk(run)[1]).toEqual([
      'c//w/"a"/10000/0',
      [
        { k: "a", n: 1 },
        { k: "c", n: 1 },
      ],
    ]);
  });
  it("knows its window in emit", async () => {
    const flow = windows("emit { start: window.start, rows: list(data) }");
    expect(await through(flow, [at("a", 1), at("b", 2), at("a", 11)])).toEqual([
      {
        start: "1970-01-01T00:00:00Z",
        rows: [
          { k: "a", n: 1 },
          { k: "b", n: 1 },
        ],
      },
      { start: "1970-01-01T00:00:10Z", rows: [{ k: "a", n: 1 }] },
    ]);
  });
  it("is one for each of several windows that fire together", async () => {
    const run = driveFlow(windows(""));
    await run.send("a", at("a", 1), at("b", 2));
    await run.finish();
    const run2 = driveFlow(windows("emit count()"));
    await run2.send("a", at("a", 1), at("b", 11), at("c", 12), at("a", 1000));
    await run2.finish();
    expect(byChunk(run)).toHaveLength(1);
    expect(run2.received("out")).toEqual([1, 2, 1]);
  });
  it("is one for each early pane, closed when its firing is over", async () => {
    const run = driveFlow(windows("emit list(data)", "global early after 2 panes discard"));
    await run.send("a", at("a", 1), at("b", 2), at("a", 3));
    expect(run.received("out")).toEqual([[{ k: "a", n: 2 }]]);
    await run.send("a", at("b", 4));
    expect(run.received("out")).toEqual([[{ k: "a", n: 2 }], [{ k: "b", n: 2 }]]);
    await run.finish();
  });
  it("is one for each firing by processing time, also where the clock jumps over several", async () => {
    const flow = windows("emit list(data.k)", "global early every 10s panes discard");
    for (const steps of [[20_000], [10_000, 2_000, 8_000]]) {
      const run = driveFlow(flow);
      await run.send("a", at("a", 1), at("b", 1));
      await run.advanceMs(2_000);
      await run.send("a", at("c", 1));
      for (const ms of steps) await run.advanceMs(ms);
      expect(run.received("out")).toEqual([["a", "b"], ["c"]]);
      await run.finish();
    }
  });
  it("is the same where the results pass through user code on their way", async () => {
    const program = windows("emit { start: window.start, k: list(data.k) }").replace(
      "chunk c from w",
      'step p from w { process { command: ["x"], io: stdio } } chunk c from p',
    );
    const run = driveFlow(program, { userCode: scripted(echo).open });
    await run.send("a", at("a", 1), at("b", 2), at("a", 11), at("b", 12), at("a", 21));
    await run.finish();
    expect(run.received("out")).toEqual([
      { start: "1970-01-01T00:00:00Z", k: ["a", "b"] },
      { start: "1970-01-01T00:00:10Z", k: ["a", "b"] },
      { start: "1970-01-01T00:00:20Z", k: ["a"] },
    ]);
  });
  it("with a key is one for each of its keys in a firing", async () => {
    const run = driveFlow(windows("key data.n emit { n: key, k: list(data.k) }"));
    await run.send("a", at("a", 1), at("b", 2), at("a", 3), at("c", 4), at("z", 20));
    expect(run.received("out")).toEqual([
      { n: 2, k: ["a"] },
      { n: 1, k: ["b", "c"] },
    ]);
    await run.finish();
  });
});

describe("the watermark behind a chunk", () => {
  it("waits for the earliest event that is held, so that nothing is late only because of that", async () => {
    const flow = `source a: { at: timestamp } { memory {} time data.at } chunk c from a { size 3 }
      window w from c { fixed 10s emit { start: window.start, n: count() } } sink out from w { memory {} } sink late from w.late { memory {} }`;
    const at = (second: number) => ({ at: new Date(second * 1000).toISOString() });
    const run = driveFlow(flow);
    await run.send("a", at(1), at(25), at(35), at(36), at(58));
    expect(run.received("out")).toEqual([
      { start: "1970-01-01T00:00:00Z", n: 1 },
      { start: "1970-01-01T00:00:20Z", n: 1 },
    ]);
    await run.finish();
    expect(run.received("late")).toEqual([]);
    expect(run.received("out").slice(2)).toEqual([
      { start: "1970-01-01T00:00:30Z", n: 2 },
      { start: "1970-01-01T00:00:50Z", n: 1 },
    ]);
  });
});

describe("acknowledgement", () => {
  it("comes once the sink has the event's chunk, and not before", async () => {
    const run = driveFlow(chunks("key data.k size 2"));
    await run.send("a", ...pairs(["a", 1]));
    await run.send("a", ...pairs(["b", 1]));
    await run.send("a", ...pairs(["b", 2]));
    expect(run.acked("a")).toEqual([]);
    await run.send("a", ...pairs(["a", 2]));
    expect(run.acked("a")).toEqual([0, 1, 2, 3]);
    await run.send("a", ...pairs(["c", 1]));
    expect(run.acked("a")).toEqual([0, 1, 2, 3]);
    await run.finish();
    expect(run.acked("a")).toEqual([0, 1, 2, 3, 4]);
  });
});

it("open chunks that hold too much end the run with words about what to do", async () => {
  const flow = `type T { text: string, n: [int] }
    source a: T { memory {} } step s from a { map data.n.map(n, data.text) expand data }
    chunk c from s { key "k" end when false } sink out from c { memory {} }`;
  const run = driveFlow(flow);
  const event = { text: "x".repeat(1024 * 1024), n: Array.from({ length: 200 }, (_, n) => n) };
  await run.send("a", event);
  await run.send("a", event);
  await expect(run.finish()).rejects.toThrow(
    /The open chunks of 'c' hold more than 256 MiB in one chunk \(256 events.*"k"\)\. Give it 'size', 'bytes' or 'every'/,
  );
});

it("a chunk alone makes a stage that has a timeline", () => {
  expect(stageOf(chunks("size 2")).nodes.map(({ kind }) => kind)).toEqual(["source", "chunk", "sink"]);
});
