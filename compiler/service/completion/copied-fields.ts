/** Keys of the record that a `map` makes: mostly fields of the event go on under their names. */
import type { ValueType } from "../../contract/value-type.ts";
import { typeAfter } from "../../semantics/operator-types.ts";
import { printValueType } from "../../semantics/print-value-type.ts";
import { resolveType } from "../../semantics/types.ts";
import { type ClausePlace, isRecord } from "../catalogue-at.ts";
import type { Part } from "../syntax-path.ts";
import { type Candidate, snippet } from "./item.ts";
import type { Probe } from "./probe.ts";

/** The type of `data` before the clause at the place. */
export function dataBefore(
  probe: Probe,
  at: ClausePlace | undefined,
  declaration: Part | undefined,
): ValueType | undefined {
  const node = probe.model.nodes.find((one) => one.declaration === declaration);
  let type = node?.inputType;
  for (const clause of node?.clauses ?? []) {
    if (clause.syntax === at?.clause) break;
    type = type && typeAfter(clause, type, node!, probe.model.types);
  }
  return type;
}

/** `map { | }`: each field that is not there yet, with its value. */
export function copiedFields(
  probe: Probe,
  parts: readonly Part[],
  at: ClausePlace | undefined,
  declaration: Part | undefined,
): readonly Candidate[] {
  const records = parts.filter(isRecord);
  const [record] = records;
  if (at?.row?.id !== "step.map" || !record || records.length > 1) return [];
  const data = dataBefore(probe, at, declaration);
  const type = data && resolveType(data, probe.model.types);
  if (type?.kind !== "record") return [];
  const given = new Set(record.entries.flatMap((entry) => (entry.kind === "field" ? [entry.key.text] : [])));
  const hasColon = /^\s*:/.test(probe.text.slice(probe.word.end, probe.word.end + 20));
  return type.fields
    .filter(({ name }) => !given.has(name) && /^[A-Za-z_]\w*$/.test(name))
    .map(({ name, type: of, optional }) => ({
      label: name,
      kind: "field",
      rank: optional ? 1 : 0,
      detail: printValueType(of),
      ...(hasColon
        ? {}
        : { newText: snippet(optional ? `?${name}: data.?${name}` : `${name}: data.${name}`), isSnippet: true }),
    }));
}
