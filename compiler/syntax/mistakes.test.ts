import { describe, expect, it } from "vitest";
import { expectDiagnostics } from "../../test/support/expect-diagnostics.ts";
import { syntaxCodes } from "../source/codes/syntax.ts";
import type { Diagnostic, Fix } from "../source/diagnostic.ts";
import { sourceText } from "../source/source-text.ts";
import type { NodeDeclaration } from "./ast.ts";
import { parse } from "./parse.ts";

const diagnose = (text: string): readonly Diagnostic[] => parse(sourceText("test.flow", text)).diagnostics;
const check = (annotated: string): void => expectDiagnostics(annotated, (source) => parse(source).diagnostics);

function applied(text: string, fix: Fix): string {
  return [...fix.edits]
    .sort((a, b) => b.start - a.start)
    .reduce((now, edit) => now.slice(0, edit.start) + edit.newText + now.slice(edit.end), text);
}

describe("every FLOW1xxx", () => {
  const rows = Object.entries(syntaxCodes);

  it.each(rows)("%s is what its example gives, once", (code, row) => {
    // Too many mistakes come with a hundred others.
    const codes = diagnose(row.example).map((one) => one.code as string);
    expect(code === "FLOW1024" ? codes.slice(100) : codes).toEqual([code]);
  });

  it.each(rows)("%s is gone where its example is mended", (_, row) => {
    expect(row.mended).toBeDefined();
    expect(diagnose(row.mended!)).toEqual([]);
  });

  it.each(rows)("%s has a fix that mends, or none", (code, row) => {
    if (code === "FLOW1024") return;
    for (const fix of diagnose(row.example).flatMap((one) => one.fixes))
      expect(diagnose(applied(row.example, fix))).toEqual([]);
  });
});

describe("one mistake gives one message and leaves its neighbours whole", () => {
  it("a forgotten opening brace takes its closing one along, on one line or on several", () => {
    check(`
source a stdin {} }
//       ^^^^^ error FLOW1010: Here \`{\` should stand, not \`stdin\`.
sink o from a { stdout {} }
`);
    check(`
source a { stdin {} }
step s from a filter data.x > 1 }
//            ^^^^^^ error FLOW1010: Here \`{\` should stand, not \`filter\`.
sink o from s { stdout {} }
`);
    check(`
source a { stdin {} }
step s from a
//          ^ error FLOW1009: After \`a\` \`{\` is missing; it must begin on the same line.
  filter data.x > 1
}
sink o from s { stdout {} }
`);
  });

  it("a match operator from elsewhere names the function to use", () =>
    check(`
source a { stdin {} }
step s from a { filter data.x =~ "a+" }
//                            ^^ error FLOW1013: \`=~\` is no operator here: write \`.matches(…)\`.
sink o from s { stdout {} }
`));

  it("a half-written option does not take the next line", () =>
    check(`
source lines: Line {
  kafka {
    brokers: ["kafka:9092"]
    topic:
    //   ^ error FLOW1009: After \`topic:\` a value is missing; it must begin on the same line.
  }
  time data.at
}`));

  it("a half-written field does not take the next clause", () => {
    check(`
step a from b {
  filter data.
  //         ^ error FLOW1009: After \`.\` a field name is missing; it must begin on the same line.
  log "x"
}`);
    const [step] = parse(sourceText("test.flow", 'step a from b {\n  filter data.\n  log "x"\n}')).file
      .declarations as [NodeDeclaration];
    expect(step.clauses.map((clause) => [clause.row, clause.arguments.length])).toEqual([
      ["step.filter", 1],
      ["step.log", 1],
    ]);
  });

  it("a forgotten brace of a declaration is found at the next one", () =>
    check(`
step a from b {
//            ^ error FLOW1007: This \`{\` is never closed: \`}\` is missing.
  filter data.x

step c from a {
  filter data.y
}`));

  it("a forgotten brace of a record is found by indentation", () =>
    check(`
source lines: Line {
  kafka { brokers: ["kafka:9092"], topic: "lines"
  //    ^ error FLOW1007: This \`{\` is never closed: …
  time data.at
}
step c from lines { filter data.y }`));

  it("a forgotten parenthesis does not take the next line", () =>
    check(`
step a from b {
  filter size(data.items
  //         ^ error FLOW1007: This \`(\` is never closed: \`)\` is missing.
  log "x"
}`));

  it("a forgotten quote does not take the bracket behind it", () =>
    check(`
source lines: Line { kafka { topic: "lines } }
//                                  ^^^^^^ error FLOW1002: This string has no closing quote on its line. Text of several lines stands in triple quotes.
test "t {
//   ^^ error FLOW1002: This string has no closing quote on its line. Text of several lines stands in triple quotes.
  restart
}`));

  it("each of several mistakes has its own", () =>
    check(`
step a from b {
  filtr data.x > 5
//^^^^^ error FLOW1016: \`filtr\` is no clause of a step. Did you mean 'filter'?
  filter data.a = 1
  //            ^ error FLOW1013: \`=\` is no operator here: write \`==\`.
  retry 5 else dropp
  //           ^^^^^ error FLOW1018: \`dropp\` is nothing that \`else\` takes. Did you mean 'drop'?
}`));

  it("a misspelt keyword is read as what was meant", () => {
    const { file, diagnostics } = parse(sourceText("test.flow", "wndow a from b { key data emti { n: 1 } fixed 1m }"));
    expect(diagnostics.map((one) => one.code)).toEqual(["FLOW1015", "FLOW1016"]);
    expect((file.declarations[0] as NodeDeclaration).clauses.map((clause) => clause.row)).toEqual([
      "window.key",
      "window.emit",
      "window.fixed",
    ]);
  });

  it("a word without a likeness is passed over with its line", () => {
    const { file, diagnostics } = parse(
      sourceText("test.flow", 'step a from b {\n  frobnicate { x: [1 }\n  log "x"\n}\nstep c from a {}'),
    );
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(file.declarations.map((one) => one.kind)).toEqual(["step", "step"]);
  });

  it.each([
    ["step a {\n  filter data.x\n}", []],
    ["step from a { filter data.x }", ["FLOW1010"]],
    ["step a fro b { filter data.x }", ["FLOW1010"]],
    ["step a from { filter data.x }", ["FLOW1010"]],
    ["step a from b c { filter data.x }", ["FLOW1012"]],
    ["source a: {\n  stdin {}\n}", ["FLOW1009"]],
    ["sink a from b { stdout }", ["FLOW1017"]],
    ["window a from b { sliding 10m }", ["FLOW1017"]],
    ["window a from b { sliding 10m every }", ["FLOW1009"]],
    ["window a from b { early }", ["FLOW1017"]],
    ["window a from b { early every 5s after 3 }", ["FLOW1011"]],
    ["window a from b { join x == y lefft }", ["FLOW1018"]],
    ["step a from b { map { a: 1 b: 2 } }", ["FLOW1012"]],
    ["step a from b { map { a 1 } }", ["FLOW1010"]],
    ["step a from b { map { a } }", ["FLOW1009"]],
    ["step a from b { map { a = 1 } }", ["FLOW1013"]],
    ["step a from b { set data.x == 1 }", ["FLOW1013"]],
    ["step a from b { filter a & b | c and d or not e }", ["FLOW1013", "FLOW1013", "FLOW1013", "FLOW1013", "FLOW1013"]],
    ["step a from b { filter a?.b == 1 }", ["FLOW1020"]],
    ["step a from b { filter a && }", ["FLOW1009"]],
    ["step a from b { filter && a }", ["FLOW1010"]],
    ["step a from b { filter f(1, , 2) }", ["FLOW1010"]],
    ["step a from b { filter a ? b }", ["FLOW1009"]],
    ['step a from b { filter data.x; log "y"; }', ["FLOW1014", "FLOW1014"]],
    ["step a from b { filter data.x, data.y }", ["FLOW1011"]],
    ["step a from b { throttle 100/ }", ["FLOW1009"]],
    ["step a from b { dedupe event.id }", ["FLOW1017"]],
    ["type T = string", ["FLOW1010"]],
    ["type T { a: string b: int }", ["FLOW1012"]],
    ["type T { a: }", ["FLOW1009"]],
    ['type T { a: "x" || "y" }', ["FLOW1013"]],
    ["fn f(a: int int = 1", ["FLOW1007"]],
    ["fn f(a: int) a + 1", ["FLOW1010"]],
    ["import ./common.flow", ["FLOW1010"]],
    ['test "t" { lines at { a: 1 } }', ["FLOW1010"]],
    ['test "t" { expect }', ["FLOW1017"]],
    ["# comment\nstep a from b {}", ["FLOW1001"]],
    ["step a from b { filter “x” == data.y }", ["FLOW1001", "FLOW1001"]],
    ["step größe from b {}", ["FLOW1001"]],
    ["}\nstep a from b {}", ["FLOW1008"]],
    ["step a from b {} }", ["FLOW1008"]],
    ["step a from b { filter (1] }", ["FLOW1007"]],
    ["step a from b {\n  set data.x =\n    3\n}", ["FLOW1009"]],
    ["step a from b {\n  set data.x =\n    data.y + 1\n  log 5 5\n}", ["FLOW1009", "FLOW1011"]],
    ["step a from b {\n  filter\n    data.x == 1\n}", ["FLOW1017"]],
    ["step a from b {\n  map {\n    a:\n      data.x + 1\n    b: 2 3\n  }\n}", ["FLOW1009", "FLOW1010"]],
    ["step a from b {\n  filter data.x\n    or data.y\n  log 5 5\n}", ["FLOW1013", "FLOW1011"]],
    ['test "t" { lines { a: 1 } }', ["FLOW1017"]],
    ['test "t" { expect nothing words }', ["FLOW1017"]],
    ['test "t" { expect words }', ["FLOW1017"]],
    ["pipeline p { delivery exactly-once }", ["FLOW1018"]],
    ["step a form b { filter data.x }", ["FLOW1010"]],
    ["step a from b wher data.x == 1 { filter data.x }", ["FLOW1010"]],
    ["step a from b otherwis { filter data.x }", ["FLOW1010"]],
    ["step a from b otherwise where data.x { filter data.x }", ["FLOW1011"]],
    ["sink a from b { stdout {} filter data.x }", ["FLOW1016"]],
    ['sink a from b {\n  file\n  {\n    path: "x"\n  }\n}', ["FLOW1009"]],
    ["type T { a: string?, b: int }", ["FLOW1010"]],
    ["type T { a: []string, b: int }", ["FLOW1009"]],
    ["type T { a: map<string, list<int>>, b: int }", ["FLOW1010"]],
  ])("%s", (text, codes) => {
    expect(diagnose(text).map((one) => one.code)).toEqual(codes);
  });
});

it.each([
  ["type T { note: string?, b: int }", "type T { note?: string, b: int }"],
  ["type T { note?: string?, b: int }", "type T { note?: string, b: int }"],
  ["pipeline p { delivery at-least-once }", "pipeline p { delivery at_least_once }"],
  ["step a form b wher data.x { filter data.y }", "step a from b where data.x { filter data.y }"],
  ['sink a from b {\n  file\n  {\n    path: "x"\n  }\n}', 'sink a from b {\n  file {\n    path: "x"\n  }\n}'],
])("mends %s", (text, mended) => {
  const fixes = diagnose(text).flatMap((one) => one.fixes);
  expect(applied(text, { title: "", edits: fixes.flatMap((fix) => fix.edits) })).toBe(mended);
  expect(diagnose(mended)).toEqual([]);
});
