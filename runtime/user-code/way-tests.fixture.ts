/** What holds for a program however it is reached: tests for each of the three ways, run by stdio.test.ts, fifo.test.ts and socket.test.ts. */
import { afterEach, describe, expect, it } from "vitest";
import type { OptionValue } from "../../compiler/contract/runtime-config.ts";
import { chunk, type Driven, drive, event, single } from "./drive.fixture.ts";

export function testWay(io: "stdio" | "fifo" | "socket"): void {
  describe(`a program over ${io}`, () => testProgram(io));
}

function testProgram(io: string): void {
  const open: Driven[] = [];
  afterEach(async () => {
    for (const run of open.splice(0)) await run.code.abort();
  });
  const run = async (options: Readonly<Record<string, OptionValue>> = {}) => {
    const driven = await drive({ io, ...options });
    open.push(driven);
    return driven;
  };
  const withIds = { env: { IDS: "1" } };

  it("answers each event with one, several or no results, in order", async () => {
    const { settle, order } = await run();
    expect(await settle(single("1"), single("2", "many 3"), single("3", "none"), single("4"))).toEqual([
      'done {"n":"1"}',
      "done 0 1 2",
      "done",
      'done {"n":"4"}',
    ]);
    expect(order).toEqual(["1 done", "2 done", "3 done", "4 done"]);
  });

  it("sees the frames of a chunk and answers it whole", async () => {
    const { settle } = await run();
    expect(await settle(chunk("c", [event("1"), event("2", ["many 2"]), event("3")]))).toEqual([
      'done {"n":"1"} 0 1 {"n":"3"}',
    ]);
  });

  it("asks to try again, and refuses; results before that are dropped", async () => {
    const { settle } = await run();
    expect(await settle(single("1", "echo", "Retry too busy"), single("2", "Reject bad"), single("3"))).toEqual([
      "failed: too busy",
      "rejected: bad",
      'done {"n":"3"}',
    ]);
  });

  it("that gives no ids has one unit at a time", async () => {
    const driven = await run();
    await driven.settle(...Array.from({ length: 20 }, (_, i) => single(`${i}`)));
    expect([driven.code.width, driven.most]).toEqual([1, 1]);
  });

  it("that gives ids has many units under way, in order", async () => {
    const driven = await run(withIds);
    const ids = Array.from({ length: 200 }, (_, i) => `${i}`);
    await driven.settle(...ids.map((id) => single(id)));
    expect([driven.code.width, driven.most]).toEqual([64, 64]);
    expect(driven.order).toEqual(ids.map((id) => `${id} done`));
  });

  it("that answers garbage fails the unit and is kept", async () => {
    const { settle, log } = await run();
    expect(await settle(single("1", "say hello", "echo"), single("2"))).toEqual([
      "failed: the program answered what is no event: hello",
      'done {"n":"2"}',
    ]);
    expect(log.filter((line) => line.startsWith("program started"))).toHaveLength(1);
  });

  it("that answers garbage and nothing else is started again", async () => {
    const { settle } = await run();
    expect(await settle(single("1", "say hello", "hang"), single("2"))).toEqual([
      "failed: the program answered what is no event: hello",
      'done {"n":"2"}',
    ]);
  });

  it("that answers twice is started again, and nothing is taken for the next unit's answer", async () => {
    const { settle, logged } = await run();
    expect(await settle(single("1", 'say {"type":"Ack"}', "echo"))).toEqual(["done"]);
    expect(await logged("answered twice")).toContain("score");
    expect(await settle(single("2"))).toEqual(['done {"n":"2"}']);
  });

  it("that answers for another unit is started again", async () => {
    const { settle } = await run(withIds);
    expect(await settle(single("1", 'say {"type":"Ack","id":"2"}'), single("2"))).toEqual([
      "failed: the program answered with Ack of '2', where '1' is to be answered",
      'done {"n":"2"}',
    ]);
  });

  it("that crashes fails the unit under way with its exit code and its last words", async () => {
    const { settle } = await run();
    expect(await settle(single("1", "crash 4"), single("2", "die"), single("3"))).toEqual([
      "failed: the program ended with exit code 4: out of luck",
      "failed: the program was ended by SIGKILL",
      'done {"n":"3"}',
    ]);
  });

  it("that crashes with many under way gets them one by one, and only the one at fault fails", async () => {
    const { settle, order } = await run(withIds);
    const units = [
      single("first"),
      ...Array.from({ length: 30 }, (_, i) => single(`${i}`, i === 20 ? "crash" : "echo")),
    ];
    const outcomes = await settle(...units);
    expect(outcomes.filter((outcome) => !outcome.startsWith("done"))).toEqual([
      "failed: the program ended with exit code 3: out of luck",
    ]);
    expect(outcomes[21]).toContain("failed");
    expect(order.filter((line) => line.endsWith("failed"))).toHaveLength(1);
    expect(order.filter((line) => line.endsWith("interrupted")).length).toBeGreaterThan(1);
  });

  it("that wants a unit again has it before those behind it that it has not seen", async () => {
    const driven = await run(withIds);
    const big = { text: "x".repeat(3_000_000) };
    const units = ["0", "1", "2", "3", "4"].map((id) => ({
      id,
      chunk: undefined,
      events: [event(id, id === "1" ? ["Retry later"] : ["none"], big)],
    }));
    await driven.settle(single("first"));
    // Of 3 MB each two are under way at once, so that one is written and two wait when it wants the first again.
    expect(await driven.settle(...units)).toEqual(["done", "failed: later", "done", "done", "done"]);
    expect(driven.order.filter((line) => line.endsWith("interrupted"))).toEqual(["3 interrupted", "4 interrupted"]);
  });

  it("that hangs is ended after the timeout; the others under way do not suffer", async () => {
    const { settle, order } = await run({ ...withIds, timeout: 1_500 });
    expect(await settle(single("0"), single("1", "hang"), single("2"), single("3"))).toEqual([
      'done {"n":"0"}',
      "failed: the program gave no answer within 1500ms",
      'done {"n":"2"}',
      'done {"n":"3"}',
    ]);
    expect(order).toContain("2 interrupted");
  });

  it("that floods is ended", async () => {
    const { settle } = await run();
    expect(await settle(single("1", "flood"), single("2", "endless"), single("3"))).toEqual([
      "failed: the program answered too much",
      "failed: the program answered too much",
      'done {"n":"3"}',
    ]);
  });

  // Whoever has the pipe may open it again, so its end is not seen.
  if (io !== "fifo")
    it("that stops answering at all is started again", async () => {
      const { settle } = await run();
      expect(await settle(single("1", "close"), single("2"))).toEqual([
        "failed: the program closed its output",
        'done {"n":"2"}',
      ]);
    });

  it("gets a chunk larger than any buffer", async () => {
    const { settle } = await run();
    const events = Array.from({ length: 20_000 }, (_, i) => event(`${i}`, [], { text: "x".repeat(100) }));
    expect(await settle(chunk("c", events), single("2"))).toEqual(["done", 'done {"n":"2"}']);
  });

  it("is told the end of its input, may finish, and is waited for", async () => {
    const driven = await run({ env: { SAY_BYE: "1" } });
    await driven.settle(single("1"));
    await driven.code.close();
    expect(driven.log.at(-1)).toBe('program {"node":"score","line":"bye"}');
  });
}
