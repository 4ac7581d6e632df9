import { describe, expect, it } from "vitest";
import { sourceText } from "../../source/source-text.ts";
import type { Expression } from "../ast.ts";
import { format } from "../format.ts";
import { printExpression, printFile } from "../print.ts";

const formatted = (text: string): string | undefined => format(sourceText("test.flow", text)).text;

describe("the formatter", () => {
  it.each([
    ["nothing", "", ""],
    ["blank lines", "\n\n \n", ""],
    ["comments alone", "\n// a\n\n\n/* b */", "// a\n\n/* b */\n"],
    ["indentation and spaces", "step  a   from b{filter  data.x==1}", "step a from b { filter data.x == 1 }\n"],
    [
      "a block of several lines",
      "step a from b {\nfilter data.x\n\n\n\nlog 'x' }",
      'step a from b {\n  filter data.x\n\n  log "x"\n}\n',
    ],
    [
      "two declarations on one line",
      "source a { stdin {} } sink b from a { stdout {} }",
      "source a { stdin {} }\nsink b from a { stdout {} }\n",
    ],
    [
      "a type of one line and of several",
      "type A {a:int,b?:string,}\ntype B {\na:int,\n\nb:{string:any}}",
      "type A { a: int, b?: string }\ntype B {\n  a: int\n\n  b: {string: any}\n}\n",
    ],
    [
      "a record of several lines",
      "step a from b { map {\na:1,b:2,\n} }",
      "step a from b {\n  map {\n    a: 1\n    b: 2\n  }\n}\n",
    ],
    [
      "optional and computed entries, which need commas",
      "step a from b {\nmap {\n?a: x\n1: y } }",
      "step a from b {\n  map {\n    ?a: x,\n    1: y\n  }\n}\n",
    ],
    [
      "a rate as one word",
      "source a { generate { rate: 10 / s, data: { half: i / n } } }",
      "source a { generate { rate: 10/s, data: { half: i / n } } }\n",
    ],
    ["lists as grouped by hand", "param p = [\n1, 2,\n3 ]", "param p = [\n  1, 2,\n  3\n]\n"],
    [
      "test data without commas",
      'test "t" {\nexpect a [\n{n:1} {n:2}\n{n:3}\n] in any order }',
      'test "t" {\n  expect a [\n    { n: 1 } { n: 2 }\n    { n: 3 }\n  ] in any order\n}\n',
    ],
    [
      "Windows line ends",
      "pipeline p\r\n\r\ntype A {\r\n a: int\r\n}\r\n",
      "pipeline p\r\n\r\ntype A {\r\n  a: int\r\n}\r\n",
    ],
    [
      "what follows a string of several lines by the room after its last line",
      `step a from b { map [\n{ a: """x\ny""" } { a: "${"z".repeat(85)}" }\n{ a: """x\ny""" } { a: 1 }\n] }`,
      `step a from b {\n  map [\n    { a: """x\ny""" }\n    { a: "${"z".repeat(85)}" }\n    { a: """x\ny""" } { a: 1 }\n  ]\n}\n`,
    ],
    ["spaces inside a string of several lines", 'param p = """a  \n  b"""', 'param p = """a  \n  b"""\n'],
  ])("lays out %s", (_, text, expected) => {
    expect(formatted(text)).toBe(expected);
  });

  it("breaks what is too long before operators, methods and items", () => {
    const long = "data.customer.address.country_code";
    expect(
      formatted(
        `step a from b { filter ${long} == "one" || ${long} == "two" || ${long}.lowerAscii().startsWith("three") }`,
      ),
    ).toBe(`step a from b {
  filter ${long} == "one"
    || ${long} == "two"
    || ${long}.lowerAscii().startsWith("three")
}
`);
    expect(
      formatted(
        `step a from b {\nset data.x = ${long} == "one" ? ${long} : ${long} == "two" ? "another quite long text" : null }`,
      ),
    ).toBe(`step a from b {
  set data.x = ${long} == "one"
    ? ${long}
    : ${long} == "two" ? "another quite long text" : null
}
`);
    expect(
      formatted(`step a from b {\nmap { first: ${long}, second: ${long}, third: ${long} } }`),
    ).toBe(`step a from b {
  map {
    first: ${long}
    second: ${long}
    third: ${long}
  }
}
`);
  });

  it("keeps comments where they are", () => {
    const text = `// File.

/// Orders.
type Order { // of a shop
  id: string // unique
  /// In pieces.
  qty: int
  // the end
}

step a from b { // first
  // before the filter
  filter data.x // why
    /* and */
    && data.y

  /* before the map */
  map {
    a: 1 // one
    // two
    b: [
      1, // first
      2
    ]
  } // after the map
  // last
}
// end
`;
    expect(formatted(text)).toBe(text);
  });

  it("takes a description that describes nothing for a plain comment", () => {
    expect(formatted("step a from b {\n  filter data.x\n  /// lost\n}\n")).toBe(
      "step a from b {\n  filter data.x\n  /// lost\n}\n",
    );
    expect(formatted('step a from b {\n  filter data.x == (\n /// lost\n 1)\n  log "x"\n}\n')).toContain("/// lost");
  });

  it("leaves a file with mistakes alone", () => {
    expect(format(sourceText("test.flow", "step a from b { filter }"))).toMatchObject({
      text: undefined,
      diagnostics: [{ code: "FLOW1017" }],
    });
  });
});

describe("trees made by hand", () => {
  const span = { start: 0, end: 0 };
  const ident = (name: string): Expression => ({ kind: "ident", name, span });
  const binary = (operator: "+" | "*" | "==", left: Expression, right: Expression): Expression => ({
    kind: "binary",
    operator,
    operatorSpan: span,
    left,
    right,
    span,
  });

  it("get the parentheses they need", () => {
    const sum = binary("+", ident("a"), ident("b"));
    expect(printExpression(binary("*", sum, sum))).toBe("(a + b) * (a + b)");
    expect(printExpression(binary("+", sum, sum))).toBe("a + b + (a + b)");
    expect(printExpression({ kind: "select", of: sum, field: { text: "c d", span }, optional: true, span })).toBe(
      "(a + b).?`c d`",
    );
    expect(printExpression({ kind: "select", of: ident("a"), field: { text: "`", span }, optional: false, span })).toBe(
      'a["`"]',
    );
    expect(
      printExpression({ kind: "unary", operator: "-", of: { kind: "int", value: -1n, raw: "", span }, span }),
    ).toBe("--1");
  });

  it("get their literals spelt", () => {
    const literals: Expression[] = [
      { kind: "string", value: 'a"\\\n\u0007é', raw: "", span },
      { kind: "double", value: 3, raw: "", span },
      { kind: "double", value: 1e21, raw: "", span },
      { kind: "uint", value: 3n, raw: "", span },
      { kind: "duration", nanos: 5_400_000_000_001n, raw: "", span },
      { kind: "size", bytes: 65_536, raw: "", span },
      { kind: "bytes", value: Uint8Array.of(0, 65, 34), raw: "", span },
    ];
    expect(literals.map(printExpression)).toEqual([
      '"a\\"\\\\\\n\\u0007é"',
      "3.0",
      "1e21",
      "3u",
      "1h30m1ns",
      "64KiB",
      'b"\\x00A\\""',
    ]);
  });

  it("are laid out as a file", () => {
    const name = (text: string) => ({ text, span });
    const text = printFile({
      kind: "file",
      span,
      comments: [],
      declarations: [
        {
          kind: "pipeline",
          doc: "What it does.\n\nAnd why.",
          keyword: span,
          name: name("p"),
          clauses: [],
          braces: false,
          span,
        },
        {
          kind: "step",
          keyword: span,
          name: name("a"),
          inputs: [{ node: name("b"), output: name("errors"), where: ident("x"), span }],
          clauses: [
            {
              keyword: name("filter"),
              row: "step.filter",
              arguments: [{ part: "test", words: [], value: ident("y"), span }],
              span,
            },
          ],
          braces: true,
          span,
        },
      ],
    });
    expect(text).toBe(
      "/// What it does.\n///\n/// And why.\npipeline p\n\nstep a from b.errors where x {\n  filter y\n}\n",
    );
  });
});
