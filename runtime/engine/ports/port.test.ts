/** User code in a step: what it is sent, and what becomes of its answers. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { driveFlow } from "../../../test/support/drive-flow.ts";
import { dataOf, done, echo, scripted } from "../../user-code/scripted.fixture.ts";
import type { Outcome, Unit } from "../../user-code/user-code.ts";

// Loaded by the first run that needs it: that takes longer than a manual clock waits.
beforeAll(() => import("./ports.ts"));

const program = 'process { command: ["x"], io: stdio }';
const flow = (operators: string) =>
  `source a { memory {} } step s from a { ${operators} } sink out from s { memory {} format cloudevents }`;
const plain = (operators: string) =>
  `source a { memory {} } step s from a { ${operators} } sink out from s { memory {} }`;

describe("user code in a step", () => {
  it("is given each event as a CloudEvent, and what it answers goes on", async () => {
    const code = scripted((unit) => done(JSON.stringify({ data: { was: dataOf(unit.events[0]!) } })));
    const run = driveFlow(plain(program), { userCode: code.open });
    await run.send("a", { n: 1 }, { n: 2 });
    expect(code.sent.map(({ id, events }) => [id, JSON.parse(events[0]!.json)])).toEqual(
      [1, 2].map((n) => [
        `pushed/${n - 1}`,
        {
          specversion: "1.0",
          source: "/test/a",
          type: "io.argoproj.dataflow.record",
          id: `pushed/${n - 1}`,
          time: "1970-01-01T00:00:00Z",
          datacontenttype: "application/json",
          data: { n },
        },
      ]),
    );
    await run.finish();
    expect(run.received("out")).toEqual([{ was: { n: 1 } }, { was: { n: 2 } }]);
    expect(code.ended).toEqual(["close"]);
  });

  it("works between other operators", async () => {
    const code = scripted((unit) => done(JSON.stringify({ data: Number(dataOf(unit.events[0]!)) * 10 })));
    const run = driveFlow(plain(`filter data.n > 1 map data.n ${program} filter data != 30 map { tens: data }`), {
      userCode: code.open,
    });
    await run.send("a", ...[1, 2, 3, 4].map((n) => ({ n })));
    await run.finish();
    expect(run.received("out")).toEqual([{ tens: 20 }, { tens: 40 }]);
  });

  it("may answer none or many, whose ids are made of the input's", async () => {
    const code = scripted((unit) =>
      done(...Array.from({ length: Number(dataOf(unit.events[0]!)) }, (_, index) => JSON.stringify({ data: index }))),
    );
    const run = driveFlow(flow(program), { userCode: code.open });
    await run.send("a", 0, 3, 1);
    await run.finish();
    expect(run.received("out")).toMatchObject([
      { id: "pushed/1", data: 0 },
      { id: "pushed/1/1", data: 1 },
      { id: "pushed/1/2", data: 2 },
      { id: "pushed/2", data: 0 },
    ]);
  });

  it("may set attributes, time and id; integers and booleans stay such, and what it leaves out is as it was", async () => {
    const answers = [
      { data: 1, subject: "s", chunkend: true, n: 7 },
      { data: 2, id: "own", time: "2026-01-02T03:04:05Z", type: "t", source: "/elsewhere" },
    ];
    const code = scripted(() => done(...answers.map((answer) => JSON.stringify(answer))));
    const run = driveFlow(flow(program), { userCode: code.open });
    await run.send("a", 0);
    await run.finish();
    expect(run.received("out")).toMatchObject([
      { id: "pushed/0", data: 1, subject: "s", chunkend: true, n: 7, type: "io.argoproj.dataflow.record" },
      { id: "own", data: 2, time: "2026-01-02T03:04:05Z", type: "t", source: "/elsewhere" },
    ]);
  });

  it("may end a chunk: an attribute that it sets is read behind it", async () => {
    const last = (unit: Unit) => ({ data: dataOf(unit.events[0]!), chunkend: dataOf(unit.events[0]!) === 3 });
    const code = scripted((unit) => done(JSON.stringify(last(unit))));
    const run = driveFlow(
      `source a { memory {} } step s from a { ${program} } chunk c from s { end when event.chunkend == "true" emit list(data) }
       sink out from c { memory {} }`,
      { userCode: code.open },
    );
    await run.send("a", 1, 2, 3, 4, 3, 5);
    await run.finish();
    expect(run.received("out")).toEqual([[1, 2, 3], [4, 3], [5]]);
  });

  it("passes integers of 64 bits, number spelling and key order through in both directions", async () => {
    const text = '{"b":12345678901234567890,"a":1.0,"1":[1e5,-0]}';
    for (const answer of [echo, (unit: Unit) => done(`{"data":${String(unit.events[0]!.data())}}`)]) {
      const code = scripted(answer);
      const run = driveFlow(plain(program), { userCode: code.open });
      await run.send("a", text);
      await run.finish();
      expect(code.sent[0]!.events[0]!.json).toContain(`"data":${text}}`);
      expect(run.receivedText("out")).toEqual([text]);
    }
  });

  it("gives results in the order of input, whichever is answered first", async () => {
    const code = scripted();
    const run = driveFlow(plain(program), { userCode: code.open });
    await run.send("a", 1, 2, 3);
    const [first, second, third] = [...code.waiting];
    code.answer(third!, echo(third!));
    code.answer(second!, echo(second!));
    await run.advanceMs(0);
    expect(run.received("out")).toEqual([]);
    code.answer(first!, echo(first!));
    await run.advanceMs(0);
    expect(run.received("out")).toEqual([1, 2, 3]);
    await run.finish();
  });

  it("is acknowledged only when the sinks have taken what it answered", async () => {
    let take = () => {};
    const code = scripted();
    const run = driveFlow(plain(program), {
      userCode: code.open,
      sinks: { out: () => new Promise((resolve) => (take = () => resolve(undefined))) },
    });
    await run.send("a", 1);
    expect(run.acked("a")).toEqual([]);
    code.answer(code.waiting[0]!, done('{"data":1}'));
    await run.advanceMs(0);
    expect(run.acked("a")).toEqual([]);
    take();
    await run.advanceMs(0);
    expect(run.acked("a")).toEqual([0]);
    await run.finish();
  });

  it("of which nothing comes is acknowledged once the program has answered", async () => {
    const code = scripted();
    const run = driveFlow(plain(program), { userCode: code.open });
    await run.send("a", 1);
    expect(run.acked("a")).toEqual([]);
    code.answer(code.waiting[0]!, done());
    await run.advanceMs(0);
    expect(run.acked("a")).toEqual([0]);
    await run.finish();
  });

  it("is tried again when it fails, and is a bad event with its original bytes when it has failed too often", async () => {
    const code = scripted((unit) => (dataOf(unit.events[0]!) === 2 ? { kind: "failed", reason: "no" } : echo(unit)));
    const run = driveFlow(plain(`${program} retry 2 backoff 1ms..1ms else dead_letter`), { userCode: code.open });
    await run.send("a", 1, 2, 3);
    await run.finish();
    expect(run.received("out")).toEqual([1, 3]);
    expect(code.sent.filter((unit) => dataOf(unit.events[0]!) === 2)).toHaveLength(3);
    expect(run.deadLetters()).toMatchObject([
      { node: "s", operator: "process", position: "pushed/1", reason: "not taken in 3 tries: no", text: "2" },
    ]);
  });

  it("that is refused is a bad event at once", async () => {
    const code = scripted(() => ({ kind: "rejected", reason: "bad total" }));
    const run = driveFlow(`${plain(program)} sink bad from s.errors { memory {} }`, { userCode: code.open });
    await run.send("a", { n: 1 });
    await run.finish();
    expect(code.sent).toHaveLength(1);
    expect(run.received("bad")).toMatchObject([{ node: "s", reason: "bad total", text: '{"n":1}' }]);
  });

  it("may end the run, or be dropped, when it has failed too often", async () => {
    const failing = () => scripted(() => ({ kind: "failed", reason: "no" }));
    const fails = driveFlow(plain(`${program} retry 0 backoff 1ms..1ms else fail`), { userCode: failing().open });
    await fails.send("a", 1);
    await expect(fails.finish()).rejects.toThrow("'s': the event pushed/0 was not taken in 1 try: no.");
    const drops = driveFlow(plain(`${program} retry 0 backoff 1ms..1ms else drop`), { userCode: failing().open });
    await drops.send("a", 1);
    expect((await drops.finish()).nodes[1]).toMatchObject({ node: "s", eventsOut: 0, dropped: 1 });
  });

  it("that was interrupted is sent again, and that is no try", async () => {
    const code = scripted((unit, attempt) => (attempt < 9 ? { kind: "interrupted" } : echo(unit)));
    const run = driveFlow(plain(`${program} retry 0 backoff 1ms..1ms else fail`), { userCode: code.open });
    await run.send("a", 1, 2);
    await run.finish();
    expect(run.received("out")).toEqual([1, 2]);
  });

  it.each([
    "{",
    "[]",
    "1",
    "{}",
    '{"type":"Data","event":3}',
    '{"data_base64":"%"}',
    '{"data":1,"time":"yesterday"}',
    '{"data":1,"Bad Name":"x"}',
    '{"data":1,"x":{"y":1}}',
  ])("answered with %s counts as failed, and says so", async (answer) => {
    const code = scripted(() => done(answer));
    const run = driveFlow(plain(`${program} retry 1 backoff 1ms..1ms else dead_letter`), { userCode: code.open });
    await run.send("a", 1);
    await run.finish();
    expect(code.sent).toHaveLength(2);
    expect(run.deadLetters()).toMatchObject([
      { reason: expect.stringContaining("not taken in 2 tries: the program answered what is no event: ") },
    ]);
  });

  it("is not sent more at once than the program wants, and holds the source back when much waits", async () => {
    const code = scripted(undefined, { width: 2 });
    const run = driveFlow(plain(program), { userCode: code.open });
    const big = JSON.stringify("x".repeat(1 << 19));
    await run.send("a", ...Array.from({ length: 24 }, () => big));
    expect(code.waiting).toHaveLength(2);
    while (code.waiting.length > 0) {
      code.answer(code.waiting[0]!, echo(code.waiting[0]!));
      await run.advanceMs(0);
    }
    await run.finish();
    expect(run.received("out")).toHaveLength(24);
  });

  it("that wants order is sent nothing while a try waits", async () => {
    const code = scripted(undefined, { width: 1, isOrdered: true });
    const run = driveFlow(plain(`${program} retry 3 backoff 1ms..1ms else dead_letter`), { userCode: code.open });
    await run.send("a", 1, 2);
    code.answer(code.waiting[0]!, { kind: "failed", reason: "no" });
    expect(code.waiting).toEqual([]);
    while (code.waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(code.waiting.map(({ id }) => id)).toEqual(["pushed/0"]);
    code.answer(code.waiting[0]!, done());
    code.answer(code.waiting[0]!, done());
    await run.finish();
  });

  it("where no program can be started, is refused by name", async () => {
    const run = driveFlow(plain(program));
    await expect(run.finish()).rejects.toThrow(/^'s' \(.*\) is a program of its own, and none can be started here/);
  });

  it("whose program cannot be started ends the run", async () => {
    const run = driveFlow(plain(program), { userCode: () => Promise.reject(new Error("no such program")) });
    await expect(run.finish()).rejects.toThrow("no such program");
  });
});

describe("what comes out of user code", () => {
  const type = "type T { t: int, k: string }";
  const source = `source a: T { memory {} time timestampMillis(data.t) watermark 2s }`;
  const behind = `window w from s { key data.k fixed 5s emit { k: key, start: window.start, n: count() } }
    sink out from w { memory {} } sink late from w.late { memory {} }`;
  const piped = `${type} ${source} step s from a { ${program} retry 20 backoff 1ms..1ms else fail } ${behind}`;
  const direct = `${type} ${source} step s from a { filter true } ${behind}`;
  const events = fc.array(fc.record({ t: fc.integer({ min: 0, max: 30_000 }), k: fc.constantFrom("x", "y") }), {
    maxLength: 60,
  });

  it("is the same, late events too, as if it had never left, however it is answered", async () => {
    await fc.assert(
      fc.asyncProperty(events, fc.infiniteStream(fc.nat(5)), fc.nat(8), async (input, choices, width) => {
        const choose = () => choices.next().value as number;
        const expected = driveFlow(direct);
        await expected.send("a", ...input);
        await expected.finish();
        const code = scripted(undefined, { width: width + 1 });
        const run = driveFlow(piped, { userCode: code.open });
        const all = run.send("a", ...input).then(() => run.finish());
        let ended = false;
        all.finally(() => {
          ended = true;
        });
        while (!ended) {
          await new Promise((resolve) => setImmediate(resolve));
          const unit = code.waiting[choose() % Math.max(1, code.waiting.length)];
          if (unit === undefined) continue;
          const answers: readonly Outcome[] = [
            echo(unit),
            echo(unit),
            done(JSON.stringify({ data: dataOf(unit.events[0]!) })),
            { kind: "interrupted" },
            { kind: "failed", reason: "no" },
            echo(unit),
          ];
          code.answer(unit, answers[choose()]!);
        }
        await all;
        expect([run.received("out"), run.received("late")]).toEqual([
          expected.received("out"),
          expected.received("late"),
        ]);
        expect(run.acked("a")).toEqual(input.map((_, index) => index));
      }),
      { numRuns: Number(process.env.FLOW_RUNS ?? 30) },
    );
  });

  it("goes through two programs of one step, and through several steps", async () => {
    const dotted = (unit: Unit) => done(JSON.stringify({ data: `${dataOf(unit.events[0]!)}.` }));
    const run = driveFlow(
      `source a { memory {} } step s from a { ${program} filter data != "2." ${program} }
       step t from s { ${program} } sink out from t { memory {} } sink also from s { memory {} }`,
      { userCode: (plan, services) => scripted(dotted).open(plan, services) },
    );
    await run.send("a", "1", "2", "3");
    await run.finish();
    expect(run.received("out")).toEqual(["1...", "3..."]);
    expect(run.received("also")).toEqual(["1..", "3.."]);
    expect(run.acked("a")).toEqual([0, 1, 2]);
  });

  it("lets a window before it give while the program is behind", async () => {
    const run = driveFlow(
      `${type} ${source} window w from a { key data.k fixed 1s emit { k: key, n: count() } } step s from w { ${program} } sink out from s { memory {} }`,
      { userCode: scripted(echo, { width: 1 }).open },
    );
    const input = Array.from({ length: 300 }, (_, index) => ({ t: index * 100, k: index % 2 === 0 ? "x" : "y" }));
    await run.send("a", ...input);
    await run.finish();
    const counts = run.received("out") as { n: number }[];
    expect(counts.reduce((sum, { n }) => sum + n, 0)).toBe(300);
  });
});
