/** What "Run here" runs: the pipeline as one stage between memory and memory, and the events that it is given. */
import type { RuntimeConfig } from "../../contract/runtime-config.ts";
import type { TestPlan } from "../../contract/test-plan.ts";
import type { Location } from "../../source/span.ts";
import { locationIn } from "../names.ts";
import type { Workspace } from "../workspace.ts";
import { type SampleLimits, type Samples, samplesOf } from "./samples.ts";
import { runnableTests } from "./tests.ts";

export interface RunnableHere {
  readonly config: RuntimeConfig;
  /** The events come from this test. */
  readonly plan?: TestPlan;
  /** Of each source and table, when no test gives them. */
  readonly samples: readonly Samples[];
  /** The names of nodes, where they are declared. */
  readonly placeOf: ReadonlyMap<string, Location>;
}

/**
 * Or why nothing can run, in a sentence.
 * @param test the title of the test whose events are taken
 */
export function runnableHere(ws: Workspace, path: string, limits: SampleLimits, test?: string): RunnableHere | string {
  const found = runnableTests(ws, path);
  if (typeof found === "string") return found;
  const analysis = ws.file(path);
  const { nodes } = analysis.model;
  const base = {
    config: found.config,
    placeOf: new Map(nodes.map(({ name, file, declaration }) => [name, locationIn(file, declaration.name.span)])),
  };
  const chosen = test === undefined ? undefined : found.plans.find(({ name }) => name === test);
  if (test !== undefined && chosen === undefined) return `There is no test '${test}' in the file.`;
  if (chosen !== undefined) return { ...base, plan: chosen, samples: [] };
  const samples = nodes
    .filter(({ kind, name }) => (kind === "source" || kind === "table") && name !== "")
    .map((node) => samplesOf(ws, analysis, node, limits));
  // Where nothing is known of a source's records, somebody may have written some in a test.
  const unknown = new Set(samples.flatMap(({ node, records }) => (records?.length === 0 ? [node] : [])));
  const plan = found.plans.find(({ steps }) => steps.some((step) => step.kind === "event" && unknown.has(step.source)));
  return { ...base, ...(plan === undefined ? { samples } : { plan, samples: [] }) };
}
