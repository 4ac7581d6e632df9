/** Checked model → test plans, one for each `test` block. The model must be free of errors. */
import type { ExpectedValue, TestPlace, TestPlan, TestStep } from "../contract/test-plan.ts";
import type { CheckedExpression, Model, ModelStatement } from "../semantics/model.ts";
import { positionAt, type SourceText, sourceText } from "../source/source-text.ts";
import type { Span } from "../source/span.ts";

/** @param sources texts by path, to say lines and columns. */
export function testPlans(model: Model, sources: ReadonlyMap<string, SourceText>): readonly TestPlan[] {
  const source = sources.get(model.path) ?? sourceText(model.path, "");
  const place = (span: Span): TestPlace => {
    const { line, character } = positionAt(source, span.start);
    return { file: model.path, start: span.start, end: span.end, line: line + 1, column: character + 1 };
  };
  return model.tests.map(({ declaration: { title }, statements }) => ({
    name: title.kind === "string" ? title.value : "",
    place: place(title.span),
    steps: statements.map((statement) => step(statement, place)),
  }));
}

function step(statement: ModelStatement, placeOf: (span: Span) => TestPlace): TestStep {
  const place = placeOf(statement.span);
  const values = (expressions: readonly CheckedExpression[]): ExpectedValue[] =>
    expressions.map(({ syntax, tree }) => ({ place: placeOf(syntax.span), value: tree }));
  switch (statement.kind) {
    case "event":
      return {
        kind: "event",
        place,
        source: statement.source.name,
        timeMs: statement.timeMs,
        data: statement.data.tree,
      };
    case "watermark":
      return { kind: "watermark", place, timeMs: statement.timeMs, ...sourceOf(statement) };
    case "end":
      return { kind: "end", place, ...sourceOf(statement) };
    case "advance":
      return { kind: "advance", place, byMs: statement.byMs };
    case "restart":
      return { kind: "restart", place };
    case "table":
      return { kind: "table", place, table: statement.table.name, rows: values(statement.rows) };
    case "expect": {
      const { node, output, exactly, inAnyOrder } = statement;
      return { kind: "expect", place, node: node.name, output, events: values(statement.events), exactly, inAnyOrder };
    }
  }
}

const sourceOf = ({ source }: { readonly source: { readonly name: string } | undefined }) =>
  source === undefined ? {} : { source: source.name };
