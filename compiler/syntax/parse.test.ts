import { describe, expect, it } from "vitest";
import { meaningOf } from "../../test/support/same-tree.ts";
import { clauses } from "../catalog/clauses.ts";
import { eventRow } from "../catalog/clauses-test.ts";
import { connectors } from "../catalog/connectors.ts";
import { declarations } from "../catalog/declarations.ts";
import type { Place } from "../catalog/rows.ts";
import { sourceText } from "../source/source-text.ts";
import type { Argument, Clause, Declaration, Expression, NodeDeclaration } from "./ast.ts";
import { parse, parseExpression, parseType } from "./parse.ts";
import { printExpression, printType } from "./print.ts";

function read(text: string): readonly Declaration[] {
  const { file, diagnostics } = parse(sourceText("test.flow", text));
  expect(diagnostics.map((one) => `${one.code} ${one.message}`)).toEqual([]);
  return file.declarations;
}

const headers: Readonly<Record<Place, string>> = {
  pipeline: "pipeline p",
  source: "source a: T",
  step: "step a from b",
  window: "window a from b",
  chunk: "chunk a from b",
  sink: "sink a from b",
  table: "table a: T",
  test: 'test "t"',
  errors: "pipeline p { errors dead_letter",
};

function clausesIn(place: Place, text: string): readonly Clause[] {
  const [found] = read(`${headers[place]} { ${text} }${place === "errors" ? " }" : ""}`);
  if (found?.kind === "pipeline" && place === "errors") {
    const block = found.clauses[0]?.arguments[1]?.value;
    return block?.kind === "block" ? block.clauses : found.clauses;
  }
  if (found?.kind === "pipeline") return found.clauses;
  return found?.kind === "test" ? found.statements : (found as NodeDeclaration).clauses;
}

const clauseIn = (place: Place, text: string): Clause => clausesIn(place, text)[0]!;

/** Part → how its value reads. */
function partsOf(clause: Clause): Record<string, string> {
  return Object.fromEntries(clause.arguments.map((argument) => [argument.part, textOf(argument)]));
}

function textOf({ value }: Pick<Argument, "value">): string {
  switch (value.kind) {
    case "word":
      return value.text;
    case "range":
      return `${printExpression(value.from)}..${printExpression(value.to)}`;
    case "rate":
      return `${printExpression(value.count)}/${value.per.text}`;
    case "path":
      return [value.root, ...value.steps].map((name) => name.text).join(" › ");
    case "node":
      return value.output === undefined ? value.node.text : `${value.node.text}.${value.output.text}`;
    case "many":
      return value.values.map((one) => textOf({ value: one })).join(", ");
    case "block":
      return value.clauses.map((clause) => clause.row).join(" ");
    default:
      return printExpression(value);
  }
}

const canonical = (text: string): string => {
  const { expression, diagnostics } = parseExpression(sourceText("test.flow", text));
  expect(diagnostics.map((one) => `${one.code} ${one.message}`)).toEqual([]);
  return printExpression(expression);
};

describe("the examples of the catalogue", () => {
  it.each(clauses.map((row) => [row.id, row] as const))("%s reads with all its parts known", (_, row) => {
    const clause = clauseIn(row.place, row.example);
    expect(clause.row).toBe(row.id);
    const names = new Set(row.parts.map((part) => part.name));
    expect(clause.arguments.every(({ part }) => names.has(part))).toBe(true);
  });

  it.each(connectors.map((row) => [row.name, row] as const))("%s reads as a connector", (name, row) => {
    expect(clauseIn("sink", row.example).row).toBe(`connector.${name}`);
  });

  it.each(declarations.map((row) => [row.keyword, row] as const))("%s reads as a declaration", (keyword, row) => {
    expect(read(row.example)[0]?.kind).toBe(keyword);
  });

  it("an event begins with the name of a node", () => {
    const clause = clauseIn("test", eventRow.example);
    expect([clause.row, clause.keyword.text, partsOf(clause)]).toEqual([
      "test.event",
      "lines",
      { at: "0s", data: '{ text: "to be" }' },
    ]);
  });
});

describe("clauses", () => {
  it.each<[Place, string, Record<string, string>]>([
    ["source", "watermark 5s ahead 1m idle 30s", { delay: "5s", ahead: "1m", idle: "30s" }],
    ["source", "watermark delay idle wait", { delay: "delay", idle: "wait" }],
    ["step", 'set data.a."b c".`d-e`["f"] = 1 + 2', { path: "data › a › b c › d-e › f", value: "1 + 2" }],
    ["step", "remove data.a, data.b.c", { paths: "data › a, data › b › c" }],
    ["step", "throttle 100/s", { rate: "100/s" }],
    ["step", "throttle limit", { rate: "limit" }],
    ["step", "retry 5 backoff 100ms..10s else drop", { count: "5", backoff: "100ms..10s", else: "drop" }],
    ["step", "retry n else fail backoff a..b", { count: "n", else: "fail", backoff: "a..b" }],
    ["step", "replicas 0..10 by lag 1000", { replicas: "0..10", lag: "1000" }],
    ["step", "replicas partitions", { replicas: "partitions" }],
    ["step", "flatten", {}],
    ["window", "key data.a, data.b", { key: "data.a, data.b" }],
    ["window", "join o.data.id == p.data.order_id left", { on: "o.data.id == p.data.order_id", mode: "left" }],
    ["window", "early after 10", { after: "10" }],
    ["chunk", "end when data.last", { when: "data.last" }],
    ["test", "watermark lines 61s", { source: "lines", at: "61s" }],
    ["test", "watermark 61s", { at: "61s" }],
    ["test", "watermark wait", { at: "wait" }],
    ["test", "expect nothing from w.late", { nothing: "w.late" }],
    [
      "test",
      "expect w exactly [{ a: 1 } { a: 2 }] in any order",
      { node: "w", exactly: "exactly", events: "[{ a: 1 }, { a: 2 }]", order: "any order" },
    ],
    ["test", "expect w [{ a: 1 }] exactly", { node: "w", events: "[{ a: 1 }]", exactly: "exactly" }],
    [
      "test",
      "expect w.late [{ a: 1 }] exactly in any order",
      { node: "w.late", events: "[{ a: 1 }]", exactly: "exactly", order: "any order" },
    ],
    [
      "test",
      "expect w [{ a: 1 }] in any order exactly",
      { node: "w", events: "[{ a: 1 }]", order: "any order", exactly: "exactly" },
    ],
    [
      "pipeline",
      'errors dead_letter { file { path: "x" } format json }',
      { policy: "dead_letter", deadLetter: "connector.file errors.format" },
    ],
  ])("in a %s: %s", (place, text, parts) => {
    expect(partsOf(clauseIn(place, text))).toEqual(parts);
  });

  it("may stand side by side on one line", () => {
    expect(clausesIn("table", 'file { path: "t.csv" } key data.id refresh 15m').map((clause) => clause.row)).toEqual([
      "connector.file",
      "table.key",
      "table.refresh",
    ]);
    expect(
      clausesIn("test", "lines at 0s { a: 1 } watermark 61s restart expect nothing from a restart").map(
        (clause) => clause.row,
      ),
    ).toEqual(["test.event", "test.watermark", "test.restart", "test.expect", "test.restart"]);
  });

  it("take keywords as names of fields, variables and nodes", () => {
    expect(partsOf(clauseIn("step", "filter data.window.from.step == key && window.start > data.in")).test).toBe(
      "data.window.from.step == key && window.start > data.in",
    );
    expect(
      clausesIn("test", "watermark at 0s { a: 1 } expect at [] lines at 5s {}").map((clause) => [
        clause.row,
        clause.keyword.text,
      ]),
    ).toEqual([
      ["test.event", "watermark"],
      ["test.expect", "expect"],
      ["test.event", "lines"],
    ]);
  });

  it("go on at a line that begins with an operator", () => {
    const text = 'filter data.a\n  && data.b\n  || data.c\n  ? data.items\n    .exists(i, i > 1)\n  : false\nlog "x"';
    expect(clausesIn("step", text).map(partsOf)).toEqual([
      { test: "data.a && data.b || data.c ? data.items.exists(i, i > 1) : false" },
      { label: '"x"' },
    ]);
  });

  it("carry the doc comment before them", () => {
    expect(clauseIn("step", "\n/// Only\n/// paid.\nfilter data.paid\n").doc).toBe("Only\npaid.");
  });
});

describe("declarations", () => {
  it("read a header with types, routes, aliases and side outputs", () => {
    const [step] = read(
      "step a: { x: int } from b.errors as e where x > 1, c otherwise,\n  d where { n: 1 } == y {}",
    ) as [NodeDeclaration];
    expect(printType(step.type!)).toBe("{ x: int }");
    expect(
      step.inputs.map((input) => [
        input.node.text,
        input.output?.text,
        input.alias?.text,
        input.where && printExpression(input.where),
        input.otherwise !== undefined,
      ]),
    ).toEqual([
      ["b", "errors", "e", "x > 1", false],
      ["c", undefined, undefined, undefined, true],
      ["d", undefined, undefined, "{ n: 1 } == y", false],
    ]);
  });

  it("read params, functions, types and imports", () => {
    const [, param, bare, fn, type] = read(
      'import "./a.flow"\nparam p: [string] = ["x"]\nparam q\nfn f(a: int, b): string = string(a)\ntype A from schema("a.json")',
    );
    expect([param, bare, fn, type].map(meaningOf)).toMatchObject([
      { kind: "param", name: { text: "p" }, type: { kind: "list" }, default: { kind: "list" } },
      { kind: "param", name: { text: "q" } },
      {
        kind: "fn",
        parameters: [{ name: { text: "a" } }, { name: { text: "b" } }],
        result: { kind: "name" },
        body: { kind: "call" },
      },
      { kind: "type", definition: { kind: "from", from: "schema", path: { value: "a.json" } } },
    ]);
  });

  it("carry their doc comments, a blank line between or not", () => {
    expect(read("/// One.\n///\n/// Two.\n\n// aside\ntype A { a: int }\ntype B {}").map((one) => one.doc)).toEqual([
      "One.\n\nTwo.",
      undefined,
    ]);
  });

  it("may stand on one line", () => {
    expect(
      read("source a { memory {} } step b from a { filter data.x } sink c from b { memory {} }").map((one) => one.kind),
    ).toEqual(["source", "step", "sink"]);
  });
});

describe("types", () => {
  it.each([
    ["string", "string"],
    ["[ [int] ]", "[[int]]"],
    ["{string: any}", "{string: any}"],
    ["{ string: any, }", "{string: any}"],
    ['{ "string": any }', '{ "string": any }'],
    ["{ string: int, b: int }", "{ string: int, b: int }"],
    ['{ a: int\n b?: {c: [T]}, "d e": null }', '{ a: int, b?: { c: [T] }, "d e": null }'],
    ['"buy" | "sell"\n | -1 | true', '"buy" | "sell" | -1 | true'],
  ])("%s", (text, printed) => {
    const { type, diagnostics } = parseType(sourceText("test.flow", text));
    expect([printType(type), diagnostics]).toEqual([printed, []]);
  });
});

describe("expressions", () => {
  it.each([
    ["a || b && c == d + e * -f", "a || b && c == d + e * -f"],
    ["((a || b) && (c == d)) ? (x) : (y ? 1 : 2)", "(a || b) && c == d ? x : y ? 1 : 2"],
    ["(a ? b : c) ? (d ? e : f) : g", "(a ? b : c) ? (d ? e : f) : g"],
    ["a - (b - c) - (d)", "a - (b - c) - d"],
    ["(a == b) == c", "a == b == c"],
    ["a in [1, 2] && !(b in c)", "a in [1, 2] && !(b in c)"],
    ["!!a == -(-1)", "!!a == --1"],
    ["(-1).abs() + (a + b).c[0].?d[?'k'].`e-f`", '(-1).abs() + (a + b).c[0].?d[?"k"].`e-f`'],
    ["f(a,\n b,).g()", "f(a, b).g()"],
    ["[1, ?a, (b),]", "[1, ?a, b]"],
    ["[{ a: 1 } { a: 2 }]", "[{ a: 1 }, { a: 2 }]"],
    [
      "{ a: 1, \"b c\": 2, ?d: e, ...data, 1: x, true: y, (k): v, -1: z, 'f': 3 }",
      '{ a: 1, "b c": 2, ?d: e, ...data, 1: x, true: y, (k): v, (-1): z, f: 3 }',
    ],
    ["{ a: 1\n b: c\n ?d: e }", "{ a: 1, b: c, ?d: e }"],
    ["{}", "{}"],
    ["1..foo", undefined],
    ["0x1F + 10u + 1.5 + .5 + 1e3 + 1.5e-3", "0x1F + 10u + 1.5 + .5 + 1e3 + 1.5e-3"],
    ["250ms + 1h30m + 2d + 64KiB + 1.5s", "250ms + 1h30m + 2d + 64KiB + 1.5s"],
    ["x.in.as.package", "x.in.as.package"],
    [
      `'it' + "s" + 'a "q"' + r'\\d' + b'\\xff' + """two\nlines"""`,
      `"it" + "s" + 'a "q"' + r'\\d' + b'\\xff' + "two\\nlines"`,
    ],
    ["a // why\n && /* or */ b", "a && b"],
  ] as const)("%s", (text, printed) => {
    if (printed === undefined) expect(parseExpression(sourceText("test.flow", text)).diagnostics).toHaveLength(1);
    else expect(canonical(text)).toBe(printed);
  });

  it.each([
    ['"\\x41\\u00e9\\U0001F600\\101\\n\\"\\?"', 'Aé\u{1F600}A\n"?'],
    ["r'\\n'", "\\n"],
    ['"""a\r\nb"c"""', 'a\nb"c'],
    ["''", ""],
  ])("the string %s is what CEL says", (text, value) => {
    expect(parseExpression(sourceText("test.flow", text)).expression).toMatchObject({
      kind: "string",
      value,
      raw: text,
    });
  });

  it.each<[string, Partial<Record<string, unknown>>]>([
    ["b'\\xff\\377é'", { kind: "bytes", value: Uint8Array.of(255, 255, 0xc3, 0xa9) }],
    ["1h30m", { kind: "duration", nanos: 5_400_000_000_000n }],
    ["1.5s", { kind: "duration", nanos: 1_500_000_000n }],
    ["3us", { kind: "duration", nanos: 3_000n }],
    ["64KiB", { kind: "size", bytes: 65_536 }],
    ["0xffu", { kind: "uint", value: 255n }],
    ["9223372036854775807", { kind: "int", value: 2n ** 63n - 1n }],
  ])("%s has its value", (text, expected) => {
    expect(parseExpression(sourceText("test.flow", text)).expression).toMatchObject(expected);
  });

  it("read the smallest int, and no larger one", () => {
    expect(canonical("-9223372036854775808")).toBe("-9223372036854775808");
    expect(parseExpression(sourceText("test.flow", "9223372036854775808")).diagnostics.map(({ code }) => code)).toEqual(
      ["FLOW1005"],
    );
  });

  it("read the largest double, and no larger one, in a type neither", () => {
    const codesOf = (text: string) =>
      [parseExpression, parseType].map((read) =>
        read(sourceText("test.flow", text)).diagnostics.map(({ code }) => code),
      );
    expect(codesOf("1.7976931348623157e308")).toEqual([[], []]);
    expect(codesOf("1e999")).toEqual([["FLOW1005"], ["FLOW1005"]]);
    expect(codesOf(`${"9".repeat(400)}.5`)).toEqual([["FLOW1005"], ["FLOW1005"]]);
  });

  it("keep spans of the text in which they stand", () => {
    const source = sourceText("cr.yaml", "filter: data.a > 1\n");
    const { expression } = parseExpression(source, { start: 8, end: 18 });
    expect(source.text.slice(expression.span.start, expression.span.end)).toBe("data.a > 1");
    expect(spans(expression, source.text)).toEqual(["data.a > 1", "data.a", "data", "1"]);
  });
});

function spans(expression: Expression, text: string): string[] {
  const own = text.slice(expression.span.start, expression.span.end);
  if (expression.kind === "binary") return [own, ...spans(expression.left, text), ...spans(expression.right, text)];
  return expression.kind === "select" ? [own, ...spans(expression.of, text)] : [own];
}
