import { describe, expect, it } from "vitest";
import { failuresOf, testFlow } from "../../test/support/test-flow.ts";

const words = `
type Line { text: string, at: timestamp }
source lines: Line { stdin {} time data.at }
step words from lines { expand data.text.split(" ") filter data != "" }
sink out from words { stdout {} }
`;
const inTest = (statements: string, pipeline = words) => `${pipeline}\ntest "it" {\n${statements}\n}\n`;
const why = async (flow: string) => {
  const [result] = await testFlow(flow);
  return result!.failures.flatMap(({ difference }) => difference?.missing.flatMap((missing) => missing.why) ?? []);
};

describe("an event of a test", () => {
  it("goes through the pipeline, and what nodes give is compared", async () => {
    expect(
      await failuresOf(inTest('lines at 0s { text: "to  be" }\nexpect words ["to", "be"]\nexpect out ["to", "be"]')),
    ).toEqual([]);
  });
  it("has the time that the test says, in the field that the source's time reads", async () => {
    expect(
      await failuresOf(inTest('lines at 90s { text: "" }\nexpect lines [{ at: "1970-01-01T00:01:30Z" }]')),
    ).toEqual([]);
  });
  it("has that time in a number of milliseconds or seconds as well", async () => {
    for (const [time, value] of [
      ["timestampMillis(data.ts)", "5000"],
      ["timestamp(data.ts)", "5"],
    ]) {
      const pipeline = `type T { ts: int } source a: T { stdin {} time ${time} } sink out from a { stdout {} }`;
      expect(await failuresOf(inTest(`a at 5s {}\nexpect a [{ ts: ${value} }]`, pipeline))).toEqual([]);
    }
  });
  it("has that time in a field of a field as well", async () => {
    const pipeline = `type Author { name: string, when: { date: timestamp } } type C { author: Author }
      source a: C { stdin {} time data.author.when.date } sink out from a { stdout {} }`;
    const steps = `a at 5s { author: { name: "x" } }
      a at 6s { author: { name: "y", when: {} } }
      expect a exactly [
        { author: { name: "x", when: { date: "1970-01-01T00:00:05Z" } } }
        { author: { name: "y", when: { date: "1970-01-01T00:00:06Z" } } }
      ]`;
    expect(await failuresOf(inTest(steps, pipeline))).toEqual([]);
  });
  it("may say its time itself, but not another one", async () => {
    const event = (at: string) => inTest(`lines at 5s { text: "", at: "${at}" }`);
    expect(await failuresOf(event("1970-01-01T00:00:05Z"))).toEqual([]);
    expect(await failuresOf(event("1970-01-01T00:00:06Z"))).toEqual([
      expect.stringContaining(
        "The event's time is 1970-01-01T00:00:06.000Z, as the 'time' of 'lines' reads it from its data, and not 5s after",
      ),
    ]);
  });
  it("has that time without a time clause, as the transport would give it", async () => {
    const pipeline = "source a { stdin {} } step b from a { map event.time } sink out from b { stdout {} }";
    expect(await failuresOf(inTest('a at 5s {}\nexpect b ["1970-01-01T00:00:05Z"]', pipeline))).toEqual([]);
  });
  it("may be made of params, functions and arithmetic", async () => {
    const pipeline = `param least: int = 2\nfn twice(n: int): int = n * 2\n
      source a { stdin {} } step b from a { filter data.n >= least } sink out from b { stdout {} }`;
    expect(
      await failuresOf(inTest("a at 0s { n: least }\na at 0s { n: least - 1 }\nexpect b [{ n: twice(1) }]", pipeline)),
    ).toEqual([]);
  });
  it("enters sources of lines and bytes as it is", async () => {
    const pipeline =
      "source a { stdin {} format lines } step b from a { map size(data) } sink out from b { stdout {} }";
    expect(await failuresOf(inTest('a at 0s "to be"\nexpect b [5]', pipeline))).toEqual([]);
    const bytes = "source a { stdin {} format bytes } step b from a { map size(data) } sink out from b { stdout {} }";
    expect(await failuresOf(inTest('a at 0s b"\\xff\\x00"\nexpect b [2]', bytes))).toEqual([]);
  });
  it("is given to sources of csv and cloudevents as data", async () => {
    for (const format of ["csv", "cloudevents"]) {
      const pipeline = `type T { n: int } source a: T { stdin {} format ${format} } sink out from a { stdout {} }`;
      expect(await failuresOf(inTest("a at 0s { n: 1 }\nexpect out [{ n: 1 }]", pipeline))).toEqual([]);
    }
  });
});

describe("an expectation", () => {
  it("is of what the node has given since the last one", async () => {
    const steps =
      'lines at 0s { text: "a" }\nexpect words ["a"]\nlines at 1s { text: "b" }\nexpect words ["b"]\nexpect nothing from words';
    expect(await failuresOf(inTest(steps))).toEqual([]);
  });
  it("holds in order, or in any", async () => {
    const steps = (order: string) => `lines at 0s { text: "a b" }\nexpect words ["b", "a"]${order}`;
    expect(await failuresOf(inTest(steps(" in any order")))).toEqual([]);
    expect(await failuresOf(inTest(steps("")))).toEqual([
      "'words' gave these events in another order. 'in any order' would accept them.",
    ]);
  });
  it("of nothing fails when something came, and says of which event", async () => {
    const [result] = await testFlow(inTest('lines at 3s { text: "a" }\nexpect nothing from words'));
    expect(result!.failures).toMatchObject([
      {
        message: "'words' gave 1 event, and should have given nothing.",
        difference: { unexpected: [{ value: '"a"', from: "'lines at 3s' (line 8)" }] },
      },
    ]);
  });
  it("leaves out fields, unless it says exactly", async () => {
    const pipeline = "source a { stdin {} } sink out from a { stdout {} }";
    const steps = (exactly: string) => `a at 0s { n: 1, m: 2 }\nexpect a ${exactly} [{ n: 1 }]`;
    expect(await failuresOf(inTest(steps(""), pipeline))).toEqual([]);
    const [result] = await testFlow(inTest(steps("exactly"), pipeline));
    expect(result!.failures[0]!.difference!.different).toMatchObject([
      { fields: [{ path: "m", expected: "nothing", actual: "2" }] },
    ]);
  });
  it("says which fields differ", async () => {
    const pipeline = "source a { stdin {} } sink out from a { stdout {} }";
    const [result] = await testFlow(
      inTest('a at 0s { w: "be", n: 2, d: { x: [1, 2] } }\nexpect a [{ w: "be", n: 3, d: { x: [1, 5] } }]', pipeline),
    );
    expect(result!.failures[0]!.difference!.different).toMatchObject([
      {
        fields: [
          { path: "n", expected: "3", actual: "2" },
          { path: "d.x[1]", expected: "5", actual: "2" },
        ],
      },
    ]);
  });
  it("sees bad events", async () => {
    const pipeline = "source a { stdin {} } step b from a { map 10 / data.n } sink out from b { stdout {} }";
    expect(
      await failuresOf(inTest('a at 0s { n: 0 }\nexpect nothing from b\nexpect b.errors [{ node: "b" }]', pipeline)),
    ).toEqual([]);
  });
});

describe("what is missing", () => {
  it("was dropped by an operator, which is named", async () => {
    const flow = inTest('lines at 0s { text: "a" }\nexpect words ["b"]', words.replace('!= ""', '== "b"'));
    expect(await why(flow)).toEqual(["'lines at 0s' (line 8): dropped by 'filter' of 'words' (test.flow:4:53)"]);
  });
  it("went another way", async () => {
    const pipeline = `source a { stdin {} } step big from a where data.n > 1 { log "x" } step small from a otherwise { log "y" }
      sink out from big, small { stdout {} }`;
    expect(await why(inTest("a at 0s { n: 1 }\nexpect big [{ n: 1 }]", pipeline))).toEqual([
      "'a at 0s' (line 4): not for 'big', whose 'where' is false (test.flow:1:28)",
    ]);
    expect(await why(inTest("a at 0s { n: 2 }\nexpect small [{ n: 1 }]", pipeline))).toEqual([
      "'a at 0s' (line 4): not for 'small', which takes what no other 'where' took (test.flow:1:73)",
    ]);
  });
  it("failed, with the reason", async () => {
    const pipeline = "source a { stdin {} } step b from a { map 10 / data.n } sink out from b { stdout {} }";
    expect(await why(inTest("a at 0s { n: 0 }\nexpect b [1]", pipeline))).toEqual([
      expect.stringMatching(/^'a at 0s' \(line 3\): gone to 'b.errors': .*zero.* \(test.flow:1:39\)$/),
    ]);
  });
  it("is no error and not late, where one was expected", async () => {
    const pipeline = "source a { stdin {} } step b from a { map 10 / data.n } sink out from b { stdout {} }";
    expect(await why(inTest('a at 0s { n: 5 }\nexpect b.errors [{ node: "b" }]', pipeline))).toEqual([
      "'a at 0s' (line 3): no error: 'b' gave 2",
    ]);
    expect(
      await why(
        inTest('watermark 89s\nsales at 10s { shop: "a", amount: 1 }\nexpect per_minute.late [{ amount: 1 }]', totals),
      ),
    ).toEqual([`'sales at 10s' (line 10): in time for the window of "a" [0s, 1m), as the watermark was at 1m29s`]);
  });
  it("was refused by the window's own where, or dropped as a result later on", async () => {
    const pipeline = `type T { at: timestamp } source a: T { stdin {} time data.at } window w from a { fixed 1m where count() > 1 emit { n: count() } } step big from w { filter data.n > 2 }
      sink out from big { stdout {} }`;
    expect(await why(inTest("a at 0s {}\nwatermark 1m\nexpect w [{ n: 1 }]", pipeline))).toEqual([
      "a result of 'w': refused by its 'where' (test.flow:1:71)",
    ]);
    expect(await why(inTest("a at 0s {}\na at 0s {}\nwatermark 1m\nexpect big [{ n: 2 }]", pipeline))).toEqual([
      expect.stringContaining("a result of 'w': dropped by 'filter' of 'big'"),
    ]);
  });
  it("never entered", async () => {
    expect(await why(inTest('expect words ["a"]'))).toEqual(["no event has come to 'lines' yet"]);
  });
  it("is explained by the event that is most like it", async () => {
    const pipeline = "source a { stdin {} } step b from a { filter data.ok } sink out from b { stdout {} }";
    const events = ["x", "y", "z"].map((id, second) => `a at ${second}s { id: "${id}", ok: false }`).join("\n");
    expect(await why(inTest(`${events}\nexpect b [{ id: "y" }]`, pipeline))).toEqual([
      expect.stringContaining("'a at 1s'"),
    ]);
  });
  it("is one element of an event whose others came through", async () => {
    const flow = inTest(
      'lines at 0s { text: "aa b" }\nexpect words ["aa", "b"]',
      words.replace('data != ""', "size(data) > 1"),
    );
    expect(await why(flow)).toEqual([expect.stringContaining("dropped by 'filter'")]);
  });
});

const totals = `
type Sale { shop: string, amount: int, at: timestamp }
source sales: Sale { stdin {} time data.at watermark 5s }
window per_minute from sales { key data.shop fixed 1m lateness 30s emit { shop: key, sold: sum(data.amount), at: window.start } }
sink out from per_minute { stdout {} }
sink too_late from per_minute.late { stdout {} }
`;

describe("time in a test", () => {
  it("moves the watermark by events, less the delay, and by the statement", async () => {
    const steps = `sales at 0s { shop: "a", amount: 1 }
      sales at 64s { shop: "a", amount: 2 }
      expect nothing from per_minute
      sales at 65s { shop: "a", amount: 4 }
      expect per_minute [{ shop: "a", sold: 1, at: "1970-01-01T00:00:00Z" }]
      watermark 2m
      expect per_minute [{ shop: "a", sold: 6, at: timestamp("1970-01-01T00:01:00Z") }]`;
    expect(await failuresOf(inTest(steps, totals))).toEqual([]);
  });
  it("does not end the input by itself: what is open stays open, and a failure says so", async () => {
    expect(
      await why(inTest('sales at 10s { shop: "a", amount: 1 }\nexpect per_minute [{ shop: "a" }]', totals)),
    ).toEqual([
      `'sales at 10s' (line 9): in the window of "a" [0s, 1m) of 'per_minute', which is still open: the watermark is at 5s`,
    ]);
  });
  it("ends the input with `end`", async () => {
    expect(
      await failuresOf(inTest('sales at 10s { shop: "a", amount: 1 }\nend\nexpect per_minute [{ sold: 1 }]', totals)),
    ).toEqual([]);
    expect(await failuresOf(inTest('end sales\nsales at 10s { shop: "a", amount: 1 }', totals))).toEqual([
      "The input of 'sales' has ended: nothing can come after.",
    ]);
  });
  it("gives what came too late at the window's late output, and says by how much", async () => {
    const steps = 'watermark 93s\nsales at 10s { shop: "a", amount: 1 }\n';
    expect(
      await failuresOf(
        inTest(`${steps}expect per_minute.late [{ shop: "a" }]\nexpect too_late [{ amount: 1 }]`, totals),
      ),
    ).toEqual([]);
    expect(await why(inTest(`${steps}expect per_minute [{ shop: "a" }]`, totals))).toEqual([
      "'sales at 10s' (line 10): too late for the window 'per_minute' by 3s, as the watermark was at 1m33s",
    ]);
  });
  it("lets a throttle's events through when processing time passes", async () => {
    const pipeline = "source a { stdin {} } step b from a { throttle 1/s } sink out from b { stdout {} }";
    const steps =
      "a at 0s { n: 1 }\na at 0s { n: 2 }\na at 0s { n: 3 }\nexpect b [{ n: 1 }]\nadvance 1s\nexpect b [{ n: 2 }]\nadvance 1s\nexpect b [{ n: 3 }]";
    expect(await failuresOf(inTest(steps, pipeline))).toEqual([]);
  });
  it("reads again after a crash what a throttle held back", async () => {
    const pipeline = "source a { stdin {} } step b from a { throttle 1/s } sink out from b { stdout {} }";
    const steps =
      "a at 0s { n: 1 }\na at 0s { n: 2 }\na at 0s { n: 3 }\nexpect b [{ n: 1 }]\nrestart\nexpect b [{ n: 2 }]\nadvance 1s\nexpect b [{ n: 3 }]";
    expect(await failuresOf(inTest(steps, pipeline))).toEqual([]);
  });
  it("goes on after a crash with what windows held", async () => {
    const steps = `sales at 0s { shop: "a", amount: 1 }
      watermark 20s
      restart
      sales at 30s { shop: "a", amount: 2 }
      expect sales [{ amount: 1 }, { amount: 2 }]
      watermark 1m
      expect per_minute [{ sold: 3 }]`;
    expect(await failuresOf(inTest(steps, totals))).toEqual([]);
  });
});

describe("an idle source in a test", () => {
  const pipeline = `type E { n: int, at: timestamp }
    source a: E { stdin {} time data.at watermark 0s }
    source b: E { stdin {} time data.at watermark 0s idle 1m }
    window w from a, b { fixed 10s emit { n: count() } }
    sink out from w { stdout {} }`;
  it("is still idle after a crash", async () => {
    const steps = `a at 1s { n: 1 }
      advance 60s
      restart
      a at 20s { n: 2 }
      expect w [{ n: 1 }]`;
    expect(await failuresOf(inTest(steps, pipeline))).toEqual([]);
  });
  it("becomes idle when it would have without the crash", async () => {
    const steps = `a at 1s { n: 1 }
      b at 2s { n: 1 }
      a at 20s { n: 2 }
      advance 59s
      restart
      expect nothing from w
      advance 1s
      expect w [{ n: 2 }]`;
    expect(await failuresOf(inTest(steps, pipeline))).toEqual([]);
  });
  it("is waited for again after a crash when it gives something", async () => {
    const steps = `a at 1s { n: 1 }
      advance 60s
      restart
      b at 2s { n: 1 }
      a at 20s { n: 2 }
      expect nothing from w
      b at 10s { n: 3 }
      expect w [{ n: 2 }]`;
    expect(await failuresOf(inTest(steps, pipeline))).toEqual([]);
  });
});

describe("a table in a test", () => {
  const pipeline = `type Team { id: string, org: string }
    table teams: Team { file { path: "none.csv" } format csv key data.id }
    source a { stdin {} } step b from a { set data.org = teams[data.team].org.orValue("none") } sink out from b { stdout {} }`;
  it("is empty, and has the rows that the test gives it from then on", async () => {
    const steps = `a at 0s { team: "t1" }
      table teams [{ id: "t1", org: "x" }]
      a at 1s { team: "t1" }
      table teams [{ id: "t2", org: "y" }]
      a at 2s { team: "t1" }
      a at 3s { team: "t2" }
      expect b [{ org: "none" }, { org: "x" }, { org: "none" }, { org: "y" }]`;
    expect(await failuresOf(inTest(steps, pipeline))).toEqual([]);
  });
});

describe("a run that ends before its test", () => {
  it("fails the test where it ended", async () => {
    const pipeline =
      "pipeline p { errors fail } source a { stdin {} } step b from a { map 10 / data.n } sink out from b { stdout {} }";
    const [result] = await testFlow(inTest("a at 0s { n: 0 }\nexpect nothing from b", pipeline));
    expect(result!.failures).toMatchObject([
      { place: { line: 3 }, message: expect.stringContaining("The run has ended: Bad event at") },
    ]);
  });
});
