import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryText } from "../../test/support/arbitrary-program.ts";
import { cpuMsOf } from "../../test/support/cpu-time.ts";
import { sourceText } from "../source/source-text.ts";
import { format } from "./format.ts";
import { maxDiagnosticsPerFile } from "./limits.ts";
import { parse, parseExpression, parseType } from "./parse.ts";
import { printFile } from "./print.ts";
import { scan } from "./scan.ts";

const wordCount = `/// Words.
pipeline word_count { delivery at_least_once errors dead_letter { file { path: "bad.ndjson" } } }
type Line { text: string, at: timestamp, side?: "a" | "b", more: {string: [int]} }
param brokers: [string] = ["localhost:9092"]
fn first(words: [string]): string = size(words) > 0 ? words[0] : ""
source lines: Line {
  kafka { brokers: brokers, topic: "lines" }
  time data.at
  watermark 5s idle 30s
}
step words from lines as l where data.text != "" {
  expand data.text.lowerAscii().split(" ") // each word
  set data."a b"[\`c\`] = { a: 1, "b": [1, 2], ...data, ?c: data.?c }
  retry 5 backoff 100ms..10s else drop
  replicas 0..10 by lag 1000
}
window per_minute from words { key data fixed 1m emit { n: count(), s: """x
y""" } }
test "t" { lines at 0s { text: "to be" } expect per_minute [{ n: 1 } { n: 2 }] in any order }
`;

/** Whatever the text: an answer in time, spans inside the text and in order, few messages, and a tree that prints. */
function holds(text: string): void {
  const { file, diagnostics } = parse(sourceText("test.flow", text));
  expect(diagnostics.length).toBeLessThanOrEqual(maxDiagnosticsPerFile + 1);
  for (const { at, message, related, fixes } of diagnostics) {
    for (const place of [at, ...related.map((one) => one.at), ...fixes.flatMap((fix) => fix.edits)]) {
      expect(place.start).toBeGreaterThanOrEqual(0);
      expect(place.end).toBeGreaterThanOrEqual(place.start);
      expect(place.end).toBeLessThanOrEqual(text.length);
      expect(place.file).toBe("test.flow");
    }
    expect(message).not.toMatch(/undefined|Expecting|Redundant|-->/);
  }
  checkSpans(file, text.length);
  expect(typeof printFile(file)).toBe("string");
  expect(format(sourceText("test.flow", text)).text === undefined).toBe(diagnostics.length > 0);
}

function checkSpans(node: unknown, length: number): void {
  if (typeof node !== "object" || node === null || node instanceof Uint8Array) return;
  if ("start" in node && "end" in node) {
    const { start, end } = node as { start: number; end: number };
    if (!(start >= 0 && start <= end && end <= length)) throw new Error(`Span ${start}..${end} of a text of ${length}`);
    return;
  }
  for (const child of Object.values(node)) checkSpans(child, length);
}

describe("the parser, on broken text", () => {
  it("answers wherever a file is cut off", () => {
    for (let end = 0; end <= wordCount.length; end++) holds(wordCount.slice(0, end));
  });

  it("answers wherever a file begins", () => {
    for (let start = 0; start <= wordCount.length; start += 3) holds(wordCount.slice(start));
  });

  it("answers when any one token is dropped, doubled or swapped with the next", () => {
    const { tokens } = scan(wordCount, () => {});
    for (const [i, token] of tokens.entries()) {
      const next = tokens[i + 1] ?? token;
      const before = wordCount.slice(0, token.startOffset);
      holds(before + wordCount.slice(token.end));
      holds(`${before}${token.image} ${wordCount.slice(token.startOffset)}`);
      holds(`${before}${next.image} ${token.image}${wordCount.slice(next.end)}`);
    }
  });

  it("answers whatever tokens come in whatever order", () => {
    const pieces = fc.constantFrom(
      ...'{ } ( ) [ ] , : . .. ... ? = == | ! & && || - + / ; " \' ` """ // /* */ /// \n § \\ @ # 1 5x 1m 0x .5 a data source step from where type fn param test expect nothing at filter emit \u{1F600} “ é'.split(
        " ",
      ),
      "\n",
      "\n\n",
      "\r\n",
      "\0",
      "\ud800",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), fc.constantFrom("", " "), (all, glue) => holds(all.join(glue))),
      { numRuns: 3000 },
    );
  });

  it("answers when made-up files lose a part", () => {
    fc.assert(
      fc.property(arbitraryText, fc.nat(), fc.nat(20), (text, at, length) => {
        const start = text.length === 0 ? 0 : at % text.length;
        holds(text.slice(0, start) + text.slice(start + length));
      }),
      { numRuns: 500 },
    );
  });

  it("answers for an expression or a type alone", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40, unit: "binary" }), (text) => {
        const source = sourceText("test.flow", `: ${text}`);
        const span = { start: 2, end: source.text.length };
        checkSpans([parseExpression(source, span).expression, parseType(source, span).type], source.text.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("limits", () => {
  it.each([
    ["parentheses", "(".repeat(100_000)],
    ["closed parentheses", `${"(".repeat(50_000)}1${")".repeat(50_000)}`],
    ["lists", "[".repeat(100_000)],
    ["records", "{a:".repeat(100_000)],
    ["minus signs", "-".repeat(100_000)],
    ["a sum", `1${"+1".repeat(100_000)}`],
    ["a chain of fields", `a${".b".repeat(100_000)}`],
    ["a chain of calls", `a${".b()".repeat(100_000)}`],
    ["conditionals", "a?b:".repeat(100_000)],
    ["conditionals on the left", "a?".repeat(100_000)],
    ["indexes", `a${"[0]".repeat(100_000)}`],
  ])("hold for nested %s", (_, expression) => {
    const tookMs = cpuMsOf(() => {
      holds(`step a from b { filter ${expression} }`);
      parseExpression(sourceText("test.flow", expression));
    });
    expect(tookMs).toBeLessThan(3000);
  });

  it("hold for nested types", () => holds(`type T ${"[{a:".repeat(50_000)}`));

  it("report one message for an expression that is too deep", () => {
    const { diagnostics } = parse(
      sourceText("test.flow", `step a from b { filter ${"(".repeat(500)}1${")".repeat(500)} }`),
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(["FLOW1022"]);
  });

  it("do not read a file of more than a million characters", () => {
    const { diagnostics, file } = parse(sourceText("test.flow", "x ".repeat(600_000)));
    expect([diagnostics.map(({ code }) => code), file.declarations]).toEqual([["FLOW1023"], []]);
  });

  it.each(["}", "{", "§ ", '"', "/*", "a\n", "source a {\n", "'\n", "1x ", ";", "``", "(}", "/// d\n", "a.", "\\"])(
    "answer in time for a megabyte of %j",
    (piece) => {
      const source = sourceText("test.flow", piece.repeat(Math.floor((1024 * 1024) / piece.length)));
      expect(cpuMsOf(() => parse(source))).toBeLessThan(4000);
    },
  );
});
