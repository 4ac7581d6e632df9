/** The `test` blocks of a file: where they stand, and what they run on as the text is now. */
import type { RuntimeConfig } from "../../contract/runtime-config.ts";
import type { TestPlan } from "../../contract/test-plan.ts";
import { type TestPipeline, testPipeline } from "../../emit/test-pipeline.ts";
import { positionAt } from "../../source/source-text.ts";
import type { Span } from "../../source/span.ts";
import type { Analysis, Workspace } from "../workspace.ts";

export interface TestBlock {
  readonly name: string;
  /** From its keyword to the end of its block. */
  readonly whole: Span;
  /** Its title. */
  readonly at: Span;
}

/** In written order, from the syntax tree alone: of a broken file too. */
export function testsIn(ws: Workspace, path: string): readonly TestBlock[] {
  return ws
    .tree(path)
    .declarations.flatMap((declaration) =>
      declaration.kind === "test" && declaration.title.kind === "string"
        ? [{ name: declaration.title.value, whole: declaration.span, at: declaration.title.span }]
        : [],
    );
}

export interface RunnableTests {
  readonly config: RuntimeConfig;
  readonly plans: readonly TestPlan[];
}

const known = new WeakMap<Analysis, RunnableTests | string>();

/** Or why nothing can run, in a sentence. Made once for each analysis. */
export function runnableTests(ws: Workspace, path: string): RunnableTests | string {
  const analysis = ws.file(path);
  const made = known.get(analysis) ?? make(analysis);
  known.set(analysis, made);
  return made;
}

function make({ allDiagnostics, model, sources, source }: Analysis): RunnableTests | string {
  const errors = allDiagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) return firstOf(errors, source);
  const lacking = [...model.params].flatMap(([name, { value }]) => (value === undefined ? [`'${name}'`] : []));
  if (lacking.length > 0) return `No value is known for ${lacking.join(", ")}: give the param a default.`;
  const { config, plans, errors: missing } = testPipeline(model, sources);
  if (missing.length > 0) return firstOf(missing, source);
  if (config === undefined) return "The file has no pipeline: it is for others to import.";
  return { config, plans };
}

function firstOf(errors: Analysis["allDiagnostics"] | TestPipeline["errors"], source: Analysis["source"]): string {
  const [{ at, message }] = errors as readonly [(typeof errors)[number]];
  const place = at.file === source.path ? `Line ${positionAt(source, at.start).line + 1}` : at.file;
  const more = errors.length > 1 ? ` And ${errors.length - 1} more.` : "";
  return `The file has errors. ${place}: ${message}${more}`;
}
