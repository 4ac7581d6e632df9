/** The types that the events of a test have where the cursor stands. */
import type { ValueType } from "../../contract/value-type.ts";
import { printValueType } from "../../semantics/print-value-type.ts";
import { errorsType } from "../../semantics/scopes.ts";
import { resolveType } from "../../semantics/types.ts";
import { type ClausePlace, isEntry, isRecord } from "../catalogue-at.ts";
import type { Part } from "../syntax-path.ts";
import type { Candidate } from "./item.ts";
import { marker, type Probe } from "./probe.ts";
import { recordSnippet } from "./test-data.ts";

/** A whole event of the statement's type. */
export function eventData(probe: Probe, at: ClausePlace): readonly Candidate[] {
  const type = statementType(probe, at);
  if (!type) return [];
  const newText = recordSnippet(type, probe.model.types, 1);
  return [{ label: "{ … }", kind: "snippet", rank: 0, newText, isSnippet: true, detail: printValueType(type) }];
}

/** What an event of the statement is made of. */
function statementType(probe: Probe, at: ClausePlace): ValueType | undefined {
  const { clause, row } = at;
  if (!clause || !row) return undefined;
  const node = (name: string | undefined) => probe.model.nodes.find((one) => one.name === name);
  if (row.id === "test.event") return node(clause.keyword.text)?.inputType;
  const target = clause.arguments.find(({ value }) => value.kind === "node")?.value;
  if (target?.kind !== "node") return undefined;
  const found = node(target.node.text);
  if (!found || row.id === "test.table") return found?.inputType;
  const output = target.output?.text;
  return output === "errors" ? errorsType : output === "late" ? found.inputType : found.outputType;
}

/** The type of the innermost record, down from the event. */
export function testRecordType(probe: Probe, parts: readonly Part[], at: ClausePlace): ValueType | undefined {
  let type = statementType(probe, at);
  let depth = 0;
  for (const part of parts.slice(at.valueIndex)) {
    if (isRecord(part)) depth++;
    if (isEntry(part) && part.key.text !== marker && type) {
      const resolved = resolveType(type, probe.model.types);
      type = resolved.kind === "record" ? resolved.fields.find(({ name }) => name === part.key.text)?.type : undefined;
    }
    if (part.kind === "list" && depth > 0 && type) {
      const resolved = resolveType(type, probe.model.types);
      type = resolved.kind === "list" ? resolved.element : undefined;
    }
  }
  return depth > 0 ? type : undefined;
}
