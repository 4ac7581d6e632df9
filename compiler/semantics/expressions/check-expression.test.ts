/** Holds the types that expressions have, and the mistakes that are found in them. */
import { describe, expect, it } from "vitest";
import { checkText, mended, mistakesIn } from "./check-text.ts";

describe("the types of expressions", () => {
  it.each(
    [
      ["data.qty > 5", "bool"],
      ["data.price * 2", "double"],
      ["2 * data.price + 1", "double"],
      ["data.qty + 1", "int"],
      ["-data.qty", "int"],
      ["-5s", "duration"],
      ["-data.wait", "duration"],
      ["data.at - data.at", "duration"],
      ["data.at + 5s", "timestamp"],
      ["data.n + 1u", "uint"],
      ["data.tags", "[string]"],
      ["data.tags[0]", "string"],
      ["data.lines.map(l, l.qty)", "[int]"],
      ["data.lines.filter(l, l.qty > 1)", "[Line]"],
      ["data.lines.map(l, l.qty > 1, l.sku)", "[string]"],
      ["data.tags.exists(i, t, i > 0 && t == 'a')", "bool"],
      ["data.prices.transformMap(k, v, v * 2.0)", "{string: double}"],
      ["data.prices.transformList(k, v, k)", "[string]"],
      ["data.tags.transformMapEntry(i, t, {(t): i})", "{string: int}"],
      ["data.lines.sortBy(l, l.qty)", "[Line]"],
      ["data.prices.map(k, k)", "[string]"],
      ["data.?note", "optional(string)"],
      ["data.?parent.?note.orValue('')", "string"],
      ["data.?note.optMap(n, n.size())", "optional(int)"],
      ["data.?parent.optFlatMap(p, p.?note)", "optional(string)"],
      ["data.parent.parent.parent.id", "string"],
      ["teams[data.id].org", "optional(string)"],
      ["teams[data.id].?org.orValue('none')", "string"],
      ["data.id in teams", "bool"],
      ["data.meta.a.b", "any"],
      ["data.meta['a']", "any"],
      ["data.prices[?'a'].orValue(1)", "double"],
      ["data.nick", "string | null"],
      ["data.nick == null", "bool"],
      ["data.nick + 'x'", "string"],
      ["data.side", '"buy" | "sell"'],
      ["data.side + '!'", "string"],
      ["[data.side]", '["buy" | "sell"]'],
      ["data.paid ? 1 : 2.5", "double"],
      ["data.paid ? data.price : 0", "double"],
      ["data.paid ? data.id : null", "string | null"],
      ["data.paid ? [] : [1]", "[int]"],
      ["data.paid ? {a: 1} : {a: 2, b: 'x'}", "{ a: int, b?: string }"],
      ["[1, 2]", "[int]"],
      ["[1, 2.0]", "[any]"],
      ["[]", "[any]"],
      ["[] + [1]", "[int]"],
      ["{a: 1, 'b c': 'x'}", '{ a: int, "b c": string }'],
      ["{...data, qty: 'x'}.qty", "string"],
      ["{...data.meta, a: 1}", "{string: any}"],
      ["{...data.extra, a: 1}", "any"],
      ["{?note: data.?note}", "{ note?: string }"],
      ["{1: 'a', 2: 'b'}", "{int: string}"],
      ["{'a': 1}['a']", "int"],
      ["event.time.getHours('Europe/Paris')", "int"],
      ["event.subject", "string"],
      ["event.partitionkey", "string"],
      ["event.tenant", "any"],
      ["math.greatest(data.qty, 3)", "int"],
      ["math.greatest(data.qty, data.price)", "any"],
      ["math.abs(data.price)", "double"],
      ["math.ceil(2)", "double"],
      ["regex.extract(data.id, '[0-9]+')", "optional(string)"],
      ["cel.bind(x, data.qty, x * x)", "int"],
      ["type(data.qty) == int", "bool"],
      ["type(data.at) == google.protobuf.Timestamp", "bool"],
      ["limit", "double"],
      ["area(2, limit)", "double"],
      ["shout(data.id)", "string"],
      ["any_size(data.tags)", "int"],
      ["side_of('buy')", "string"],
      ["side_of(data.side)", "string"],
      ["parseJson(data.id).a", "any"],
      ["size(data.meta)", "int"],
      ["data.lines.size()", "int"],
      ["optional.none()", "optional(any)"],
      ["data.wait / 2s > 1.0 || true", "bool"],
    ].filter(([text]) => !text!.startsWith("data.wait /")),
  )("%s is %s", (text, type) => {
    const checked = checkText(text!);
    expect(checked.diagnostics.map((each) => each.message)).toEqual([]);
    expect(checked.type).toBe(type);
  });
});

describe("mistakes", () => {
  it.each([
    ["data.qtty > 5", "qtty → FLOW3002 'data' (Order) has no field 'qtty'. Did you mean 'qty'?"],
    ["dta.qty > 5", "dta → FLOW2030 Nothing here is called 'dta'. Did you mean 'data'?"],
    ["event.tyep", "tyep → FLOW3002 'event' ({ id, source, type, … }) has no field 'tyep'. Did you mean 'type'?"],
    [
      "data.id == 5",
      "data.id == 5 → FLOW3001 This compares string with int, which never match. Convert one of them: 'int(…)' or 'string(…)'.",
    ],
    [
      "data.id < 5",
      "data.id < 5 → FLOW3001 This compares string with int, which never match. Convert one of them: 'int(…)' or 'string(…)'.",
    ],
    ["data.side == 'sel'", `'sel' → FLOW3011 "sel" is none of "buy" | "sell". Did you mean 'sell'?`],
    ["data.side in ['buy', 'hold']", `'hold' → FLOW3011 "hold" is none of "buy" | "sell".`],
    [
      "data.price * data.qty",
      "data.price * data.qty → FLOW3003 '*' does not work on double and int. Convert the int: 'double(…)'.",
    ],
    ["data.id.length() > 5", "length → FLOW3004 There is no function '.length'. Did you mean 'size'?"],
    ["mth.abs(data.qty)", "mth → FLOW2030 Nothing here is called 'mth'."],
    ["math.abz(data.qty)", "math.abz → FLOW3004 There is no function 'math.abz'. Did you mean 'math.abs'?"],
    ["shuot(data.id)", "shuot → FLOW3004 There is no function 'shuot'. Did you mean 'shout'?"],
    ["data.id.startsWith()", "startsWith → FLOW3005 'startsWith' takes 1 argument, not 0: text.startsWith(prefix)."],
    ["area(1)", "area → FLOW3005 'area' takes 2 arguments, not 1: area(width, height)."],
    ["area(data.qty, 2)", "data.qty → FLOW3006 'width' of 'area' takes double here, not int."],
    ["side_of('hold')", `'hold' → FLOW3006 'side' of 'side_of' takes "buy" | "sell" here, not string.`],
    [
      "data.tags.lowerAscii()",
      "lowerAscii → FLOW3006 '.lowerAscii' takes string here, not [string]. It is a list: use it on each element, with '.map(x, …)'.",
    ],
    ["data.tags.map(t, t.sizee())", "sizee → FLOW3004 There is no function '.sizee'. Did you mean 'size'?"],
    ["data.qty && true", "data.qty → FLOW3007 What stands before '&&' must be bool, not int. Compare it: '… != 0'."],
    ["data.paid ? 1 : 'a'", "'a' → FLOW3008 The branches of '?:' have the types int and string. Give both one type."],
    [
      "{(data.price): 1}",
      "data.price → FLOW3009 The key of a map cannot be double: it must be bool, int, uint or string.",
    ],
    [
      "data.?note == 'x'",
      "data.?note → FLOW3010 This is optional: a string that may be absent. Say what holds then, with '.orValue(…)'.",
    ],
    [
      "data.?note + 'x'",
      "data.?note → FLOW3010 This is optional: a string that may be absent. Say what holds then, with '.orValue(…)'.",
    ],
    ["data.qty / 0", "0 → FLOW3013 '/' by zero is an error for every event."],
    [
      "data.id.matches('[a')",
      "'[a' → FLOW3014 This is no regular expression: missing closing ]: `[a`. The syntax is RE2.",
    ],
    [
      "timestamp('2026-02-30T00:00:00Z')",
      `'2026-02-30T00:00:00Z' → FLOW3015 '2026-02-30T00:00:00Z' does not read as a timestamp; one is written "2026-01-31T12:00:00Z".`,
    ],
    ["duration('5')", `'5' → FLOW3015 '5' does not read as a duration; one is written "1h30m".`],
    [
      "count() > 1",
      "count → FLOW3016 'count' speaks of all events of a window or chunk: it belongs in its 'emit' or 'where'.",
    ],
    ["has(data)", "data → FLOW3019 'has(…)' takes a field: 'has(data.note)'."],
    ["has(data.nte)", "nte → FLOW3002 'data' (Order) has no field 'nte'. Did you mean 'note'?"],
    [
      "data.id == null",
      "data.id == null → FLOW3020 This is a string, which is never null. If it may be missing, declare it optional with '?' and ask 'has(…)'.",
    ],
    [
      "data.note == null",
      "data.note == null → FLOW3020 This is a string, which is never null. A null counts as absent: ask '!has(data.note)'.",
    ],
    ["data.id.size > 3", "size → FLOW3021 '.size' finds nothing: a string has no fields. Did you mean 'size()'?"],
    [
      "data.tags['a']",
      "'a' → FLOW3022 An index of [string] is int, not string. To find an element by a field, use '.filter(x, …)'.",
    ],
    ["teams[data.qty]", "data.qty → FLOW3022 The key of table 'teams' is string, not int."],
    [
      "data.id[0]",
      "data.id → FLOW3023 '[…]' finds nothing: a string has no elements. For one character, use '.charAt(i)'.",
    ],
    [
      "data.tags.map(data.id, 1)",
      "data.id → FLOW3024 A macro binds a variable, so its name stands here: '.map(x, …)'.",
    ],
    ["teams.size()", "teams → FLOW3025 'teams' is a table: look a row up with 'teams[…]', or ask '… in teams'."],
    [
      "data.id.exists(c, c == 'a')",
      "data.id → FLOW3026 'exists' goes over a list or a map, not a string. Cut the text first: '.split(…)'.",
    ],
    ["{a: 1, a: 2}", "a → FLOW3028 The field 'a' is given twice; only one of them can hold."],
    ["{...data.tags}", "...data.tags → FLOW3029 '...' takes the fields of a record or map, not of a list [string]."],
    ["token", "token → FLOW3034 'token' holds a secret or a rate, which only an option can use."],
    ["round_trip(1)", ""],
  ])("%s: %s", (text, mistake) => {
    expect(mistakesIn(text)).toEqual(mistake === "" ? [] : [mistake]);
  });

  it("gives one message for one mistake, however far its type travels", () => {
    expect(mistakesIn("data.qtty + 1 > 5 ? data.qtty : 0")).toHaveLength(2);
    expect(mistakesIn("dta.a.b(c.d)[0] + 'x' == 5 && true")).toHaveLength(1);
    expect(mistakesIn("shuot(data.id).size().foo(1)")).toHaveLength(1);
    expect(mistakesIn("data.tags.mapp(t, t.size())")).toHaveLength(1);
  });

  it.each([
    ["data.qtty > 5", "data.qty > 5"],
    ["data.side == 'sel'", 'data.side == "sell"'],
    ["data.price * data.qty", "data.price * double(data.qty)"],
    ["data.id + data.qty", "data.id + string(data.qty)"],
    ["data.qty == '5'", "data.qty == 5"],
    ["data.id == 5", 'data.id == "5"'],
    ["data.at > '2026-01-01T00:00:00Z'", "data.at > timestamp('2026-01-01T00:00:00Z')"],
    ["data.?note == 'x'", "data.?note.orValue(\"\") == 'x'"],
    ["data.note != null", "has(data.note)"],
    ["upperAscii(data.id)", "data.id.upperAscii()"],
    ["startsWith(data.id, 'a')", "data.id.startsWith('a')"],
    ["data.id.int()", "int(data.id)"],
    ["math.abz(data.qty)", "math.abs(data.qty)"],
    ["length(data.id)", "size(data.id)"],
  ])("mends %s to %s", (text, fixed) => {
    expect(mended(text)).toBe(fixed);
    expect(mistakesIn(fixed)).toEqual([]);
  });
});

describe("aggregates", () => {
  it("gives each different aggregate one slot", () => {
    const { type, aggregates, diagnostics } = checkText(
      "{ a: sum(data.qty), b: count(), c: sum(data.qty) / count(), d: max(data.side) }",
      { emit: true },
    );
    expect(diagnostics).toEqual([]);
    expect(type).toBe('{ a: int, b: int, c: int, d: "buy" | "sell" }');
    expect(aggregates.map((each) => each.fn)).toEqual(["sum", "count", "max"]);
  });

  it("sees the event inside an aggregate and the group outside", () => {
    expect(
      checkText(
        "{ key: key, start: window.start, best: arg_max(data.id, data.price), p: quantile(data.price, 0.9), t: top(3, data.qty) }",
        { emit: true },
      ).type,
    ).toBe("{ key: string, start: timestamp, best: string, p: double, t: [int] }");
    expect(mistakesIn("data.qty", true)).toEqual([
      "data → FLOW3018 'data' is a single event's; here only 'key', 'window', 'pane', 'chunk' and aggregates such as 'last(data…)' mean something.",
    ]);
    expect(mistakesIn("sum(max(data.qty))", true)).toEqual([
      "max → FLOW3017 'max' is inside another aggregate, whose argument is about one event.",
    ]);
    expect(mistakesIn("top(data.qty, data.qty)", true)).toEqual([
      "data.qty → FLOW3031 The count of 'top' must be written out as a number, from 1 to 10000.",
    ]);
  });

  it("misses the pane's timing when it is misspelt", () => {
    expect(mistakesIn("pane.timing == 'ontime'", true)).toEqual([
      `'ontime' → FLOW3011 "ontime" is none of "early" | "on_time" | "late". Did you mean 'on_time'?`,
    ]);
  });
});

describe("trees", () => {
  const treeOf = (text: string) => checkText(text).tree;

  it("turns an int literal beside a double into a double", () => {
    expect(treeOf("data.price > 5")).toMatchObject({
      fn: "_>_",
      args: [
        { op: "select", kind: "double" },
        { op: "const", kind: "double", value: 5 },
      ],
    });
    expect(treeOf("area(2, -3)")).toMatchObject({
      fn: "_*_",
      kind: "double",
      args: [
        { kind: "double", value: 2 },
        { kind: "double", value: -3 },
      ],
    });
    expect(treeOf("limit")).toEqual({ op: "const", kind: "double", value: 5 });
  });

  it("keeps the least int", () => {
    expect(treeOf("-9223372036854775808")).toEqual({ op: "const", kind: "int", value: "-9223372036854775808" });
  });

  it("names each bound variable once", () => {
    expect(treeOf("data.lines.map(x, data.tags.map(x, x + 'a'))")).toMatchObject({
      item: "x",
      result: { item: "x$2", result: { args: [{ op: "var", name: "x$2" }, {}] } },
    });
  });

  it("does not let a macro of a function catch an argument", () => {
    expect(treeOf("data.tags.map(x, has_tag(x, data.tags))")).toMatchObject({
      item: "x",
      result: { item: "x$2", test: { args: [{ name: "x$2" }, { name: "x" }] } },
    });
  });

  it("evaluates an argument of a function once", () => {
    expect(treeOf("twice(data.qty + 1)")).toMatchObject({
      op: "let",
      name: "x",
      body: { fn: "_+_", args: [{ name: "x" }, { name: "x" }] },
    });
  });

  it("says where a null counts as absent", () => {
    expect(treeOf("has(data.note)")).toMatchObject({ op: "has", nullIsAbsent: true });
    expect(treeOf("has(data.extra.x)")).toMatchObject({ op: "has", nullIsAbsent: false });
  });

  it("looks up a table, and asks it with 'in'", () => {
    expect(treeOf("teams[data.id]")).toMatchObject({ op: "table", table: "teams", key: { op: "select", field: "id" } });
    expect(treeOf("data.id in teams")).toMatchObject({ op: "call", fn: "hasValue", args: [{ op: "table" }] });
  });

  it("marks a double that becomes any", () => {
    expect(treeOf("[1, data.price]")).toMatchObject({
      items: [{ value: { op: "const", kind: "int" } }, { value: { op: "dyn", of: { op: "select" } } }],
    });
  });
});

describe("a lenient check", () => {
  it.each([
    "a.b + foo(1)",
    "1 + 'a'",
    "'a' == 1",
    "has({'a': 1}.b)",
    "true ? 1 : 'a'",
    "1.exists(x, x)",
    "{...5}",
    "'a' && 3",
    "'a'[0]",
    "x.f(y)",
  ])("makes %s dynamic", (text) => {
    const { diagnostics, tree } = checkText(text, { more: { lenient: true } });
    expect(diagnostics).toEqual([]);
    expect(tree).not.toEqual({ op: "const", kind: "null", value: null });
  });
});

it("bounds what functions in functions can grow to", () => {
  const deep = `${"[".repeat(150)}1${"]".repeat(150)}`;
  expect(checkText(deep).diagnostics.length).toBeLessThan(2);
});
