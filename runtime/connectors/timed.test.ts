import { describe, expect, it } from "vitest";
import { manualClock } from "../engine/clock.ts";
import type { MessageSource, OpenContext } from "../engine/connector.ts";
import { cron } from "./cron.ts";
import { generate } from "./generate.ts";
import { memoryBroker } from "./memory.ts";
import { fixture, openSink, openSource } from "./open-context.fixture.ts";

async function open(
  connector: typeof cron,
  options: OpenContext["options"],
  clock = manualClock(),
): Promise<MessageSource> {
  const context = fixture(options, { clock, compile: () => (i) => ({ i }) }).context;
  const source = await openSource(connector, context);
  if (source.kind !== "messages") throw new Error("not messages");
  return source;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Pulls without waiting for time to pass: what came, or "waiting". */
async function pullNow(source: MessageSource, max = 10): Promise<unknown> {
  const pulled = Promise.resolve(source.pull(max)).then(
    (batch) => batch?.messages.map((message) => text(message.bytes)) ?? "end",
  );
  const nextTurn = new Promise((resolve) => setImmediate(() => resolve("waiting")));
  return Promise.race([pulled, nextTurn]);
}

const i = { expr: { op: "var", kind: "int", name: "i" } } as const;

describe("generate", () => {
  it("gives as many events as it was told, as fast as they are taken, and ends", async () => {
    const source = await open(generate, { count: 5, data: i });
    const first = await source.pull(3);
    expect(first?.messages.map((message) => [message.position, text(message.bytes)])).toEqual([
      ["0", '{"i":0}'],
      ["1", '{"i":1}'],
      ["2", '{"i":2}'],
    ]);
    expect([await pullNow(source), await pullNow(source)]).toEqual([['{"i":3}', '{"i":4}'], "end"]);
  });

  it("keeps to its rate, and catches up when it was asked late", async () => {
    const clock = manualClock(1000);
    const source = await open(generate, { count: 10, rate: { count: 2, perMs: 1000 }, data: i }, clock);
    expect(await pullNow(source)).toEqual(['{"i":0}']);
    const later = Promise.resolve(source.pull(10));
    await clock.advance(499);
    let came = false;
    void later.then(() => {
      came = true;
    });
    await clock.advance(0);
    expect(came).toBe(false);
    await clock.advance(1);
    expect((await later)?.messages.map((message) => message.position)).toEqual(["1"]);
    await clock.advance(1500);
    expect(await pullNow(source)).toEqual(['{"i":2}', '{"i":3}', '{"i":4}']);
  });

  it("ends while it waits when it is stopped", async () => {
    const source = await open(generate, { rate: { count: 1, perMs: 1000 }, data: i });
    await source.pull(1);
    const waiting = source.pull(1);
    source.stop();
    expect(await waiting).toBeUndefined();
  });

  it("takes constant data", async () => {
    expect(await pullNow(await open(generate, { count: 1, data: { a: 1 } }))).toEqual(['{"a":1}']);
  });
});

describe("cron", () => {
  const startMs = Date.parse("2026-01-01T00:00:30Z");

  it("gives an event at each time of the schedule, with that time and as its position", async () => {
    const clock = manualClock(startMs);
    const source = await open(cron, { schedule: "* * * * *" }, clock);
    const next = source.pull(10);
    await clock.advance(30_000);
    expect((await next)?.messages.map((message) => ({ ...message, bytes: text(message.bytes) }))).toEqual([
      {
        bytes: '{"scheduled":"2026-01-01T00:01:00.000Z"}',
        position: "2026-01-01T00:01:00.000Z",
        timeMs: startMs + 30_000,
      },
    ]);
  });

  it("sends afterwards what was due while nobody asked", async () => {
    const clock = manualClock(startMs);
    const source = await open(cron, { schedule: "* * * * *", data: "tick" }, clock);
    await clock.advance(150_000);
    expect(await pullNow(source, 2)).toEqual(['"tick"', '"tick"']);
    expect(await pullNow(source)).toEqual(['"tick"']);
    expect(await pullNow(source)).toBe("waiting");
  });

  it("gives data that is written as an expression", async () => {
    const clock = manualClock(0);
    const source = await open(cron, { schedule: "* * * * *", data: i }, clock);
    const pulled = source.pull(1);
    await clock.advance(60_000);
    expect((await pulled)?.messages.map((message) => text(message.bytes))).toEqual(["{}"]);
  });

  it("waits for a time that is further away than a timer can be set", async () => {
    const clock = manualClock(startMs);
    const source = await open(cron, { schedule: "0 0 1 7 *" }, clock);
    const next = source.pull(1);
    await clock.advance(200 * 86_400_000);
    expect((await next)?.messages[0]?.position).toBe("2026-07-01T00:00:00.000Z");
  });

  it("ends while it waits when it is stopped", async () => {
    const source = await open(cron, { schedule: "@daily" });
    const waiting = source.pull(1);
    source.stop();
    expect(await waiting).toBeUndefined();
  });

  it("says what is wrong with a schedule", async () => {
    await expect(open(cron, { schedule: "61 * * * *" })).rejects.toThrow(
      "The schedule of 'orders' is wrong. The minute field",
    );
  });
});

describe("memory", () => {
  it("gives its events in order and ends", async () => {
    const source = await open(memoryBroker().connector, { events: [{ id: 1 }, 2, "x"] });
    expect([await pullNow(source, 2), await pullNow(source, 2), await pullNow(source)]).toEqual([
      ['{"id":1}', "2"],
      ['"x"'],
      "end",
    ]);
  });

  it("gives what a test pushes, and tells it what was acknowledged", async () => {
    const broker = memoryBroker();
    const input = broker.input("orders");
    const source = await open(broker.connector, {});
    const waiting = Promise.resolve(source.pull(10));
    input.push('{"id":1}');
    const batch = (await waiting)!;
    source.ack(batch);
    input.end();
    expect([text(batch.messages[0]!.bytes), input.acknowledged, await pullNow(source)]).toEqual([
      '{"id":1}',
      ["pushed/0"],
      "end",
    ]);
  });

  it("keeps what a sink took, apart from what a test lets it refuse", async () => {
    const broker = memoryBroker();
    broker.onSend("orders", (batch) => (batch.length > 1 ? [{ index: 0, reason: "no" }] : undefined));
    const sink = await openSink(broker.connector, fixture({}).context);
    if (sink.kind !== "messages") throw new Error("not messages");
    const message = (data: string) => ({ bytes: new TextEncoder().encode(data), id: data });
    expect([await sink.send([message("1"), message("2")]), await sink.send([message("3")])]).toEqual([
      [{ index: 0, reason: "no" }],
      undefined,
    ]);
    expect(broker.receivedText("orders")).toEqual(["2", "3"]);
  });
});
