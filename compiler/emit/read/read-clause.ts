/** Fields of a custom resource as clauses, by their catalogue rows: the mirror of `cr/write-clause.ts`. */
import { clausesOf } from "../../catalog/clauses.ts";
import { connectors, optionsIn } from "../../catalog/connectors.ts";
import type { ClauseRow, OptionRow, Part, Place, Role } from "../../catalog/rows.ts";
import type { Diagnostic, Report } from "../../source/diagnostic.ts";
import type { SourceText } from "../../source/source-text.ts";
import type { Argument, ArgumentValue, Clause, Expression, RecordEntry } from "../../syntax/ast.ts";
import { camel, clauseField, isMerged, isSingle, wordText } from "../cr/names.ts";
import {
  expressionAt,
  fieldAt,
  listAt,
  multilineAt,
  nameAt,
  numberAt,
  pathAt,
  recordAt,
  secretAt,
  stringAt,
  wordOrStringAt,
} from "./make-syntax.ts";
import { asList, asMap, asText, field, type YamlEntry, type YamlMap, type YamlNode } from "./yaml-tree.ts";

export interface Reader {
  readonly source: SourceText;
  readonly report: Report;
  readonly diagnostics: Diagnostic[];
}

/** The clauses of a place that the object has, in the order of the catalogue; operators are read one by one. */
export function readClauses(
  map: YamlMap,
  place: Place,
  reader: Reader,
  except: readonly string[] = [],
): readonly Clause[] {
  return clausesOf(place).flatMap((row) => {
    if (row.operator || except.includes(row.keyword)) return [];
    const entry = map.entries.find(({ key }) => key === clauseField(row));
    return entry ? [readClause(row, entry, reader)] : [];
  });
}

export function readClause(row: ClauseRow, entry: YamlEntry, reader: Reader): Clause {
  const values = clauseArguments(row, entry.value, reader);
  const span = { start: entry.keySpan.start, end: Math.max(entry.keySpan.end, entry.value.span.end) };
  return { span, keyword: nameAt(row.keyword, entry.keySpan), row: row.id, arguments: values };
}

function clauseArguments(row: ClauseRow, node: YamlNode, reader: Reader): readonly Argument[] {
  if (row.keyword === "replicas") return readReplicas(row, node);
  if (row.id === "pipeline.errors") return readErrors(row, node, reader);
  if (isSingle(row)) return readPart(row, row.parts[0]!, node, reader);
  const map = asMap(node);
  if (map === undefined) return [];
  return row.parts.flatMap((part) => {
    if (isMerged(row, part)) return readMerged(part, map, reader);
    const value = field(map, camel(part.name));
    return value ? readPart(row, part, value, reader) : [];
  });
}

function argument(part: Part, value: ArgumentValue): readonly Argument[] {
  const words = (part.word?.split(" ") ?? []).map((word) => nameAt(word, value.span));
  return [{ span: value.span, part: part.name, words, value }];
}

function readMerged(part: Part, map: YamlMap, reader: Reader): readonly Argument[] {
  const entries = optionEntries(map, part.options ?? [], reader);
  return entries.length === 0 ? [] : argument(part, recordAt(entries, map.span));
}

function readPart(row: ClauseRow, part: Part, node: YamlNode, reader: Reader): readonly Argument[] {
  const { span } = node;
  switch (part.kind) {
    case "exprs": {
      const values = asList(node).map((item) => expressionAt(item, reader.source, reader.diagnostics));
      return argument(part, { kind: "many", span, values });
    }
    case "fields": {
      const entries = (asMap(node)?.entries ?? []).map((entry) =>
        fieldAt(entry.key, expressionAt(entry.value, reader.source, reader.diagnostics), entry.keySpan),
      );
      return argument(part, recordAt(entries, span));
    }
    case "rate": {
      const [count, per] = (asText(node) ?? "").split("/");
      return argument(part, { kind: "rate", span, count: numberAt(Number(count), span), per: nameAt(per ?? "", span) });
    }
    case "durations": {
      const [from, to] = ["min", "max"].map((name) =>
        expressionAt(field(asMap(node)!, name)!, reader.source, reader.diagnostics),
      );
      return argument(part, { kind: "range", span, from: from!, to: to! });
    }
    case "word": {
      const text = (part.choices ?? []).find((choice) => wordText(row, choice.name) === asText(node))?.name ?? "";
      return argument(part, { kind: "word", span, text });
    }
    case "path":
      return argument(part, readPath(node, reader));
    case "paths": {
      return argument(part, { kind: "many", span, values: asList(node).map((item) => readPath(item, reader)) });
    }
    case "options": {
      const entries = optionEntries(asMap(node), part.options ?? [], reader);
      return entries.length === 0 && part.optional ? [] : argument(part, recordAt(entries, span));
    }
    case "string":
      if (part.isMultiline) return argument(part, multilineAt(asText(node) ?? "", span));
      return argument(part, constantAt(node));
    case "int":
    case "number":
    case "bool":
    case "record":
      return argument(part, constantAt(node));
    default:
      return argument(part, expressionAt(node, reader.source, reader.diagnostics));
  }
}

function readPath(node: YamlNode, reader: Reader): ArgumentValue {
  const text = asText(node) ?? "";
  const path = pathAt(text, node.span);
  if (path) return path;
  reader.report("FLOW5805", node.span, {
    where: "The path",
    expected: "a path such as 'data.a.b'",
    found: `'${text}'`,
    near: "",
  });
  return { kind: "error", span: node.span };
}

function readReplicas(row: ClauseRow, node: YamlNode): readonly Argument[] {
  const map = asMap(node);
  const [replicas, lag] = row.parts as [Part, Part];
  const value = map && field(map, "value");
  const autoscale = map && asMap(field(map, "autoscale"));
  if (value) return argument(replicas, constantAt(value));
  if (autoscale === undefined) return argument(replicas, { kind: "word", span: node.span, text: "partitions" });
  const [min, max, per] = ["min", "max", "lag"].map((name) => field(autoscale, name));
  const range: ArgumentValue = { kind: "range", span: autoscale.span, from: constantAt(min!), to: constantAt(max!) };
  return [...argument(replicas, range), ...(per ? argument(lag, constantAt(per)) : [])];
}

function readErrors(row: ClauseRow, node: YamlNode, reader: Reader): readonly Argument[] {
  const [policy, block] = row.parts as [Part, Part];
  const entry = asMap(node)?.entries[0];
  const word = policy.choices?.find((choice) => camel(choice.name) === entry?.key)?.name ?? "";
  const named = argument(policy, { kind: "word", span: entry?.keySpan ?? node.span, text: word });
  const map = asMap(entry?.value);
  if (map === undefined || map.entries.length === 0) return named;
  const clauses = [...readConnectors(map, "dead_letter", reader), ...readClauses(map, "errors", reader)];
  return [...named, ...argument(block, { kind: "block", span: map.span, clauses })];
}

/** The connectors that the object names; exactly one but for the pipeline's defaults. */
export function readConnectors(map: YamlMap, role: Role, reader: Reader): readonly Clause[] {
  return connectors.flatMap((row) => {
    const entry = row.roles.includes(role) && map.entries.find(({ key }) => key === camel(row.name));
    if (!entry) return [];
    const entries = optionEntries(asMap(entry.value), optionsIn(row, role), reader);
    const value = recordAt(entries, entry.value.span);
    const span = { start: entry.keySpan.start, end: entry.value.span.end };
    return [
      {
        span,
        keyword: nameAt(row.name, entry.keySpan),
        row: `connector.${row.name}`,
        arguments: [{ span: value.span, part: "options", words: [], value }],
      },
    ];
  });
}

/** In the order of the catalogue. */
export function optionEntries(
  map: YamlMap | undefined,
  rows: readonly OptionRow[],
  reader: Reader,
  fieldOf: (option: string) => string = camel,
): readonly RecordEntry[] {
  return rows.flatMap((row) => {
    const entry = map?.entries.find(({ key }) => key === fieldOf(row.name));
    return entry ? [fieldAt(row.name, optionAt(row, entry.value, reader), entry.keySpan)] : [];
  });
}

function optionAt(row: OptionRow, node: YamlNode, reader: Reader): Expression {
  switch (row.kind) {
    case "duration":
    case "size":
    case "rate":
    case "expr":
    case "value":
      return expressionAt(node, reader.source, reader.diagnostics);
    case "choice":
      return wordOrStringAt(asText(node) ?? "", node.span);
    case "options":
      if (row.orBool && node.kind !== "map") return constantAt(node);
      return recordAt(optionEntries(asMap(node), row.options ?? [], reader), node.span);
    case "map":
      return row.name === "env" ? environmentAt(node) : constantAt(node);
    default:
      return constantAt(node);
  }
}

/** `env: [{ name, value }]` as a record. */
function environmentAt(node: YamlNode): Expression {
  const entries = asList(node).flatMap((item): RecordEntry[] => {
    const map = asMap(item);
    const name = map && field(map, "name");
    const value = map && (field(map, "value") ?? field(map, "valueFrom"));
    return name && value ? [fieldAt(asText(name) ?? "", constantAt(value), name.span)] : [];
  });
  return recordAt(entries, node.span);
}

/** A value of YAML as a constant; `secretKeyRef: { name, key }` as a secret, `value: x` alone as x. */
export function constantAt(node: YamlNode): Expression {
  const { span } = node;
  if (node.kind === "list") return listAt(node.items.map(constantAt), span);
  if (node.kind === "map")
    return (
      secretIn(node) ??
      recordAt(
        node.entries.map(({ key, keySpan, value }) => fieldAt(key, constantAt(value), keySpan)),
        span,
      )
    );
  const { value } = node;
  if (typeof value === "string") return stringAt(value, span);
  if (typeof value === "number" || typeof value === "bigint") return numberAt(value, span);
  return value === null ? { kind: "null", span } : { kind: "bool", span, value };
}

function secretIn(map: YamlMap): Expression | undefined {
  const only = map.entries.length === 1 ? map.entries[0]! : undefined;
  const reference = only?.key === "secretKeyRef" ? asMap(only.value) : undefined;
  if (reference === undefined) return only?.key === "value" ? constantAt(only.value) : undefined;
  return secretAt(asText(field(reference, "name")) ?? "", asText(field(reference, "key")) ?? "", map.span);
}
