/** An analysis after edits is the one that a workspace makes which sees the text for the first time; and what is checked again after an edit. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diskHost, realFiles } from "../../test/support/service-workspace.ts";
import { lower } from "../ir/lower.ts";
import { memoryHost } from "../source/host.ts";
import { type Analysis, Workspace } from "./workspace.ts";

/** Everything that an editor can see of an analysis. */
function seen({ tree, allDiagnostics, model }: Analysis): unknown {
  const types = [...model.typeOf].map(([{ span }, type]) => [span.start, span.end, type] as const);
  return {
    tree,
    allDiagnostics,
    symbols: model.symbols.map(({ declaration, ...symbol }) => ({ ...symbol, declared: declaration.span })),
    types: types.sort((a, b) => a[0] - b[0] || a[1] - b[1]),
    ir: lowered(model),
    tests: model.tests.map(({ statements }) => statements.map(({ span, kind }) => ({ span, kind }))),
    testNodes: model.tests
      .flatMap(({ statements }) => statements.flatMap((one) => ("source" in one ? one.source : [])))
      .every((node) => node === undefined || model.nodes.includes(node)),
    dependencies: model.dependencies,
  };
}

/** With the place of everything in it. A model with errors may be too broken for it. */
function lowered(model: Analysis["model"]): unknown {
  try {
    const ir = lower(model);
    return { ...ir, typeOrigins: ir.typeOrigins };
  } catch (error) {
    return String(error);
  }
}

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const words = [
  "data",
  ".",
  "data.total",
  "&& ",
  "x",
  "(",
  ")",
  "{",
  "}",
  '"',
  "\n",
  "\nstep more from ",
  "\n}\n",
  "// a\n",
  "/// b\n",
  "\nfn more(a: int): int = a\n",
  "?",
  "int",
  "1",
  " ",
];
const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    at: fc.nat(100_000),
    remove: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(4) }, fc.nat(150)),
    insert: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...words) }, fc.constant("")),
  }),
  { minLength: 1, maxLength: 5 },
);

/** Applies the edits and takes them back; after each the analysis must be the one of the text itself. */
function agreesAfter(path: string, list: readonly Edit[]): void {
  const text = diskHost.readFile(path)!;
  const ws = new Workspace(diskHost);
  ws.open(path, text);
  seen(ws.file(path));
  const undo: (readonly [number, number, string])[] = [];
  const agree = (): void => {
    const fresh = new Workspace(diskHost);
    fresh.open(path, ws.source(path).text);
    expect(seen(ws.file(path))).toEqual(seen(fresh.file(path)));
  };
  for (const { at, remove, insert } of list) {
    const now = ws.source(path).text;
    const start = at % (now.length + 1);
    const end = Math.min(now.length, start + remove);
    undo.push([start, start + insert.length, now.slice(start, end)]);
    ws.change(path, [{ start, end, newText: insert }]);
    ws.glanceAs(path, `${now.slice(0, start)}word${now.slice(start)}`, () => {});
    agree();
  }
  for (const [start, end, newText] of undo.reverse()) {
    ws.change(path, [{ start, end, newText }]);
    agree();
  }
  expect(ws.source(path).text).toBe(text);
}

describe("an analysis after edits", () => {
  it.each(realFiles())("is the one of the text itself: %s", (path) => {
    fc.assert(
      fc.property(edits, (list) => agreesAfter(path, list)),
      { numRuns: Number(process.env.FLOW_RUNS ?? 3) },
    );
  });

  it("is the one of the text itself where a bracket too many came and went", () => {
    agreesAfter("examples/08-fraud/fraud.flow", [
      { at: 0, remove: 0, insert: " " },
      { at: 16_220, remove: 2, insert: "\n}\n" },
      { at: 0, remove: 0, insert: "(" },
    ]);
  });

  it("is the one of the text itself where a clause came behind a connector on its line", () => {
    const path = "examples/01-word-count/word_count.flow";
    const text = diskHost.readFile(path)!;
    const at = text.indexOf("{ stdout {} }") + "{ stdout {}".length;
    agreesAfter(path, [{ at, remove: 0, insert: "replicas 1" }]);
  });
});

describe("an analysis after a declaration has become another", () => {
  const program = `type Line { price: double, count: int }
type Order { id: string, total: double, lines: [Line], rest: Rest }
type Rest { note?: string }
type Rate { id: string, factor: double }
param least: double = 100.0
param most: double = least
fn more(x: double): double = x + least
fn twice(x: double): double = more(more(x))
fn shout(text: string): string = text.upperAscii()
table rates: Rate { file { path: "rates.ndjson" } key data.id }
source orders: Order { file { path: "orders.ndjson" } }
source others: Rate { file { path: "others.ndjson" } }
step large from orders { filter twice(data.total) > most set data.total = twice(data.total) }
step priced from large { set data.sum = data.lines.map(line, line.price * double(line.count)) set data.by = rates[data.id].?factor.orValue(1.0) }
step named from priced { set data.name = shout(data.id) set data.note = data.rest.?note.orValue("") }
step rated from others { filter data.factor > least }
sink out from named { file { path: "out.ndjson" } }
sink rest from rated { file { path: "rest.ndjson" } }
test "large ones are named" {
  orders at 0s { id: "a", total: 200.0, lines: [], rest: {} }
  expect named [{ name: "A", total: twice(1.0) }]
}
`;
  const alternatives: readonly (readonly [string, string])[] = [
    ["price: double", "price: string"],
    ["note?: string", "note: int"],
    ["rest: Rest }", "rest: Line }"],
    ["total: double", "total: any"],
    ["factor: double", "factor: int"],
    ["least: double = 100.0", 'least = "x"'],
    ["double = least", "double = 7.0"],
    ["x + least", "x + 1.0"],
    ["x + least", "twice(x)"],
    ["more(more(x))", "more(x, x)"],
    ["shout(text: string)", "shout(text: int)"],
    ["shout(text", "loud(text"],
    ["key data.id }", "key data.factor }"],
    ["fn more", "fn less"],
    ["type Rest", "type Best"],
    ["param least", "// A comment.\nparam least"],
    ["fn twice", "fn twice(x: int): int = x\nfn twice"],
  ];

  it("is the one of the text itself", () => {
    const path = "main.flow";
    const host = memoryHost({});
    fc.assert(
      fc.property(fc.array(fc.nat(alternatives.length - 1), { minLength: 1, maxLength: 8 }), (picks) => {
        const ws = new Workspace(host);
        ws.open(path, program);
        for (const pick of picks) {
          const { text } = ws.source(path);
          const [one, other] = alternatives[pick]!;
          const [from, to] = text.includes(other) ? [other, one] : [one, other];
          const start = text.indexOf(from);
          if (start >= 0) ws.change(path, [{ start, end: start + from.length, newText: to }]);
          const fresh = new Workspace(host);
          fresh.open(path, ws.source(path).text);
          expect(seen(ws.file(path))).toEqual(seen(fresh.file(path)));
        }
      }),
      { numRuns: 20 * Number(process.env.FLOW_RUNS ?? 3) },
    );
  });

  it("has no mistake to begin with", () => {
    const ws = new Workspace(memoryHost({}));
    ws.open("main.flow", program);
    expect(ws.file("main.flow").diagnostics.map(({ message }) => message)).toEqual([]);
  });
});

describe("after an edit", () => {
  const main = `import "./common.flow"
type Order { id: string, total: double }
source orders: Order { file { path: "orders.ndjson" } }
step large from orders { filter data.total > least }
step taxed from large { set data.tax = data.total * 0.2 }
step named from taxed { set data.name = shout(data.id) }
step small from orders { filter data.total < 1.0 }
sink out from named { file { path: "out.ndjson" } }
sink rest from small { file { path: "rest.ndjson" } }
test "large ones are named" {
  orders at 0s { id: "a", total: 200.0 }
  expect named [{ name: "A!" }]
}
`;
  const common = `param least = 100.0\nfn shout(text: string): string = text.upperAscii() + "!"\n`;
  const opened = (): Workspace => {
    const ws = new Workspace(memoryHost({ "common.flow": common }));
    ws.open("main.flow", main);
    ws.open("common.flow", common);
    expect(ws.file("main.flow").diagnostics).toEqual([]);
    return ws;
  };
  const checkedAfter = (ws: Workspace, from: string, to: string, path = "main.flow"): number => {
    const start = ws.source(path).text.indexOf(from);
    ws.change(path, [{ start, end: start + from.length, newText: to }]);
    expect(ws.file("main.flow").diagnostics).toEqual([]);
    return ws.counts("main.flow")!.checked;
  };

  /** The nodes, and the test. */
  const all = 8;

  it("only the node it stands in is checked, when what that gives stays the same", () => {
    expect(checkedAfter(opened(), "data.total > least", "data.total >= least")).toBe(1);
  });

  it("the nodes behind it are checked where what they read is another", () => {
    expect(checkedAfter(opened(), "data.tax = data.total * 0.2", 'data.tax = "none"')).toBe(4);
  });

  it("nothing is checked when only a comment is new, or lines are", () => {
    expect(checkedAfter(opened(), "source orders", "// They come in.\n\n\nsource orders")).toBe(0);
  });

  it("the nodes behind a step are checked where it declares another type, or that type is another", () => {
    const text = `type A { n: int }
source orders { stdin {} }
step scored: A from orders { process { command: ["score"] } }
step large from scored { filter data.n > 1 }
step other: A from orders { process { command: ["other"] } }
sink out from large { stdout {} }
sink rest from other { stdout {} }
`;
    const opened = (): Workspace => {
      const ws = new Workspace(memoryHost({}));
      ws.open("main.flow", text);
      expect(ws.file("main.flow").diagnostics).toEqual([]);
      return ws;
    };
    expect(checkedAfter(opened(), "n: int }", "n: double }")).toBe(5);
    expect(checkedAfter(opened(), "scored: A", "scored: { n: double }")).toBe(3);
    expect(checkedAfter(opened(), '["score"]', '["scores"]')).toBe(1);
  });

  it("only what looks at a type, a function or a param that is another is checked, and what reads that", () => {
    expect(checkedAfter(opened(), "total: double }", "total: double, note?: string }")).toBe(all);
    // `named` and its test.
    expect(checkedAfter(opened(), '+ "!"', '+ "!!"', "common.flow")).toBe(2);
    // `large`: what it gives stays the same.
    expect(checkedAfter(opened(), "100.0", "150.0", "common.flow")).toBe(1);
  });

  it("a function that calls another which is another has its callers checked", () => {
    const ws = opened();
    checkedAfter(
      ws,
      'text.upperAscii() + "!"',
      'loud(text)\nfn loud(text: string): string = text + "!"',
      "common.flow",
    );
    expect(checkedAfter(ws, 'text + "!"', 'text + "!!"', "common.flow")).toBe(2);
  });

  it("everything is checked when there is one more type, function or param", () => {
    expect(checkedAfter(opened(), "param least", "fn one(): int = 1\nparam least", "common.flow")).toBe(all);
  });

  it("the import's own places are those of its text, though nothing is checked again", () => {
    const ws = opened();
    expect(checkedAfter(ws, "fn shout", "// Loud.\nfn shout", "common.flow")).toBe(0);
    const shout = ws.file("main.flow").model.symbols.find(({ name }) => name === "shout");
    expect(ws.source("common.flow").text.slice(shout?.at.start, shout?.at.end)).toBe("shout");
  });

  it("what was wrong elsewhere is still said, in its new place", () => {
    const ws = opened();
    ws.change("main.flow", main.replace("* 0.2", "* true"));
    const [before] = ws.file("main.flow").diagnostics;
    ws.change("main.flow", `// One line more.\n${ws.source("main.flow").text}`);
    const [after] = ws.file("main.flow").diagnostics;
    expect(ws.counts("main.flow")?.checked).toBe(0);
    expect(after).toEqual({ ...before, at: { ...before!.at, start: before!.at.start + 18, end: before!.at.end + 18 } });
  });
});
