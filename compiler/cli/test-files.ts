/** The tests of one file, ready to run: test plans, and the runtime config of the pipeline as one stage. */
import type { RuntimeConfig } from "../contract/runtime-config.ts";
import type { TestPlan } from "../contract/test-plan.ts";
import { testPipeline } from "../emit/test-pipeline.ts";
import type { Ir } from "../ir/ir.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { SourceText } from "../source/source-text.ts";
import { checkFile, type Project } from "./project.ts";

export interface LoadedTests {
  readonly path: string;
  readonly plans: readonly TestPlan[];
  /** Undefined where there is nothing to run. */
  readonly config: RuntimeConfig | undefined;
  /** Why its tests cannot run. */
  readonly errors: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
  /** The files that the result depends on. */
  readonly watched: readonly string[];
}

/** @param changed what of the pipeline is another for this run */
export async function loadTests(file: string, project: Project, changed: (ir: Ir) => Ir): Promise<LoadedTests> {
  const { path, model, diagnostics, sources, watched } = await checkFile(file, project);
  const base = { path, sources, watched, plans: [], config: undefined };
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  // What is wrong with a file without tests, `flow check` says; but one that does not parse may have had some.
  const concerned = model.tests.length > 0 || errors.some(({ code }) => code.startsWith("FLOW1"));
  if (errors.length > 0) return { ...base, errors: concerned ? errors : [] };
  if (model.tests.length === 0) return { ...base, errors: [] };
  return { ...base, ...testPipeline(model, sources, changed) };
}
