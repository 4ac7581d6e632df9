/** Checked model → what its tests run on: a test plan for each, and the whole pipeline as one stage that touches nothing outside. */
import type { RuntimeConfig } from "../contract/runtime-config.ts";
import type { TestPlan } from "../contract/test-plan.ts";
import type { Ir, IrNode } from "../ir/ir.ts";
import { lower } from "../ir/lower.ts";
import type { Model } from "../semantics/model.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { SourceText } from "../source/source-text.ts";
import { notRunnable } from "./not-runnable.ts";
import { runtimeConfigs } from "./runtime-config.ts";
import { testPlans } from "./test-plans.ts";

export interface TestPipeline {
  readonly plans: readonly TestPlan[];
  /** Undefined where there is nothing to run. */
  readonly config: RuntimeConfig | undefined;
  /** What of the pipeline the runtime does not have. */
  readonly errors: readonly Diagnostic[];
}

/**
 * The model must be free of errors.
 * @param sources texts by path, to say places
 * @param changed what of the pipeline is another for this run: `withExec`
 */
export function testPipeline(
  model: Model,
  sources: ReadonlyMap<string, SourceText>,
  changed: (ir: Ir) => Ir = (ir) => ir,
): TestPipeline {
  const ir = changed(withoutOutside(lower(model)));
  const errors = notRunnable(ir);
  if (errors.length > 0) return { plans: [], config: undefined, errors };
  return { plans: testPlans(model, sources), config: runtimeConfigs(ir, { local: true, sources })[0], errors };
}

/** A test touches nothing outside, so that connectors, dead letters and refreshing do not matter. */
function withoutOutside(ir: Ir): Ir {
  const fails = (clause: Ir["clauses"][number]) =>
    clause.values.some(([, value]) => value.kind === "word" && value.value === "fail");
  return {
    ...ir,
    clauses: ir.clauses.filter((clause) => clause.keyword !== "errors" || fails(clause)),
    nodes: ir.nodes.map(inMemory),
  };
}

/** Connectors whose data stands in the file itself: nothing outside is asked for it. */
const inTheFile: ReadonlySet<string> = new Set(["memory", "generate"]);

function inMemory(node: IrNode): IrNode {
  if (node.connector === undefined) return node;
  const connector = inTheFile.has(node.connector.type)
    ? node.connector
    : { ...node.connector, type: "memory", options: [], origins: {} };
  return { ...node, connector, clauses: node.clauses.filter(({ keyword }) => keyword !== "refresh") };
}
