/** The operators of a step, one by one. */
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { driveFlow, stageOf, through } from "../../test/support/drive-flow.ts";

const step = (operators: string, type = "") =>
  `source a${type} { memory {} } step s from a { ${operators} } sink out from s { memory {} }`;

describe("filter", () => {
  it("keeps the events for which it is true", async () => {
    expect(await through(step("filter data.n > 1"), [{ n: 1 }, { n: 2 }, { n: 3 }])).toEqual([{ n: 2 }, { n: 3 }]);
  });
});

describe("map", () => {
  it("replaces data", async () => {
    expect(await through(step("map { twice: data.n * 2, was: data }"), [{ n: 1 }])).toEqual([
      { twice: 2, was: { n: 1 } },
    ]);
  });
  it("gives values that are no records", async () => {
    expect(await through(step("map data.n"), [{ n: 1 }, { n: "x" }, { n: null }])).toEqual([1, "x", null]);
  });
});

describe("set", () => {
  it("sets one field, and leaves the rest and their order as they were", async () => {
    const run = driveFlow(step("set data.b = 9"));
    await run.send("a", '{"c":1,"b":2,"a":3}');
    await run.finish();
    expect(run.receivedText("out")).toEqual(['{"c":1,"b":9,"a":3}']);
  });
  it("makes the records that lack on the way, and takes null for a lack", async () => {
    expect(
      await through(step("set data.a.b.c = 1"), [{}, { a: null }, { a: { x: 1 } }, { a: { b: { y: 2 } } }]),
    ).toEqual([
      { a: { b: { c: 1 } } },
      { a: { b: { c: 1 } } },
      { a: { x: 1, b: { c: 1 } } },
      { a: { b: { y: 2, c: 1 } } },
    ]);
  });
  it("makes the event bad where something on the way is no record", async () => {
    const run = driveFlow(step("set data.a.b = 1"));
    await run.send("a", { a: 5 }, { a: [1] }, [1], { a: {} });
    await run.finish();
    expect(run.received("out")).toEqual([{ a: { b: 1 } }]);
    expect(run.deadLetters()).toMatchObject([
      { node: "s", operator: "set", reason: "data.a is not a record", text: '{"a":5}' },
      { reason: "data.a is not a record" },
      { reason: "data is not a record" },
    ]);
  });
  it("puts what data was into data, not data into itself", async () => {
    expect(await through(step("set data.self = data set data.self.n = 2"), [{ n: 1 }])).toEqual([
      { n: 1, self: { n: 2 } },
    ]);
  });
  it("does not change a part of data that was put in a second place", async () => {
    expect(await through(step("set data.copy = data.user set data.user.n = 2"), [{ user: { n: 1 } }])).toEqual([
      { user: { n: 2 }, copy: { n: 1 } },
    ]);
  });
  it("keeps the place of integer-like keys and takes the names of inherited things for what they are", async () => {
    const run = driveFlow(step('set data."7" = 1 set data.constructor = 2 set data."__proto__" = 3'));
    await run.send("a", '{"b":0,"3":1}', "{}");
    await run.finish();
    expect(run.receivedText("out")).toEqual([
      '{"b":0,"3":1,"7":1,"constructor":2,"__proto__":3}',
      '{"7":1,"constructor":2,"__proto__":3}',
    ]);
  });
  it("never changes a constant of the program", async () => {
    const once = "map { a: 1, b: { c: [1] } } set data.a = data.a + 1 set data.b.c = 2 set data.b.d = 3";
    expect(await through(step(once), [{}, {}])).toEqual([
      { a: 2, b: { c: 2, d: 3 } },
      { a: 2, b: { c: 2, d: 3 } },
    ]);
    const given = "set data.x = { c: 1 } set data.x.c = data.x.c + 1";
    expect(await through(step(given), [{}, {}])).toEqual([{ x: { c: 2 } }, { x: { c: 2 } }]);
  });
  it("never changes the rows of a table", async () => {
    const flow = `type Row { id: string, tags: any }
      table rows: Row { memory { events: [{ id: "x", tags: { n: 1 } }] } key data.id }
      source a { memory {} }
      step s from a { set data.tags = rows["x"].value().tags set data.tags.n = data.i }
      sink out from s { memory {} }`;
    expect(await through(flow, [{ i: 5 }, { i: 6 }])).toEqual([
      { i: 5, tags: { n: 5 } },
      { i: 6, tags: { n: 6 } },
    ]);
    expect(await through(flow.replace("set data.tags.n = data.i", ""), [{ i: 5 }])).toEqual([{ i: 5, tags: { n: 1 } }]);
  });
});

describe("remove", () => {
  it("takes fields away; one that is not there is no mistake", async () => {
    expect(
      await through(step("remove data.a, data.b.c, data.x.y"), [{ a: 1, b: { c: 2, d: 3 } }, { b: 5 }, {}]),
    ).toEqual([{ b: { d: 3 } }, { b: 5 }, {}]);
  });
});

describe("expand", () => {
  it("makes an event of each element", async () => {
    expect(
      await through(step("expand data.items"), [{ items: [1, "b", { c: 3 }] }, { items: [] }, { items: [null] }]),
    ).toEqual([1, "b", { c: 3 }, null]);
  });
  it("lets elements fail one by one", async () => {
    const run = driveFlow(step("expand data.items map 10 / data"));
    await run.send("a", { items: [1, 0, 5] });
    await run.finish();
    expect(run.received("out")).toEqual([10, 2]);
    expect(run.deadLetters()).toMatchObject([
      { node: "s", operator: "map", position: "pushed/0/1", text: '{"items":[1,0,5]}' },
    ]);
  });
  it("makes the event bad when there is no list", async () => {
    const run = driveFlow(step("expand data.items"));
    await run.send("a", { items: 5 });
    await run.finish();
    expect(run.deadLetters()).toMatchObject([{ operator: "expand" }]);
  });
  it("gives each element an id of its own, the same every run", async () => {
    const flow = step("expand data.items expand data map event.id");
    const events = [{ items: [[1, 2], [3]] }];
    expect(await through(flow, events)).toEqual(["pushed/0/0/0", "pushed/0/0/1", "pushed/0/1/0"]);
  });
});

describe("flatten", () => {
  const nested = '{"a":{"b":1,"c":[true,null,{}]},"d":[],"e":"x\\"y","f":{},"g":1.5,"h":null}';
  const flat = '{"a.b":1,"a.c.0":true,"a.c.1":null,"a.c.2":{},"d":[],"e":"x\\"y","f":{},"g":1.5,"h":null}';
  it("joins keys; lists count from 0; null, [] and {} are leaves", async () => {
    const run = driveFlow(step("flatten"));
    await run.send("a", nested);
    await run.finish();
    expect(run.receivedText("out")).toEqual([flat]);
  });
  it("gives the same where its result is used as data", async () => {
    const run = driveFlow(step("flatten filter true"));
    await run.send("a", nested);
    await run.finish();
    expect(run.receivedText("out")).toEqual([flat]);
  });
  it.each(["flatten", "flatten filter true"])(
    "keeps one of two equal keys, numbers as they were spelt, and the order of keys (%s)",
    async (operators) => {
      const run = driveFlow(step(operators));
      await run.send("a", '{"a":{"b":1},"z":0,"a.b":2}', '{"x":{"9":1.0,"2":9007199254740993}}', "[5,[6]]");
      await run.finish();
      expect(run.receivedText("out")).toEqual([
        '{"a.b":2,"z":0}',
        '{"x.9":1.0,"x.2":9007199254740993}',
        '{"0":5,"1.0":6}',
      ]);
    },
  );
  it("joins with another separator, even where keys hold parts of it", async () => {
    const run = driveFlow(step('flatten { separator: "::" }'));
    await run.send("a", '{"a:":{"b":1},"a":{":b":2}}');
    await run.finish();
    expect(run.receivedText("out")).toEqual(['{"a:::b":2}']);
  });
  it("makes what is no record a bad event", async () => {
    const run = driveFlow(step("flatten"));
    await run.send("a", "5");
    await run.finish();
    expect(run.deadLetters()).toMatchObject([{ operator: "flatten", reason: "flatten needs a record or a list" }]);
  });
});

describe("unflatten", () => {
  it("undoes flatten", async () => {
    const value = { a: { b: 1, c: [true, null, {}] }, d: [], f: {}, g: [[1], { x: 2 }] };
    expect(await through(step("flatten unflatten"), [value])).toEqual([value]);
  });
  it("makes keys that contradict each other a bad event", async () => {
    const run = driveFlow(step("unflatten"));
    await run.send("a", { a: 1, "a.b": 2 });
    await run.finish();
    expect(run.deadLetters()).toMatchObject([{ operator: "unflatten" }]);
  });
});

describe("sample", () => {
  it("keeps its share, and the same events every run", async () => {
    const events = Array.from({ length: 4000 }, (_, n) => ({ n }));
    const once = await through(step("sample 0.25"), events);
    expect(once.length).toBeGreaterThan(900);
    expect(once.length).toBeLessThan(1100);
    expect(await through(step("sample 0.25"), events)).toEqual(once);
  });
  it("keeps all at 1 and none at 0", async () => {
    expect(await through(step("sample 1.0"), [{ n: 1 }])).toEqual([{ n: 1 }]);
    expect(await through(step("sample 0.0"), [{ n: 1 }])).toEqual([]);
  });
});

describe("throttle", () => {
  it.each([
    ["", 0],
    [" on a machine that is busy", 1_000],
  ])("lets no more through than its rate, by making the source wait, and drops none%s", async (_, turnMs) => {
    let realMs = 0;
    vi.spyOn(performance, "now").mockImplementation(() => (realMs += turnMs));
    onTestFinished(() => void vi.restoreAllMocks());
    const run = driveFlow(step("throttle 10/s"));
    await run.send("a", ...Array.from({ length: 25 }, (_, n) => n));
    const seen: number[] = [];
    for (let second = 0; second < 3; second++) {
      await run.advanceMs(1_000);
      seen.push(run.received("out").length);
    }
    await run.finish();
    expect(seen.map((count, second) => Math.abs(count - 10 * (second + 1)) <= 1 || count === 25)).toEqual([
      true,
      true,
      true,
    ]);
    expect(run.received("out")).toEqual(Array.from({ length: 25 }, (_, n) => n));
  });
});

describe("time and attributes", () => {
  it("replace the event's time and attributes, for this branch only", async () => {
    const run = driveFlow(`source a { memory {} }
      step timed from a { time timestamp(data.at) attributes { type: "x.y", subject: data.who } map { at: event.time, type: event.type, subject: event.subject } }
      step plain from a { map { at: event.time, type: event.type, has: has(event.subject) } }
      sink one from timed { memory {} } sink two from plain { memory {} }`);
    await run.sendMessage("a", {
      bytes: Buffer.from('{"at":"2026-01-05T08:00:00.123456789Z","who":"me"}'),
      position: "p",
      timeMs: 1_000,
    });
    await run.finish();
    expect([run.received("one"), run.received("two")]).toEqual([
      [{ at: "2026-01-05T08:00:00.123456789Z", type: "x.y", subject: "me" }],
      [{ at: "1970-01-01T00:00:01Z", type: "io.argoproj.dataflow.record", has: false }],
    ]);
  });
  it("reach a sink that has attributes", async () => {
    const run = driveFlow(step("attributes { subject: data.who, n: data.n }"));
    await run.sendMessage("a", { bytes: Buffer.from('{"who":"me","n":5}'), position: "p/1", timeMs: 1_000 });
    await run.finish();
    expect(run.receivedMessages("out")[0]?.attributes).toEqual({
      specversion: "1.0",
      id: "p/1",
      source: "/test/a",
      type: "io.argoproj.dataflow.record",
      time: "1970-01-01T00:00:01Z",
      subject: "me",
      n: "5",
    });
  });
});

describe("attributes in a structured CloudEvent", () => {
  it("are integers and booleans where CloudEvents has them, and else text", async () => {
    const run = driveFlow(`source a { memory {} }
      step s from a { attributes { subject: data.n, n: data.n, big: data.big, ok: data.n > 3, part: 0.5, word: "5" } }
      step t from s { attributes { n: "text", more: 7 } }
      sink one from s { memory {} format cloudevents } sink two from t { memory {} format cloudevents }`);
    await run.send("a", { n: 5, big: 3_000_000_000 });
    await run.finish();
    const [one, two] = ["one", "two"].map((sink) => JSON.parse(run.receivedText(sink)[0]!) as Record<string, unknown>);
    const set = { subject: "5", big: "3000000000", ok: true, part: "0.5", word: "5" };
    expect(one).toMatchObject({ ...set, n: 5 });
    expect(two).toMatchObject({ ...set, n: "text", more: 7 });
  });
});

describe("log", () => {
  it("writes every event that passes to the log and lets it on", async () => {
    const run = driveFlow(step('log "here"'));
    await run.send("a", { n: 1 });
    await run.finish();
    expect(run.logged).toEqual([{ fields: { node: "s", label: "here", data: '{"n":1}' }, message: "event" }]);
    expect(run.received("out")).toEqual([{ n: 1 }]);
  });
});

describe("what the runtime lacks", () => {
  it("is refused by name before anything runs", async () => {
    const stage = stageOf(step("filter true"));
    const nodes = stage.nodes.map((node) =>
      node.kind === "step"
        ? { ...node, operators: [{ op: "container" as const, at: "x.flow:1:1", image: "i", options: {} }] }
        : node,
    );
    const { drive } = await import("../engine/drive.ts");
    const run = drive({ ...stage, nodes });
    await expect(run.finish()).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("'s' (x.flow:1:1) is a program of its own, and none can be started here"),
    });
  });
});
