import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { driveFlow, through } from "../../test/support/drive-flow.ts";

const window = (clauses: string, type = "") =>
  `${type ? `type T ${type}` : ""} source a${type ? ": T" : ""} { memory {} } window w from a { global ${clauses} } sink out from w { memory {} }`;
const numbers = (...values: readonly unknown[]) => values.map((x) => ({ x }));

describe("a global window", () => {
  it("counts by key, in the order in which the keys first came", async () => {
    const flow = window("key data.k emit { k: key, n: count() }");
    expect(await through(flow, [{ k: "b" }, { k: "a" }, { k: "b" }])).toEqual([
      { k: "b", n: 2 },
      { k: "a", n: 1 },
    ]);
  });
  it("takes keys of any type by value, and several keys as their list", async () => {
    const flow = window("key data.k, data.l emit { k: key, n: count() }");
    const events = [
      { k: 1, l: { a: 1, b: [2] } },
      { k: 1.0, l: { b: [2], a: 1 } },
      { k: "1", l: null },
      { k: null, l: "1" },
    ];
    expect(await through(flow, events)).toEqual([
      { k: [1, { a: 1, b: [2] }], n: 2 },
      { k: ["1", null], n: 1 },
      { k: [null, "1"], n: 1 },
    ]);
  });
  it("is one group without a key, and gives nothing for no events", async () => {
    expect(await through(window("emit count()"), [{}, {}, {}])).toEqual([3]);
    expect(await through(window("emit count()"), [])).toEqual([]);
  });
  it("emits only the results for which `where` is true", async () => {
    expect(
      await through(window("key data.k where count() > 1 emit key"), [{ k: "a" }, { k: "b" }, { k: "a" }]),
    ).toEqual(["a"]);
  });
  it("does not half count an event of which one aggregate fails", async () => {
    const run = driveFlow(window("emit { n: count(), sum: sum(data.x) }"));
    await run.send("a", ...numbers(1, "no", 2));
    await run.finish();
    expect(run.received("out")).toEqual([{ n: 2, sum: 3 }]);
    expect(run.deadLetters()).toMatchObject([{ node: "w", text: '{"x":"no"}' }]);
  });
  it("keeps a result that cannot be made with its key", async () => {
    const run = driveFlow(window("key data.k emit 1 / (count() - 1)"));
    await run.send("a", { k: "once" }, { k: "twice" }, { k: "twice" });
    await run.finish();
    expect(run.received("out")).toEqual([1]);
    expect(run.deadLetters()).toMatchObject([{ node: "w", position: 'w/"once"/all/0', text: '"once"' }]);
  });
  it("feeds steps and further windows", async () => {
    const flow = `source a { memory {} } window words from a { global key data.w emit { n: count() } } step some from words { filter data.n > 1 }
      window sizes from some { global key data.n emit { size: key, words: count() } } sink out from sizes { memory {} }`;
    expect(
      await through(
        flow,
        ["a", "b", "a", "b", "c", "d", "d", "d"].map((w) => ({ w })),
      ),
    ).toEqual([
      { size: 2, words: 2 },
      { size: 3, words: 1 },
    ]);
  });
});

describe("aggregates", () => {
  const all = async (emit: string, events: readonly unknown[], type?: string) =>
    (await through(window(`emit ${emit}`, type), events))[0];

  it("sum is exact for 64-bit ints, and overflow makes the event bad", async () => {
    const run = driveFlow(window("emit sum(data.x)", "{ x: int }"));
    await run.send("a", '{"x":9007199254740991}', '{"x":9007199254740993}', '{"x":9223372036854775807}');
    await run.finish();
    expect(run.receivedText("out")).toEqual(["18014398509481984"]);
    expect(run.deadLetters()).toMatchObject([{ reason: expect.stringContaining("overflow") }]);
  });
  it("sum adds doubles, also those that look like ints, and durations", async () => {
    expect(await all("sum(data.x)", numbers(0.5, 1, 2.25), "{ x: double }")).toBe(3.75);
    expect(await all("sum(data.x)", numbers(0.5, 1, 2.25))).toBe(3.75);
    expect(await all("sum(data.x)", numbers("1.5s", "1m"), "{ x: duration }")).toBe("61.5s");
    const tenths = numbers(...Array.from({ length: 10 }, () => 0.1));
    expect(await all("sum(data.x)", tenths, "{ x: double }")).toBe(1);
    expect(await all("sum(data.x)", tenths)).toBe(1);
  });
  it("min and max order numbers, strings and times", async () => {
    expect(await all("[min(data.x), max(data.x)]", numbers(3, 1, 2))).toEqual([1, 3]);
    expect(await all("[min(data.x), max(data.x)]", numbers(3.5, 1, 2), "{ x: double }")).toEqual([1, 3.5]);
    expect(await all("[min(data.x), max(data.x)]", numbers("b", "a", "é"), "{ x: string }")).toEqual(["a", "é"]);
    const times = numbers("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z");
    expect(await all("[min(data.x), max(data.x)]", times, "{ x: timestamp }")).toEqual([
      "2026-01-01T00:00:00Z",
      "2026-01-02T00:00:00Z",
    ]);
  });
  it("avg and stddev are of all values", async () => {
    expect(await all("[avg(data.x), stddev(data.x)]", numbers(2, 4, 4, 4, 5, 5, 7, 9), "{ x: int }")).toEqual([5, 2]);
    expect(await all("avg(data.x)", numbers("1s", "2s"), "{ x: duration }")).toBe("1.5s");
  });
  it("avg is of the exact sum of 64-bit ints", async () => {
    const run = driveFlow(window("emit avg(data.x)", "{ x: int }"));
    await run.send("a", ...["9007199254740993", "-9007199254740990"].map((x) => `{"x":${x}}`));
    await run.finish();
    expect(run.received("out")).toEqual([1.5]);
  });
  it.each([
    ["sessions that grow together", "session 5s", "int", [9, 9], "integer overflow"],
    ["slices of a sliding window", "sliding 10s every 5s", "int", [9, 9], "integer overflow"],
    ["values without a common order", "session 5s", "any", ["1", '"a"'], "no such overload"],
  ])(
    "%s that cannot be put together make a bad event of the result, and the run goes on",
    async (_, clause, type, [x, y], reason) => {
      const text = (value: unknown) => (value === 9 ? "9223372036854775807" : value);
      const emit = type === "int" ? "sum(data.x)" : "max(data.x)";
      const run = driveFlow(
        `type T { t: int, x: ${type} } source a: T { memory {} time timestampMillis(data.t) watermark 5s }
       window w from a { ${clause} emit { at: window.start.unixMillis(), of: ${emit} } } sink out from w { memory {} }`,
      );
      const none = type === "int" ? 0 : x;
      await run.send(
        "a",
        `{"t":0,"x":${text(x)}}`,
        `{"t":8000,"x":${text(y)}}`,
        `{"t":4000,"x":${text(none)}}`,
        `{"t":90000,"x":1}`,
      );
      await run.finish();
      expect(run.deadLetters()).toMatchObject([{ node: "w", reason: expect.stringContaining(reason) }]);
      expect(run.received("out")).toContainEqual({ at: 90_000, of: 1 });
    },
  );
  it("first and last go by event time, of equal times by arrival", async () => {
    const flow = `source a { memory {} time timestamp(data.at) } window w from a { global emit [first(data.x), last(data.x)] } sink out from w { memory {} }`;
    const at = (second: number, x: string) => ({ at: `2026-01-01T00:00:0${second}Z`, x });
    expect(await through(flow, [at(2, "b"), at(1, "a"), at(1, "a2"), at(3, "c"), at(3, "c2"), at(2, "d")])).toEqual([
      ["a", "c2"],
    ]);
  });
  it("list and distinct keep the order of arrival", async () => {
    expect(await all("[list(data.x), distinct(data.x)]", numbers("b", "a", "b", { y: 1 }, { y: 1 }))).toEqual([
      ["b", "a", "b", { y: 1 }, { y: 1 }],
      ["b", "a", { y: 1 }],
    ]);
  });
  it("arg_min and arg_max give the first of equals", async () => {
    const events = [
      { n: "a", s: 2 },
      { n: "b", s: 1 },
      { n: "c", s: 2 },
      { n: "d", s: 1 },
    ];
    expect(await all("[arg_min(data.n, data.s), arg_max(data.n, data.s)]", events)).toEqual(["b", "a"]);
  });
  it("top gives the greatest, greatest first", async () => {
    expect(await all("top(3, data.x)", numbers(1, 9, 3, 9, 5))).toEqual([9, 9, 5]);
  });
  it("quantile is exact and interpolated for few values", async () => {
    expect(
      await all(
        "[quantile(data.x, 0.5), quantile(data.x, 0.0), quantile(data.x, 1.0)]",
        numbers(4, 1, 3, 2),
        "{ x: int }",
      ),
    ).toEqual([2.5, 1, 4]);
  });
  it("quantile is within half a per cent for many", async () => {
    const values = Array.from({ length: 5_000 }, (_, i) => i + 1);
    const result = (await all(
      "[quantile(data.x, 0.5), quantile(data.x, 0.99)]",
      numbers(...values),
      "{ x: int }",
    )) as number[];
    expect(Math.abs(result[0]! / 2_500 - 1)).toBeLessThan(0.0051);
    expect(Math.abs(result[1]! / 4_950 - 1)).toBeLessThan(0.0051);
  });
  it("sum, count, min, max and distinct are those of JavaScript for any ints", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 30 }), async (xs) => {
        const result = await all(
          "[count(), sum(data.x), min(data.x), max(data.x), distinct(data.x).size()]",
          numbers(...xs),
          "{ x: int }",
        );
        expect(result).toEqual([
          xs.length,
          xs.reduce((a, b) => a + b, 0),
          Math.min(...xs),
          Math.max(...xs),
          new Set(xs).size,
        ]);
      }),
      { numRuns: 20 },
    );
  });
});
