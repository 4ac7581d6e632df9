/**
 * The whole compiler on one screen: text → syntax tree → model → IR → outputs, with the diagnostics of every phase.
 *
 *     .flow  ──parse──▶ syntax tree ──check──▶ Model ──lower──▶ Ir ─┬─▶ Pipeline custom resource, source map
 *     .yaml  ──read───▶                                            ├─▶ runtime configs, one per stage
 *                                                                  └─▶ graph
 */
import type { RuntimeConfig } from "./contract/runtime-config.ts";
import { type EmittedPipeline, pipelineCr } from "./emit/pipeline-cr.ts";
import { readResource } from "./emit/read/read-resource.ts";
import { runtimeConfigs } from "./emit/runtime-config.ts";
import type { Ir } from "./ir/ir.ts";
import { lower } from "./ir/lower.ts";
import { type CheckOptions, check } from "./semantics/check.ts";
import type { Model } from "./semantics/model.ts";
import type { Diagnostic } from "./source/diagnostic.ts";
import type { Host } from "./source/host.ts";
import type { SourceText } from "./source/source-text.ts";

export interface Compiled {
  readonly model: Model;
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that was read, by path. */
  readonly sources: ReadonlyMap<string, SourceText>;
  /** The rest is there when no diagnostic is an error. */
  readonly ir?: Ir;
  readonly pipeline?: EmittedPipeline;
  readonly stages?: readonly RuntimeConfig[];
}

/** @param path a .flow file, or a Pipeline resource in YAML or JSON, as the host knows it. */
export function compile(path: string, host: Host, options: CheckOptions = {}): Compiled {
  const { model, diagnostics, sources } = check(
    path,
    host,
    isResource(path) ? { ...options, parse: readResource } : options,
  );
  if (diagnostics.some((one) => one.severity === "error")) return { model, diagnostics, sources };
  const ir = lower(model);
  return { model, diagnostics, sources, ir, pipeline: pipelineCr(ir), stages: runtimeConfigs(ir, { sources }) };
}

export const isResource = (path: string): boolean => /\.(ya?ml|json)$/.test(path);
