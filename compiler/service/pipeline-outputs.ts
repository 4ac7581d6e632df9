/** What the compiler makes of a file, made once for each analysis. Nothing where the file has errors. */

import type { RuntimeConfig } from "../contract/runtime-config.ts";
import { type EmittedPipeline, pipelineCr } from "../emit/pipeline-cr.ts";
import { runtimeConfigs } from "../emit/runtime-config.ts";
import type { Ir } from "../ir/ir.ts";
import { lower } from "../ir/lower.ts";
import { type Stage, stages } from "../ir/stages.ts";
import type { Analysis } from "./workspace.ts";

export interface Outputs {
  readonly ir: Ir;
  readonly stages: readonly Stage[];
  readonly pipeline: EmittedPipeline;
  readonly runtime: readonly RuntimeConfig[];
}

const known = new WeakMap<Analysis, Outputs | string>();

/** Or why there are none, in a sentence. */
export function outputsOf(analysis: Analysis): Outputs | string {
  const before = known.get(analysis);
  if (before !== undefined) return before;
  const made = make(analysis);
  known.set(analysis, made);
  return made;
}

function make({ allDiagnostics, model, sources }: Analysis): Outputs | string {
  const errors = allDiagnostics.filter(({ severity }) => severity === "error").length;
  if (errors > 0) return `${errors === 1 ? "An error has" : `${errors} errors have`} to be mended first.`;
  if (!model.nodes.some(({ kind }) => kind === "source")) return "The file has no source: it is for others to import.";
  const lacking = [...model.params].flatMap(([name, { value }]) => (value === undefined ? [name] : []));
  if (lacking.length > 0) return `No value is known for ${lacking.map((name) => `'${name}'`).join(", ")}.`;
  const ir = lower(model);
  return {
    ir,
    get stages() {
      return stages(ir);
    },
    get pipeline() {
      return pipelineCr(ir);
    },
    get runtime() {
      return runtimeConfigs(ir, { sources });
    },
  };
}
