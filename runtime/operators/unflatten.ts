/**
 * `unflatten`: joined keys back to nested records and lists. A record whose keys are exactly 0…n-1, in that order, becomes a list. Two keys of which one
 * is a leaf where the other needs a record (`a` and `a.b`) are a bad event.
 */

import { EvaluationError } from "../expr/evaluation-error.ts";
import { OrderedMap } from "../expr/values/ordered-map.ts";
import type { EmitOperator } from "./operator.ts";
import { Ownership } from "./ownership.ts";
import { isRecordValue, needsMap, type PlainRecord } from "./records.ts";

export const emitUnflatten: EmitOperator<"unflatten"> = ({ separator }, step) => {
  step.code.line(`data = ${step.code.bind(unflatten)}(data, ${step.code.bind(separator)});`);
  step.ownership = Ownership.none;
};

const maxDepth = 500;

class Branch {
  readonly children = new Map<string, unknown>();
}

export function unflatten(data: unknown, separator: string): unknown {
  if (!isRecordValue(data)) throw new EvaluationError("no-such-overload", "unflatten needs a record");
  const root = new Branch();
  for (const [key, value] of data instanceof Map ? data : Object.entries(data))
    insert(root, String(key), value, separator);
  return built(root);
}

function insert(root: Branch, key: string, value: unknown, separator: string): void {
  const names = separator === "" ? [key] : key.split(separator);
  if (names.length > maxDepth) throw new EvaluationError("limit", "a key has too many parts to be unflattened");
  let branch = root;
  for (let depth = 0; depth < names.length - 1; depth++) {
    const known = branch.children.get(names[depth]!) ?? new Branch();
    if (!(known instanceof Branch)) throw clash(key);
    branch.children.set(names[depth]!, known);
    branch = known;
  }
  const last = names.at(-1)!;
  if (branch.children.get(last) instanceof Branch) throw clash(key);
  branch.children.set(last, value);
}

const clash = (key: string): EvaluationError =>
  new EvaluationError(
    "repeated-key",
    `two keys cannot both be unflattened: ${JSON.stringify(key.slice(0, 60))} and one that it is part of`,
  );

function built(branch: Branch): unknown {
  const entries = [...branch.children].map(
    ([key, child]) => [key, child instanceof Branch ? built(child) : child] as const,
  );
  if (entries.length > 0 && entries.every(([key], index) => key === String(index)))
    return entries.map(([, child]) => child);
  if (entries.some(([key]) => needsMap(key))) return new OrderedMap(entries);
  const record: PlainRecord = {};
  for (const [key, child] of entries) record[key] = child;
  return record;
}
