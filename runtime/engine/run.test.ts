import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { driveFlow, stageOf, through } from "../../test/support/drive-flow.ts";
import { builtInConnectors } from "../connectors/index.ts";
import { memoryBroker } from "../connectors/memory.ts";
import { settle } from "./clock.ts";
import type { Connector, OutputMessage } from "./connector.ts";
import { runPipeline } from "./run.ts";
import { RuntimeError } from "./runtime-error.ts";

describe("routing", () => {
  const flow = `source a { memory {} }
    step big from a where data.n > 10 { map { big: data.n } } step odd from a where data.n % 2 == 1 { map { odd: data.n } } step rest from a otherwise { map { rest: data.n } }
    sink out from big, odd, rest { memory {} }`;
  it("gives an event to every `where` that is true, and to `otherwise` when none is", async () => {
    expect(await through(flow, [{ n: 1 }, { n: 2 }, { n: 11 }, { n: 12 }])).toEqual([
      { odd: 1 },
      { rest: 2 },
      { big: 11 },
      { odd: 11 },
      { big: 12 },
    ]);
  });
  it("keeps an event whose test fails once, and not in `otherwise`", async () => {
    const run = driveFlow(
      flow.replace("step odd from a where data.n % 2 == 1 { map { odd: data.n } }", "").replace(", odd,", ","),
    );
    await run.send("a", {}, { n: 1 });
    await run.finish();
    expect(run.received("out")).toEqual([{ rest: 1 }]);
    expect(run.deadLetters()).toMatchObject([{ node: "big", operator: "where", text: "{}" }]);
  });
  it("merges inputs, and keeps the order of each source", async () => {
    const run = driveFlow(
      "source a { memory {} } source b { memory {} } step s from a, b { filter true } sink out from s { memory {} }",
    );
    for (let n = 0; n < 20; n++) {
      await run.send("a", { a: n });
      await run.send("b", { b: n });
    }
    await run.finish();
    const all = run.received("out") as { a?: number; b?: number }[];
    expect(all.flatMap(({ a }) => a ?? [])).toEqual([...Array(20).keys()]);
    expect(all.flatMap(({ b }) => b ?? [])).toEqual([...Array(20).keys()]);
  });
});

describe("fan-out", () => {
  it("gives every reader the event as it was, whatever the others do to theirs", async () => {
    const operators = [
      "set data.x = 1",
      "set data.user.n = 2",
      "remove data.user",
      "set data.user.tags = data.user",
      "map data.user",
      "set data.user.n = 3 set data.user.n = data.user.n + 1",
      "filter true",
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...operators), { minLength: 2, maxLength: 4 }), async (chosen) => {
        const alone = [];
        for (const operator of chosen)
          alone.push(
            await through(`source a { memory {} } step s from a { ${operator} } sink out from s { memory {} }`, [
              event,
            ]),
          );
        const together = driveFlow(`source a { memory {} } step before from a { set data.seen = true remove data.seen }
          ${chosen.map((operator, i) => `step s${i} from before { ${operator} } sink out${i} from s${i} { memory {} }`).join("\n")}`);
        await together.send("a", event);
        await together.finish();
        expect(chosen.map((_, i) => together.received(`out${i}`))).toEqual(alone);
      }),
      { numRuns: 25 },
    );
  });
  const event = { user: { n: 1, tags: ["a"] }, x: 0 };
});

describe("bad events", () => {
  it("go to the dead letter with node, reason, position and the record, and the rest goes on", async () => {
    const run = driveFlow(
      "type T { n: int, s?: string, l: [{ x: double }] } source a: T { memory {} } step s from a { map 10 / data.n } sink out from s { memory {} }",
    );
    await run.send(
      "a",
      "nonsense",
      { n: "x", l: [] },
      { n: 1, l: [{ x: 1 }, { x: "y" }] },
      { n: 0, l: [] },
      { n: 5, l: [], s: null },
      { l: [] },
    );
    const summary = await run.finish();
    expect(run.received("out")).toEqual([2]);
    expect(run.deadLetters()).toMatchObject([
      { node: "a", position: "pushed/0", text: "nonsense" },
      { node: "a", reason: 'data.n: needs an int, got the string "x"', position: "pushed/1" },
      { node: "a", reason: 'data.l[1].x: needs a double, got the string "y"' },
      { node: "s", text: '{"n":0,"l":[]}' },
      { node: "a", reason: "data.n: missing" },
    ]);
    expect(summary).toMatchObject({ badEvents: 5, deadLetters: 5 });
    expect(summary.reasons.map(({ node, count }) => [node, count])).toEqual([
      ["a", 1],
      ["a", 1],
      ["a", 1],
      ["s", 1],
      ["a", 1],
    ]);
  });
  it("keep bytes that are no text as base64", async () => {
    const run = driveFlow("source a { memory {} } sink out from a { memory {} }");
    await run.sendMessage("a", { bytes: Uint8Array.of(0x22, 0xff, 0x22), position: "p" });
    await run.finish();
    expect(run.deadLetters()).toMatchObject([{ node: "a", reason: "not valid UTF-8", position: "p", base64: "Iv8i" }]);
  });
  it("go to the readers of a node's errors where there are any", async () => {
    const run = driveFlow(`source a { memory {} } step s from a { map 10 / data.n } sink out from s { memory {} }
      step mended from s.errors { filter data.reason != "" map { was: parseJson(data.text), at: data.position, op: data.operator } } sink bad from mended { memory {} }`);
    await run.send("a", { n: 0 }, { n: 5 }, "nonsense");
    await run.finish();
    expect(run.received("bad")).toEqual([{ was: { n: 0 }, at: "pushed/0", op: "map" }]);
    expect(run.received("out")).toEqual([2]);
    expect(run.deadLetters()).toMatchObject([{ node: "a", text: "nonsense" }]);
  });
  it("in one branch do not touch its siblings", async () => {
    const run = driveFlow(
      "source a { memory {} } step bad from a { map 1 / data.n } step good from a { map data.n } sink one from bad { memory {} } sink two from good { memory {} }",
    );
    await run.send("a", { n: 0 });
    await run.finish();
    expect([run.received("one"), run.received("two"), run.deadLetters().length]).toEqual([[], [0], 1]);
  });
  it("stop the run at the first under `errors fail`, before anything is acknowledged", async () => {
    const run = driveFlow(
      "pipeline p { errors fail } source a { memory {} } step s from a { map 1 / data.n } sink out from s { memory {} }",
    );
    await run.send("a", { n: 0 });
    await expect(run.finish()).rejects.toMatchObject({
      code: "bad-event",
      message: expect.stringContaining("pushed/0"),
    });
    expect(run.acked("a")).toEqual([]);
  });
  it("end the run where there is no place to keep them", async () => {
    const run = driveFlow("source a { memory {} } sink out from a { memory {} }", { noDeadLetter: true });
    await run.send("a", "nonsense");
    await expect(run.finish()).rejects.toMatchObject({ code: "dead-letter-unavailable" });
  });
  it("end the run when the dead letter cannot be written", async () => {
    const run = driveFlow("source a { memory {} } sink out from a { memory {} }", {
      sinks: { dead_letter: () => Promise.reject(new RuntimeError("sink-unavailable", "full")) },
    });
    await run.send("a", "nonsense");
    await expect(run.finish()).rejects.toMatchObject({ message: "full" });
    expect(run.acked("a")).toEqual([]);
  });
  it("survive nesting without end", async () => {
    const run = driveFlow("source a { memory {} } step s from a { set data.x = 1 } sink out from s { memory {} }");
    await run.send("a", `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`, { n: 1 });
    await run.finish();
    expect(run.received("out")).toEqual([{ n: 1, x: 1 }]);
    expect(run.deadLetters().length).toBe(1);
  });
});

const oneToOne = "source a { memory {} } sink b from a { memory {} }";

describe("acknowledgement", () => {
  it("acks an input only after every sink has taken it", async () => {
    let release = () => {};
    const run = driveFlow("source a { memory {} } sink b from a { memory {} } sink c from a { memory {} }", {
      sinks: {
        c: () =>
          new Promise((resolve) => {
            release = () => resolve(undefined);
          }),
      },
    });
    await run.send("a", { id: 1 });
    expect([run.received("b"), run.acked("a")]).toEqual([[{ id: 1 }], []]);
    release();
    await settle();
    expect([run.received("c"), run.acked("a")]).toEqual([[{ id: 1 }], [0]]);
    await run.finish();
  });
  it("tries again what may pass, later and later, and acks then", async () => {
    let failures = 3;
    const tries: number[] = [];
    const run = driveFlow(oneToOne.replace("memory {} }", "memory {} }"), {
      sinks: {
        b: () => {
          tries.push(run.clock.nowMs());
          if (failures-- > 0) throw new RuntimeError("sink-unavailable", "not now", { retryable: true });
          return undefined;
        },
      },
    });
    await run.send("a", { id: 1 });
    expect(run.acked("a")).toEqual([]);
    await run.advanceMs(1_000);
    expect([run.received("b"), run.acked("a"), tries]).toEqual([[{ id: 1 }], [0], [0, 75, 225, 525]]);
    await run.finish();
  });
  it("fails the run before the ack when tries run out", async () => {
    const run = driveFlow("source a { memory {} } sink b from a { memory {} retry 2 backoff 10ms..20ms else fail }", {
      sinks: {
        b: () => {
          throw new RuntimeError("sink-unavailable", "down", { retryable: true });
        },
      },
    });
    await run.send("a", { id: 1 });
    await run.advanceMs(1_000);
    await expect(run.finish()).rejects.toMatchObject({
      code: "sink-unavailable",
      message: "Sink 'b' did not take its events in 3 tries: down",
    });
    expect(run.acked("a")).toEqual([]);
  });
  it("keeps in the dead letter, or drops and counts, when tries run out and the sink says so", async () => {
    const down = {
      b: () => {
        throw new RuntimeError("sink-unavailable", "down", { retryable: true });
      },
    };
    const kept = driveFlow(
      "source a { memory {} } sink b from a { memory {} retry 1 backoff 10ms..20ms else dead_letter }",
      { sinks: down },
    );
    await kept.send("a", { id: 1 });
    await kept.advanceMs(1_000);
    await kept.finish();
    expect([kept.deadLetters(), kept.acked("a")]).toMatchObject([
      [{ node: "b", reason: "not taken in 2 tries: down", text: '{"id":1}' }],
      [0],
    ]);
    const dropped = driveFlow(
      "source a { memory {} } sink b from a { memory {} retry 1 backoff 10ms..20ms else drop }",
      { sinks: down },
    );
    await dropped.send("a", { id: 1 });
    await dropped.advanceMs(1_000);
    const summary = await dropped.finish();
    expect(summary.nodes[1]).toMatchObject({ node: "b", dropped: 1 });
  });
  it("counts tries for each message where the sink says which failed: one that never passes takes no other with it", async () => {
    const taken = new Set<unknown>();
    const failures = new Map<string, number>();
    const run = driveFlow(
      "source a { memory {} } sink b from a { memory {} retry 2 backoff 10ms..20ms else dead_letter }",
      {
        sinks: {
          b: (batch: readonly OutputMessage[]) => {
            // One after the other, the first failure ends the try: "slow" passes at its third, "poison" never.
            for (const message of batch) {
              const text = Buffer.from(message.bytes).toString();
              if (taken.has(message)) continue;
              const tries = (failures.get(text) ?? 0) + 1;
              if (text.includes("poison") || (text.includes("slow") && tries < 3)) {
                failures.set(text, tries);
                throw new RuntimeError("sink-unavailable", "500", { retryable: true, failing: new Set([message]) });
              }
              taken.add(message);
            }
            return undefined;
          },
        },
      },
    );
    await run.send("a", "[1]", '"slow 1"', '"poison"', '"slow 2"', "[2]");
    await run.advanceMs(1_000);
    const summary = await run.finish();
    expect(run.deadLetters()).toMatchObject([{ node: "b", reason: "not taken in 3 tries: 500", text: '"poison"' }]);
    expect(run.received("b")).toEqual([[1], "slow 1", "slow 2", [2]]);
    expect(run.acked("a")).toEqual([0, 1, 2, 3, 4]);
    expect(summary.nodes[1]).toMatchObject({ eventsIn: 5, eventsOut: 4, errors: 1 });
  });
  it("keeps what a sink refuses, and acks it", async () => {
    const run = driveFlow(oneToOne, {
      sinks: {
        b: (batch: readonly OutputMessage[]) =>
          batch.flatMap((message, index) =>
            Buffer.from(message.bytes).includes("bad") ? [{ index, reason: "400" }] : [],
          ),
      },
    });
    await run.send("a", { v: "bad" }, { v: "good" });
    await run.finish();
    expect([run.received("b"), run.acked("a")]).toEqual([[{ v: "good" }], [0, 1]]);
    expect(run.deadLetters()).toMatchObject([{ node: "b", reason: "400", position: "pushed/0", text: '{"v":"bad"}' }]);
  });
  it("does not wait for a window in memory: with no end of the input its senders would wait for ever", async () => {
    const run = driveFlow(
      "source a { memory {} } window w from a { global emit { n: count() } } sink b from w { memory {} }",
    );
    await run.send("a", 1, 2);
    await run.send("a", 3);
    expect([run.received("b"), run.acked("a")]).toEqual([[], [0, 1, 2]]);
    await run.finish();
    expect(run.received("b")).toEqual([{ n: 3 }]);
  });
});

describe("back-pressure", () => {
  it("stops reading while a sink is slow, and holds no more than its bound", async () => {
    let pulled = 0;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const big = Buffer.from(JSON.stringify("x".repeat(1000)));
    const endless: Connector = {
      type: "generate",
      openSource: () => ({
        kind: "messages",
        pull: (max) =>
          pulled >= 50_000
            ? undefined
            : { messages: Array.from({ length: max }, () => ({ bytes: big, position: String(pulled++) })) },
        ack: () => {},
        stop: () => {},
        close: () => {},
      }),
    };
    const broker = memoryBroker();
    broker.onSend("b", () => released.then(() => undefined));
    const stage = stageOf("source a { generate { data: 1 } } sink b from a { memory {} }");
    const run = runPipeline(stage, {
      connectors: new Map([...builtInConnectors(broker.connector), ["generate", endless]]),
      baseDirectory: "/",
    });
    for (let i = 0; i < 20; i++) await settle();
    expect(pulled).toBeLessThan(4_000);
    release();
    await run.done;
    expect(broker.received("b").length).toBe(pulled);
    expect(pulled).toBeGreaterThanOrEqual(50_000);
  });
});

describe("a throttle", () => {
  it("holds back only the sources that come to it", async () => {
    const run = driveFlow(
      "source a { memory {} } source b { memory {} } step s from a { throttle 1/s } step t from b { filter true } sink c from s { memory {} } sink d from t { memory {} }",
    );
    await run.send("a", 1, 2, 3);
    await run.send("b", 1, 2, 3);
    await run.send("b", 4);
    expect([run.received("c"), run.received("d"), run.acked("b")]).toEqual([[1], [1, 2, 3, 4], [0, 1, 2, 3]]);
    await run.advanceMs(1_000);
    await run.send("b", 5);
    expect([run.received("c"), run.received("d")]).toEqual([
      [1, 2],
      [1, 2, 3, 4, 5],
    ]);
    await run.advanceMs(2_000);
    await run.finish();
    expect(run.received("c")).toEqual([1, 2, 3]);
  });
  it("behind a window holds back what the window gives, and what comes to it", async () => {
    const run = driveFlow(`type T { t: int, k: int } source a: T { memory {} time timestampMillis(data.t) watermark 0s }
      source b { memory {} } sink d from b { memory {} }
      window w from a { key data.k fixed 1s emit { k: key } } step s from w { throttle 1/s } sink c from s { memory {} }`);
    await run.send("a", { t: 0, k: 1 }, { t: 0, k: 2 }, { t: 0, k: 3 }, { t: 1_000, k: 4 });
    expect(run.received("c")).toEqual([{ k: 1 }]);
    await run.advanceMs(1_000);
    expect(run.received("c")).toEqual([{ k: 1 }, { k: 2 }]);
    await run.advanceMs(1_000);
    await run.send("b", 1);
    expect([run.received("c"), run.received("d")]).toEqual([[{ k: 1 }, { k: 2 }, { k: 3 }], [1]]);
    await run.advanceMs(1_000);
    run.run.stop();
    await run.run.done;
    expect(run.received("c")).toHaveLength(4);
  });
  it("of one source does not hold back a window that reads another one", async () => {
    const run =
      driveFlow(`type T { t: int } source a { memory {} } source b: T { memory {} time timestampMillis(data.t) watermark 0s }
      step s from a { throttle 1/h } sink c from s { memory {} }
      window w from b { fixed 1s emit { n: count() } } sink d from w { memory {} }`);
    await run.send("a", 1, 2);
    await run.send("b", { t: 0 }, { t: 5_000 });
    expect(run.received("d")).toEqual([{ n: 1 }]);
    run.run.stop();
    await run.run.done;
    expect(run.received("c")).toEqual([1]);
  });
});

describe("stopping", () => {
  it("finishes what has been read, then ends well", async () => {
    const run = driveFlow(oneToOne);
    await run.send("a", 1, 2, 3);
    run.run.stop();
    const summary = await run.run.done;
    expect([run.received("b"), run.acked("a"), summary.stopped]).toEqual([[1, 2, 3], [0, 1, 2], true]);
  });
  it("leaves what a throttle holds back unacknowledged, and lets no more through than the rate", async () => {
    const run = driveFlow("source a { memory {} } step s from a { throttle 1/s } sink b from s { memory {} }");
    await run.send("a", 1, 2, 3);
    run.run.stop();
    await run.run.done;
    expect([run.received("b"), run.acked("a")]).toEqual([[1], []]);
  });
  it("gives up at the second call", async () => {
    const run = driveFlow(oneToOne, { sinks: { b: () => new Promise(() => {}) } });
    await run.send("a", 1);
    run.run.stop();
    run.run.stop();
    await expect(run.run.done).rejects.toMatchObject({ code: "aborted" });
    expect(run.acked("a")).toEqual([]);
  });
});

describe("counts", () => {
  it("are of events: blank lines are none, and what a sink could not encode, refused or dropped did not leave", async () => {
    const run = driveFlow(
      "source a { memory {} } sink b from a { memory {} format lines } sink c from a { memory {} }",
      {
        sinks: { c: () => [{ index: 0, reason: "400" }] },
      },
    );
    await run.send("a", '"x"', "", "  ");
    await run.send("a", "5");
    const { nodes } = await run.finish();
    expect(nodes.map(({ eventsIn, eventsOut, errors }) => [eventsIn, eventsOut, errors])).toEqual([
      [2, 2, 0],
      [2, 1, 1],
      [2, 0, 2],
    ]);
  });
});

describe("bytes", () => {
  const lines = ['{"b":1.0,"a":12345678901234567890, "7":-0}', '  [1e5 , "é\\u00e9"]', '{"2":1,"1":2}', '"x"', "1.50"];
  it("of a record that nothing touched leave unchanged", async () => {
    const run = driveFlow(
      "source a { memory {} } step s from a { filter true sample 1.0 } sink b from s { memory {} }",
    );
    await run.send("a", ...lines);
    await run.finish();
    expect(run.receivedText("b")).toEqual(lines);
  });
  it("of numbers and the order of keys survive a change beside them", async () => {
    const run = driveFlow("source a { memory {} } step s from a { set data.z = 1 } sink b from s { memory {} }");
    await run.send("a", '{"b":1.0,"a":12345678901234567890,"7":-0,"c":{"2":1e5,"1":0.10}}');
    await run.finish();
    expect(run.receivedText("b")).toEqual(['{"b":1.0,"a":12345678901234567890,"7":-0,"c":{"2":1e5,"1":0.10},"z":1}']);
  });
});

describe("the size of batches", () => {
  const text = fc
    .array(fc.oneof(fc.json({ maxDepth: 2 }), fc.constantFrom("", "nonsense", "é", '{"a":"ü"}', '{"a":1}\r', "  ")), {
      maxLength: 12,
    })
    .map((each) => each.join("\n"));
  it("changes nothing in the output, however the input is cut and however long it takes", async () => {
    const stage = stageOf(
      'source a { file { path: "x" } } step s from a { map { v: data, id: event.id } } sink b from s { memory {} } sink raw from a { memory {} }',
    );
    const outcome = async (input: Buffer, sizes: readonly number[]) => {
      const broker = memoryBroker();
      const connectors = new Map([...builtInConnectors(broker.connector), ["file", pieces(input, sizes)]]);
      const summary = await runPipeline(stage, {
        connectors,
        baseDirectory: "/",
        deadLetter: { type: "memory", options: {} },
      }).done;
      return [
        broker.receivedText("b"),
        broker.receivedText("raw"),
        broker.receivedText("dead_letter"),
        summary.nodes.map((node) => [node.eventsIn, node.eventsOut, node.errors]),
      ];
    };
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        fc.boolean(),
        async (lines, sizes, end) => {
          const input = Buffer.from(end ? `${lines}\n` : lines);
          expect(await outcome(input, sizes)).toEqual(await outcome(input, [1 << 20]));
        },
      ),
      { numRuns: 60 },
    );
  });

  /** A file that comes in pieces of these sizes, over and over; every other one takes a while. */
  function pieces(input: Buffer, sizes: readonly number[]): Connector {
    let at = 0;
    let turn = 0;
    let given = false;
    const read = (buffer: Uint8Array, into: number) => {
      const count = Math.min(sizes[turn % sizes.length]!, input.length - at, buffer.length - into);
      buffer.set(input.subarray(at, at + count), into);
      at += count;
      return turn++ % 2 === 0 ? count : Promise.resolve(count);
    };
    return {
      type: "file",
      openSource: () => ({
        kind: "bytes",
        nextPart: () => {
          if (given) return undefined;
          given = true;
          return { name: "f", startOffset: 0, timeMs: 0, read, close: () => {} };
        },
        ack: () => {},
        stop: () => {},
        close: () => {},
      }),
    };
  }
});
