/** At every node, clause and expression of the examples and goldens: whatever is offered can be done, and leaves the file well. */
import { describe, expect, it } from "vitest";
import { runTest } from "../../../runtime/testing/run-test.ts";
import { sameMeaning } from "../../../test/support/same-meaning.ts";
import { diskHost, realFiles } from "../../../test/support/service-workspace.ts";
import { runtimeConfigs } from "../../emit/runtime-config.ts";
import { testPlans } from "../../emit/test-plans.ts";
import { lower } from "../../ir/lower.ts";
import { check } from "../../semantics/check.ts";
import { sourceText } from "../../source/source-text.ts";
import type { Span } from "../../source/span.ts";
import { format } from "../../syntax/format.ts";
import { allParts } from "../syntax-path.ts";
import { Workspace } from "../workspace.ts";
import { refactoringKinds } from "./kinds.ts";
import { applyEdits } from "./lay-out.ts";
import { refactorings } from "./refactorings.ts";
import { isClause, isExpression, isNode } from "./selected.ts";

/** What only changes how the pipeline is written. */
const keepsMeaning = new Set(["refactor.extract.function", "refactor.extract.param"]);

/** A cursor in every name and keyword, and a selection of every expression. */
function places(ws: Workspace, path: string): readonly Span[] {
  const found = new Map<string, Span>();
  const add = (start: number, end: number) => found.set(`${start} ${end}`, { start, end });
  for (const part of allParts(ws.tree(path))) {
    if (isExpression(part)) add(part.span.start, part.span.end);
    if (part.kind === "type" && "definition" in part) add(part.span.start, part.span.start);
    if (isNode(part)) add(part.name.span.start, part.name.span.start);
    if (isClause(part)) add(part.keyword.span.start, part.keyword.span.start);
  }
  return [...found.values()];
}

const offered = new Map<string, number>();

/** What the test at the end of the file says when it runs; undefined when it passes. */
async function lastTestFails(path: string, text: string): Promise<string | undefined> {
  const host = { ...diskHost, readFile: (asked: string) => (asked === path ? text : diskHost.readFile(asked)) };
  const { model, sources } = check(path, host);
  const [config] = runtimeConfigs(lower(model), { local: true, sources });
  const { failures } = await runTest(testPlans(model, sources).at(-1)!, config!);
  return failures.length === 0
    ? undefined
    : `${failures.map(({ message }) => message).join("\n")}\n${text.slice(-900)}`;
}

describe.each(realFiles())("in %s", (path) => {
  it("every refactoring that is offered resolves, leaves no new diagnostic and what the formatter would write", async () => {
    const ws = new Workspace(diskHost);
    const { text } = ws.source(path);
    const wasFormatted = format(sourceText(path, text)).text === text;
    const wrong: string[] = [];
    const checked = new Map<string, string | undefined>();
    for (const span of places(ws, path)) {
      for (const { title, kind, disabled, edits } of refactorings(ws, path, span)) {
        if (disabled !== undefined) continue;
        offered.set(kind, (offered.get(kind) ?? 0) + 1);
        const says = (problem: string) => wrong.push(`${title} «${text.slice(span.start, span.end)}»: ${problem}`);
        const after = applyEdits(text, edits());
        if (after === text) says("nothing done");
        if (checked.has(after)) continue;
        const problem =
          wasFormatted && format(sourceText(path, after)).text !== after
            ? `not formatted\n${after}`
            : keepsMeaning.has(kind)
              ? sameMeaning(path, text, after, diskHost)
              : kind === "refactor.rewrite.test"
                ? await lastTestFails(path, after)
                : undefined;
        checked.set(after, problem);
        if (problem) says(problem);
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});

it("each kind of refactoring is offered somewhere; none of the files has a type from a sample", () => {
  expect([...offered.keys(), "refactor.rewrite.type"].sort()).toEqual([...refactoringKinds].sort());
});
