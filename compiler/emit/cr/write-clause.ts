/** Clauses, connectors and options of the IR as fields of the custom resource, by their catalogue rows and nothing else. */
import { connectorRow } from "../../catalog/connectors.ts";
import type { ClauseRow, OptionRow, Part } from "../../catalog/rows.ts";
import type { CrObject, CrValue } from "../../contract/pipeline.ts";
import type { IrClause, IrConnector, IrExpression, IrOptions, IrOrigins, IrValue } from "../../ir/ir.ts";
import { clauseById } from "../../ir/rows-by-id.ts";
import type { Constant } from "../../semantics/model.ts";
import type { Location } from "../../source/span.ts";
import { isExpression } from "../runtime/option-value.ts";
import { constantText } from "./constant-text.ts";
import { camel, clauseField, isMerged, isSingle, pointer, wordText } from "./names.ts";

/** Takes down where each field comes from, by JSON pointer: a map, or `noMarks`. */
export interface Marks {
  set(at: string, origin: Location): void;
  delete(at: string): void;
}

export const noMarks: Marks = { set: () => {}, delete: () => {} };

type Fields = Record<string, CrValue>;

/** Adds one field per clause to `into`, whose place in the resource is `at`. */
export function writeClauses(clauses: readonly IrClause[], into: Fields, at: string, marks: Marks): void {
  for (const clause of clauses) {
    const row = clauseById(clause.row)?.row;
    if (row === undefined) throw new Error(`bug: no clause '${clause.row}'`);
    const field = clauseField(row);
    const place = pointer(at, field);
    marks.set(place, clause.origin);
    into[field] = writeClause(row, clause, place, marks);
  }
}

export function writeClause(row: ClauseRow, clause: IrClause, at: string, marks: Marks): CrValue {
  const values = new Map(clause.values);
  markParts(row, clause, at, marks);
  if (row.keyword === "replicas") return writeReplicas(values);
  if (row.id === "pipeline.errors") return writeErrors(values, at, marks);
  if (isSingle(row)) {
    const part = row.parts[0]!;
    const value = values.get(part.name);
    return value === undefined ? {} : writePart(row, part, value, at, marks);
  }
  const fields: Fields = {};
  for (const part of row.parts) {
    const value = values.get(part.name);
    if (value === undefined) continue;
    if (isMerged(row, part) && value.kind === "options")
      Object.assign(fields, writeOptions(value, part.options ?? [], at, marks));
    else fields[camel(part.name)] = writePart(row, part, value, pointer(at, camel(part.name)), marks);
  }
  return fields;
}

/** The fields of parts come from their arguments; what is inside a part without a place of its own comes from there too. */
function markParts(row: ClauseRow, clause: IrClause, at: string, marks: Marks): void {
  if (isSingle(row)) return;
  for (const [name, value] of clause.values) {
    const part = row.parts.find((one) => one.name === name);
    if (part && !isMerged(row, part)) marks.set(pointer(at, camel(name)), value.origin);
  }
}

function writePart(row: ClauseRow, part: Part, value: IrValue, at: string, marks: Marks): CrValue {
  switch (value.kind) {
    case "expr":
      return writeExpression(value.value, at, marks);
    case "exprs":
      return value.values.map((one, i) => writeExpression(one, pointer(at, i), marks));
    case "fields":
      return Object.fromEntries(
        value.values.map(([name, one]) => [name, writeExpression(one, pointer(at, name), marks)]),
      );
    case "constant":
      return writeConstant(value.value);
    case "word":
      return wordText(row, value.value);
    case "durations":
      return { min: writeConstant(value.from), max: writeConstant(value.to) };
    case "paths": {
      const paths = value.paths.map(pathText);
      return part.kind === "path" ? paths[0]! : paths;
    }
    case "options":
      return writeOptions(value, part.options ?? [], at, marks);
    case "replicas":
    case "block":
      throw new Error(`bug: '${row.id}' has no general form`);
  }
}

function writeReplicas(values: ReadonlyMap<string, IrValue>): CrObject {
  const value = values.get("replicas");
  const lag = values.get("lag");
  if (value?.kind !== "replicas") return { value: 1 };
  if (value.value === "partitions") return { valueFrom: { kafkaPartitions: {} } };
  if (typeof value.value === "number") return { value: value.value };
  const { min, max } = value.value;
  return { autoscale: { min, max, ...(lag?.kind === "constant" ? { lag: writeConstant(lag.value) } : {}) } };
}

/** `errors dead_letter { kafka { … } }` → `deadLetter: { kafka: … }`; `errors fail` → `fail: {}`. */
function writeErrors(values: ReadonlyMap<string, IrValue>, at: string, marks: Marks): CrObject {
  const policy = values.get("policy");
  const block = values.get("deadLetter");
  const name = policy?.kind === "word" ? camel(policy.value) : "deadLetter";
  const fields: Fields = {};
  if (block?.kind === "block") {
    if (block.connector) writeConnector(block.connector, fields, pointer(at, name), marks);
    writeClauses(block.clauses, fields, pointer(at, name), marks);
  }
  return { [name]: fields };
}

/** The connector's options under its name. */
export function writeConnector(connector: IrConnector, into: Fields, at: string, marks: Marks): void {
  const field = camel(connector.type);
  const place = pointer(at, field);
  marks.set(place, connector.origin);
  into[field] = writeOptions(connector, connectorRow(connector.type)?.options ?? [], place, marks);
}

/** Options and where each is written. */
export interface OptionsWithOrigins {
  readonly options: IrOptions;
  readonly origins: IrOrigins;
}

export function writeOptions(
  { options, origins }: OptionsWithOrigins,
  rows: readonly OptionRow[],
  at: string,
  marks: Marks,
): CrObject {
  const fields: Fields = {};
  for (const [name, value] of options) {
    const row = rows.find((one) => one.name === name);
    const place = pointer(at, camel(name));
    const origin = origins[name];
    if (origin) marks.set(place, origin);
    fields[camel(name)] = isExpression(value) ? writeExpression(value, place, marks) : writeOption(value, row);
  }
  return fields;
}

function writeOption(value: Constant, row: OptionRow | undefined): CrValue {
  if (row?.kind === "value") return constantText(value);
  if (row?.kind === "secret") return isSecret(value) ? writeConstant(value) : { value: writeConstant(value) };
  if (isRecord(value) && row?.kind === "map" && row.name === "env") return writeEnvironment(value.entries);
  if (isRecord(value) && row?.kind === "options")
    return writeOptions({ options: value.entries, origins: {} }, row.options ?? [], "", noMarks);
  return writeConstant(value);
}

/** Environment variables as a container of Kubernetes has them. */
function writeEnvironment(entries: readonly (readonly [string, Constant])[]): CrValue {
  return entries.map(([name, value]) =>
    isSecret(value) ? { name, valueFrom: writeConstant(value) } : { name, value: writeConstant(value) },
  );
}

export function writeConstant(value: Constant): CrValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(writeConstant);
  if (isSecret(value)) return { secretKeyRef: { name: value.name, key: value.key } };
  if (isRecord(value)) return Object.fromEntries(value.entries.map(([name, one]) => [name, writeConstant(one)]));
  if ("text" in value) return value.text;
  throw new Error("bug: an unknown constant");
}

const isSecret = (value: Constant): value is Extract<Constant, { kind: "secret" }> =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "secret";

const isRecord = (value: Constant): value is Extract<Constant, { kind: "record" }> =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "record";

export function writeExpression(expression: IrExpression, at: string, marks: Marks): string {
  marks.set(at, expression.origin);
  return expression.text;
}

/** `data.a."b c"`, as `set` and `remove` write it. */
export function pathText(steps: readonly string[]): string {
  return ["data", ...steps.map((step) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(step) ? step : constantText(step)))].join(
    ".",
  );
}
