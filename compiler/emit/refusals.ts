/**
 * What a cluster would refuse in a compiled resource, said where it stands in the .flow file: mostly that there is too much
 * of something. The resource is held against the schema that the CRD is made from; the source map leads back.
 */
import type { CrValue } from "../contract/pipeline.ts";
import { type Diagnostic, diagnostic, type Report } from "../source/diagnostic.ts";
import { pointer } from "./cr/names.ts";
import type { EmittedPipeline } from "./pipeline-cr.ts";
import { validate } from "./read/validate.ts";
import type { YamlNode } from "./read/yaml-tree.ts";
import { specNode } from "./schema/pipeline-nodes.ts";
import { originOf } from "./source-map.ts";

export function refusals({ resource, sourceMap }: EmittedPipeline): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const pointers: string[] = [];
  const report: Report = (code, span, parameters) => {
    const origin = originOf(sourceMap, pointers[span.start] ?? "");
    if (origin) found.push(diagnostic(code, origin, parameters));
  };
  validate(numbered(resource.spec, "/spec", pointers), specNode(), "spec", report);
  return found;
}

/** The value as a tree whose spans are the numbers of its fields: `pointers[span.start]` says which field it is. */
function numbered(value: CrValue | undefined, at: string, pointers: string[]): YamlNode {
  const start = pointers.push(at) - 1;
  const span = { start, end: start };
  if (typeof value !== "object" || value === null)
    return { kind: "scalar", span, value: value ?? null, verbatim: undefined };
  if (isList(value))
    return { kind: "list", span, items: value.map((item, i) => numbered(item, pointer(at, i), pointers)) };
  const entries = Object.entries(value).flatMap(([key, one]) => {
    if (one === undefined) return [];
    const node = numbered(one, pointer(at, key), pointers);
    return [{ key, keySpan: node.span, value: node }];
  });
  return { kind: "map", span, entries };
}

const isList = (value: CrValue): value is readonly CrValue[] => Array.isArray(value);
