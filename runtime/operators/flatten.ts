/**
 * `flatten`: nested records and lists to one record of joined keys; lists count from 0; null, [] and {} are leaves. Where two paths
 * give the same key (`{"a": {"b": 1}, "a.b": 2}`) the later one counts, in the place of the first.
 */

import { EvaluationError } from "../expr/evaluation-error.ts";
import { OrderedMap } from "../expr/values/ordered-map.ts";
import type { EmitOperator } from "./operator.ts";
import { Ownership } from "./ownership.ts";
import { isPlain, needsMap, type PlainRecord } from "./records.ts";

export const emitFlatten: EmitOperator<"flatten"> = ({ separator }, step) => {
  step.code.line(`data = ${step.code.bind(flatten)}(data, ${step.code.bind(separator)});`);
  step.ownership = Ownership.root;
};

const maxDepth = 500;

export function flatten(data: unknown, separator: string): PlainRecord | Map<unknown, unknown> {
  if (!isNest(data)) throw new EvaluationError("no-such-overload", "flatten needs a record or a list");
  const pairs: [string, unknown][] = [];
  collect(data, "", separator, 0, pairs);
  if (pairs.some(([key]) => needsMap(key))) return new OrderedMap(pairs);
  const flat: PlainRecord = {};
  for (const [key, value] of pairs) flat[key] = value;
  return flat;
}

type Nest = readonly unknown[] | PlainRecord | ReadonlyMap<unknown, unknown>;

export function isNest(value: unknown): value is Nest {
  return isPlain(value) || Array.isArray(value) || value instanceof Map;
}

function collect(nest: Nest, prefix: string, separator: string, depth: number, into: [string, unknown][]): void {
  if (depth > maxDepth) throw new EvaluationError("limit", "nested too deeply to be flattened");
  for (const [key, value] of entriesOf(nest)) {
    const name = prefix + String(key);
    if (isNest(value) && entriesOf(value).length > 0) collect(value, name + separator, separator, depth + 1, into);
    else into.push([name, value]);
  }
}

function entriesOf(nest: Nest): (readonly [unknown, unknown])[] {
  if (Array.isArray(nest)) return nest.map((value, index) => [index, value]);
  return nest instanceof Map ? [...nest] : Object.entries(nest);
}
