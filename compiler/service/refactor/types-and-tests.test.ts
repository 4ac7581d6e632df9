/** Types from what is read and from records, tests from windows, and a place for bad events. */
import { describe, expect, it } from "vitest";
import { offersIn } from "../../../test/support/after-refactoring.ts";
import { testFlow } from "../../../test/support/test-flow.ts";

describe("a type from use", () => {
  it("has the fields that are read, of the types that fit", () => {
    const text = `source ‸orders {
  stdin {}
  time data.at
}

step paid from orders where data.total > 100.0 {
  filter data.paid && data.name.lowerAscii() != "x" && data.items.exists(i, i.qty > 2)
  set data.own = data.customer.id
  filter data.own != null && data.?note.orValue("") == ""
}

sink out from paid { stdout {} }
`;
    expect(offersIn(text).textAfter("Declare type 'Order' from what is read")).toBe(
      `type Order {
  at: timestamp
  total: double
  paid: bool
  name: string
  items: [{ qty: int }]
  customer: { id: any }
  note?: any
}

${text.replace("‸orders", "orders: Order")}`,
    );
  });

  it("lets the events of tests lack what they lack", () => {
    const text = `source ‸a { stdin {} }\n\nsink out from a where data.x == 1 || data.y == "b" { stdout {} }\n\ntest "t" {\n  a at 0s { x: 1 }\n  expect out [{ x: 1 }]\n}\n`;
    expect(offersIn(text).textAfter("Declare type 'A' from what is read")).toContain("type A { x: int, y?: string }\n");
  });

  it("is not offered where the type is known or nothing is read", () => {
    const { titles } = offersIn("source ‸a { stdin {} }\nsink out from a { stdout {} }\n");
    expect(titles.filter((title) => title.startsWith("Declare"))).toEqual([]);
  });
});

describe("a type from records", () => {
  it("is that of the file which the source reads", () => {
    const text = `source ‸clicks { file { path: "clicks.ndjson" } }\n\nsink out from clicks { stdout {} }\n`;
    const files = { "clicks.ndjson": '{"page":"/a","ms":1.5}\n{"page":"/b","ms":2,"user":"ann"}\n' };
    expect(offersIn(text, files).textAfter("Declare type 'Click' from the file")).toBe(
      `type Click { page: string, ms: double, user?: string }\n\n${text.replace("‸clicks", "clicks: Click")}`,
    );
  });

  it("is that of the events in tests and in memory", () => {
    const text = `source ‸a { memory { events: [{ id: 1, tags: ["x"] }] } }\n\nsink out from a { stdout {} }\n\ntest "t" {\n  a at 0s { id: 2, tags: [], at: "2026-01-01T00:00:00Z" }\n  expect out [{ id: 2 }]\n}\n`;
    expect(offersIn(text).textAfter("Declare type 'A' from the records")).toContain(
      "type A { id: int, tags: [string], at?: timestamp }\n",
    );
  });

  it("of a sample can be written out", () => {
    const text = `type ‸Order from sample("o.ndjson")\n\nsource a: Order { stdin {} }\n\nsink out from a { stdout {} }\n`;
    expect(offersIn(text, { "o.ndjson": '{"id":1}\n' }).textAfter("Write out")).toContain("type Order { id: int }\n");
  });
});

describe("a test from a window passes", () => {
  const flow = (
    steps: string,
    window: string,
    type = "{ user: string, page: string, ms: int, total: double, at: timestamp }",
  ) =>
    `type Click ${type}\n\nsource clicks: Click {\n  stdin {}\n  time data.at\n}\n\n${steps}window ‸w from ${steps === "" ? "clicks" : "s"} {\n${window}\n}\n\nsink out from w { stdout {} }\n`;

  it.each([
    [
      "fixed",
      "",
      "  key data.user\n  fixed 1m\n  emit { user: key, n: count(), sum: sum(data.ms), from: window.start }",
      'w [{ user: "a", n: 2, sum: 3, from: "1970-01-01T00:00:00Z" }]',
    ],
    [
      "fixed with an offset",
      "",
      "  fixed 1h offset 15m\n  emit { n: count(), until: window.end, mean: avg(data.total) }",
      'w [{ n: 2, until: "1970-01-01T01:15:00Z", mean: 2.0 }]',
    ],
    [
      "with a condition",
      "",
      "  key data.user\n  fixed 1m\n  where count() > 3\n  emit { n: count(), most: max(data.ms), ms: list(data.ms) }",
      "w [{ n: 4, most: 4, ms: [1, 2, 3, 4] }]",
    ],
    [
      "session",
      "",
      "  key data.user, data.page\n  session 30m max 4h\n  emit { user: key[0], first: first(data.ms), last: last(data.ms) }",
      'w [{ user: "a", first: 1, last: 2 }]',
    ],
    [
      "global",
      "",
      "  key data.user\n  global\n  emit { n: count(), avg: avg(data.ms), least: min(data.total) }",
      "w [{ n: 2, avg: 1.5, least: 1.5 }]",
    ],
    ["count", "", "  count 3\n  emit { n: count(), sum: sum(data.total) }", "w [{ n: 3, sum: 7.5 }]"],
    [
      "after filters",
      'step s from clicks where data.ms > 100 {\n  filter data.user.startsWith("bot-") && data.page == "/a"\n  set data.cost = data.total * 2.0\n}\n\n',
      "  key data.user\n  fixed 1m\n  emit { user: key, cost: sum(data.cost) }",
      'user: "bot-"',
    ],
    [
      "after expand",
      'step s from clicks {\n  expand (data.user + " x").split(" ")\n}\n\n',
      "  key data\n  fixed 1m\n  emit { word: key, n: count() }",
      'w [{ word: "a", n: 2 }, { word: "x", n: 2 }] in any order',
    ],
    [
      "after conversions",
      "step s from clicks {\n  map { n: int(data.user) + data.ms }\n}\n\n",
      "  fixed 1m\n  emit { n: sum(data.n) }",
      "w [{ n: 5 }]",
    ],
    [
      "with what cannot be foreseen",
      "",
      "  fixed 1m\n  emit { n: count(), some: quantile(data.ms, 0.5) }",
      "w [{ n: 2 }]",
    ],
    [
      "with panes that are taken back",
      "",
      "  key data.user\n  fixed 1m\n  panes retract\n  lateness 1m\n  emit { n: count() }",
      "w [{ n: 2 }]",
    ],
  ])("%s", async (_, steps, window, expected) => {
    const text = offersIn(flow(steps, window)).textAfter("Add a test of 'w'");
    expect(text).toContain(expected);
    const [result] = await testFlow(text);
    expect(result!.failures.map(({ message }) => message)).toEqual([]);
  });

  it("of a source without a type, from what is read of it", async () => {
    const text = offersIn(
      `source a {\n  stdin {}\n  time timestamp(data.at)\n}\n\nwindow ‸w from a {\n  key data.user.name\n  fixed 1m\n  emit { who: key, sum: sum(data.n) }\n}\n\nsink out from w { stdout {} }\n`,
    ).textAfter("Add a test");
    expect(text).toContain('a at 0s { user: { name: "a" }, n: 1.5 }');
    expect((await testFlow(text))[0]!.failures).toEqual([]);
  });

  it.each([
    ["  sliding 10m every 1m\n  emit { n: count() }", "Only windows of a fixed size"],
    ["  fixed 1m\n  early every 10s\n  emit { n: count() }", "It has 'early'"],
    ["  count 100\n  emit { n: count() }", "It takes too many events."],
    ["  fixed 1m\n  emit { some: quantile(data.ms, 0.5) }", "What it gives cannot be foreseen"],
  ])("or says why there is none: %s", (window, reason) => {
    expect(offersIn(flow("", window)).titles.find((title) => title.startsWith("Add a test"))).toContain(reason);
  });
});

describe("a dead letter", () => {
  it.each([
    [
      "source ‸a { stdin {} }\n\nsink b from a { stdout {} }\n",
      'pipeline main {\n  errors dead_letter { file { path: "main-errors.ndjson" } }\n}\n\nsource a',
    ],
    [
      "pipeline ‸shop\n\nsource a { stdin {} }\n\nsink b from a { stdout {} }\n",
      'pipeline shop {\n  errors dead_letter { file { path: "shop-errors.ndjson" } }\n}\n\nsource a',
    ],
    [
      "pipeline ‸shop {\n  delivery at_least_once // yes\n}\n\nsource a { stdin {} }\n\nsink b from a { stdout {} }\n",
      'pipeline shop {\n  delivery at_least_once // yes\n  errors dead_letter { file { path: "shop-errors.ndjson" } }\n}\n',
    ],
  ])("is added to the header of '%s'", (text, expected) => {
    expect(offersIn(text).textAfter("Send bad events")).toContain(expected);
  });

  it("is not offered where errors are dealt with", () => {
    const { titles } = offersIn("pipeline ‸shop { errors fail }\nsource a { stdin {} }\nsink b from a { stdout {} }\n");
    expect(titles).toEqual([]);
  });
});
