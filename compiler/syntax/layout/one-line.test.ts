import fc from "fast-check";
import { expect, it } from "vitest";
import {
  anyExpression,
  boolExpression,
  intExpression,
  stringExpression,
} from "../../../test/support/arbitrary-expression.ts";
import { arbitraryProgram } from "../../../test/support/arbitrary-program.ts";
import { sourceText } from "../../source/source-text.ts";
import type { Expression, TypeExpression } from "../ast.ts";
import { parse, parseExpression } from "../parse.ts";
import { noComments } from "./comments.ts";
import { DeclarationPrinter } from "./declarations.ts";
import { layOut } from "./doc.ts";
import { expressionText, typeText } from "./one-line.ts";

const canonical = new DeclarationPrinter({ comments: noComments, keep: false, isGenerated: true });
const laidOut = (e: Expression): string => layOut(canonical.print(e), Number.POSITIVE_INFINITY);
const typeLaidOut = (t: TypeExpression): string => layOut(canonical.type(t), Number.POSITIVE_INFINITY);

const expressionOf = (text: string): Expression => parseExpression(sourceText("e.flow", text)).expression;

const texts = fc.oneof(anyExpression(), boolExpression(3), intExpression(3), stringExpression(3));

it("writes any expression as the printer of documents does where there is room", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const e = expressionOf(text);
      expect(expressionText(e).trimEnd()).toBe(laidOut(e));
    }),
    { numRuns: 500 },
  );
});

it.each([
  "-(-x)",
  "!(a && b) || (c || d) && e",
  "a - (b - c) - d * (e + f)",
  "(a ? b : c) ? (d ? e : f) : (g ? h : i)",
  "(a + b).c[(d)].?e[?f].g(h, i).`j k`.`l`()",
  "(f(x)).y((1), [2], { a: 3 })",
  '[?a, {b: 1}, "x\\n", """two\nlines"""]',
  "{ a: 100/s, ?b: (100)/s, ...c, (d): e, 1: 2, true: 3, (x ? y : z): 4, 'q r': 5, \"null\": 6 }",
  "{} + []",
  "1 in (2 in 3)",
  "a +",
  "5m + 1KiB + 3u + 1.50 + b'x'",
])("writes %s as the printer of documents does", (text) => {
  const e = expressionOf(text);
  expect(expressionText(e).trimEnd()).toBe(laidOut(e));
});

it("writes the types of any program as the printer of documents does", () => {
  const more = `type A { string: int } type B { "a b"?: [A], c: { int: A | null }, d: "x" | 1 | true } type C {} type D { string?: int }`;
  fc.assert(
    fc.property(
      arbitraryProgram.map((program) => `${program}\n${more}`),
      (text) => {
        const types = parse(sourceText("p.flow", text)).file.declarations.flatMap((declaration) =>
          declaration.kind === "type" && declaration.definition.kind === "type" ? [declaration.definition.type] : [],
        );
        expect(types.map(typeText)).toEqual(types.map(typeLaidOut));
      },
    ),
    { numRuns: 50 },
  );
});
