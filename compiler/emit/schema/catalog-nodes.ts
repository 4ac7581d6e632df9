/** Schemas of clauses, connectors and options, from their catalogue rows: the mirror of `cr/write-clause.ts`. */
import { clausesOf } from "../../catalog/clauses.ts";
import { connectors, optionsIn } from "../../catalog/connectors.ts";
import type { ClauseRow, OptionRow, Part, Place, Role } from "../../catalog/rows.ts";
import { camel, clauseField, isMerged, isSingle, wordText } from "../cr/names.ts";
import { durationPattern, ratePattern, sizePattern } from "../runtime/duration-text.ts";
import type { ObjectNode, SchemaNode, StringNode } from "./schema-node.ts";

/** Bounds that keep the API server's cost estimate of the rules low. */
export const limits = { expression: 10_000, text: 4_096, list: 64, fields: 64, operators: 128, keys: 16 } as const;

const object = (
  fields: Readonly<Record<string, SchemaNode>>,
  required: readonly string[],
  doc?: string,
): ObjectNode => ({
  kind: "object",
  fields,
  ...(required.length > 0 ? { required } : {}),
  ...(doc === undefined ? {} : { doc }),
});

export const expression = (doc: string): StringNode => ({
  kind: "string",
  expression: true,
  maxLength: limits.expression,
  doc,
});
const quantity = (pattern: string, what: string, doc: string): StringNode => ({
  kind: "string",
  pattern,
  what,
  maxLength: 64,
  doc,
});
export const duration = (doc: string) => quantity(durationPattern, "a duration such as '5s' or '1h30m'", doc);
const size = (doc: string) => quantity(sizePattern, "a size such as '64KiB'", doc);
const rate = (doc: string) => quantity(ratePattern, "a rate such as '100/s'", doc);
const text = (doc: string): StringNode => ({ kind: "string", maxLength: limits.text, doc });

const dnsName: StringNode = {
  kind: "string",
  pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
  what: "the name of a Kubernetes object",
  maxLength: 253,
};

const secretKeyRef: SchemaNode = object(
  {
    name: { ...dnsName, doc: "The Secret." },
    key: {
      kind: "string",
      pattern: "^[-._a-zA-Z0-9]+$",
      what: "a key of a Secret",
      maxLength: 253,
      doc: "The key in it.",
    },
  },
  ["name", "key"],
  "A value from a Secret of the pipeline's namespace.",
);

const secret = (doc: string): SchemaNode => ({
  ...object({ secretKeyRef, value: text("The value itself. Prefer a secret.") }, [], doc),
  choose: [{ fields: ["secretKeyRef", "value"], what: "way to give the value" }],
});

const environment = (doc: string): SchemaNode => ({
  kind: "list",
  maxItems: limits.list,
  key: "name",
  doc,
  items: {
    ...object(
      {
        name: text("The variable."),
        value: text("Its value."),
        valueFrom: object({ secretKeyRef }, ["secretKeyRef"], "From a Secret."),
      },
      ["name"],
    ),
    size: { count: 2, what: "name with one 'value' or 'valueFrom'" },
  },
});

/** `replicas`, at the pipeline and at a node. */
export const replicasNode: ObjectNode = {
  ...object(
    {
      value: { kind: "integer", minimum: 0, doc: "So many." },
      valueFrom: object(
        { kafkaPartitions: object({}, [], "As many as the input topic has partitions.") },
        ["kafkaPartitions"],
        "A number known only in the cluster.",
      ),
      autoscale: object(
        {
          min: { kind: "integer", minimum: 0, doc: "Never fewer." },
          max: { kind: "integer", minimum: 1, doc: "Never more." },
          lag: { kind: "integer", minimum: 1, doc: "One replica per so many events waiting." },
        },
        ["min", "max"],
        "By the number of events waiting.",
      ),
    },
    [],
    "How many copies of the worker run.",
  ),
  choose: [{ fields: ["value", "valueFrom", "autoscale"], what: "way to count replicas" }],
};

/** The fields of all clauses of a place but those named. */
export function clauseFields(place: Place, except: readonly string[] = []): Readonly<Record<string, SchemaNode>> {
  const rows = clausesOf(place).filter((row) => !except.includes(row.keyword));
  return Object.fromEntries(rows.map((row) => [clauseField(row), clauseNode(row)]));
}

/** What of the clauses of a place must be there. */
export const requiredClauses = (place: Place): readonly string[] =>
  clausesOf(place)
    .filter((row) => row.required && row.oneOf === undefined)
    .map(clauseField);

/** Groups of clauses of which one must be there. */
export function chooseClauses(place: Place): ObjectNode["choose"] {
  const groups = new Map<string, ClauseRow[]>();
  for (const row of clausesOf(place))
    if (row.oneOf !== undefined) groups.set(row.oneOf, [...(groups.get(row.oneOf) ?? []), row]);
  return [...groups].map(([what, rows]) => ({
    fields: rows.map(clauseField),
    what: `${what} of ${place}`,
    ...(rows[0]!.required ? {} : { atMost: true as const }),
  }));
}

export function clauseNode(row: ClauseRow): SchemaNode {
  if (row.keyword === "replicas") return replicasNode;
  if (row.id === "pipeline.errors") return errorsNode(row);
  if (row.parts.length === 0) return object({}, [], row.doc);
  if (isSingle(row)) return { ...partNode(row, row.parts[0]!), doc: row.doc };
  const fields: Record<string, SchemaNode> = {};
  for (const part of row.parts) {
    if (isMerged(row, part)) Object.assign(fields, optionFields(part.options ?? []));
    else fields[camel(part.name)] = partNode(row, part);
  }
  const required = row.parts.filter((part) => !part.optional && !isMerged(row, part)).map((part) => camel(part.name));
  const choose = row.alternatives
    ? { choose: [{ fields: row.parts.map((part) => camel(part.name)), what: `way to say '${row.keyword}'` }] }
    : {};
  return { ...object(fields, row.alternatives ? [] : required, row.doc), ...choose };
}

function errorsNode(row: ClauseRow): SchemaNode {
  const connector = connectorFields("dead_letter");
  return {
    ...object(
      {
        deadLetter: {
          ...object(
            { ...connector, ...clauseFields("errors") },
            [],
            "Bad events are kept with their reason, and the rest goes on.",
          ),
          choose: [{ fields: Object.keys(connector), atMost: true, what: "connector" }],
        },
        fail: object({}, [], "The first bad event stops the pipeline."),
      },
      [],
      row.doc,
    ),
    choose: [{ fields: ["deadLetter", "fail"], what: "policy" }],
  };
}

function partNode(row: ClauseRow, part: Part): SchemaNode {
  switch (part.kind) {
    case "expr":
      return expression(part.doc);
    case "exprs":
      return { kind: "list", items: expression("An expression."), minItems: 1, maxItems: limits.keys, doc: part.doc };
    case "fields":
      return { kind: "map", values: expression("An expression."), maxFields: limits.fields, doc: part.doc };
    case "duration":
      return duration(part.doc);
    case "size":
      return size(part.doc);
    case "rate":
      return rate(part.doc);
    case "int":
      return { kind: "integer", ...boundsOf(part.limit), doc: part.doc };
    case "number":
      return { kind: "number", doc: part.doc };
    case "bool":
      return { kind: "boolean", doc: part.doc };
    case "string":
      return { ...text(part.doc), maxLength: part.limit?.mostBytes ?? limits.text };
    case "durations":
      return object({ min: duration("The shortest."), max: duration("The longest.") }, ["min", "max"], part.doc);
    case "word":
      return { kind: "string", enum: (part.choices ?? []).map((choice) => wordText(row, choice.name)), doc: part.doc };
    case "path":
      return pathNode(part.doc);
    case "paths":
      return { kind: "list", items: pathNode("A field."), minItems: 1, maxItems: limits.list, doc: part.doc };
    case "options":
      return object(optionFields(part.options ?? []), requiredOptions(part.options ?? []), part.doc);
    case "record":
      return { kind: "map", values: text("A value."), maxFields: limits.fields, doc: part.doc };
    case "replicas":
      return replicasNode;
    case "block":
    case "node":
    case "events":
    case "event":
      throw new Error(`bug: '${row.id}' has no schema`);
  }
}

function boundsOf(limit: { readonly least?: number; readonly most?: number } = {}) {
  const { least, most } = limit;
  return {
    ...(least === undefined ? {} : { minimum: least }),
    ...(most === undefined ? {} : { maximum: most }),
  };
}

const pathNode = (doc: string): StringNode => ({
  kind: "string",
  pattern: "^data[.\\[]",
  what: "a path such as 'data.a.b'",
  maxLength: limits.text,
  doc,
});

/** One field per connector of the role. */
export function connectorFields(role: Role): Readonly<Record<string, SchemaNode>> {
  const rows = connectors.filter((row) => row.roles.includes(role));
  return Object.fromEntries(
    rows.map((row) => {
      const options = optionsIn(row, role);
      const shared = new Set(
        row.roles.includes("defaults") ? optionsIn(row, "defaults").map((option) => option.name) : [],
      );
      const required = role === "defaults" ? [] : requiredOptions(options.filter((option) => !shared.has(option.name)));
      return [camel(row.name), object(optionFields(options), required, row.doc)];
    }),
  );
}

const requiredOptions = (rows: readonly OptionRow[]): readonly string[] =>
  rows.filter((row) => row.required).map((row) => camel(row.name));

export const optionFields = (
  rows: readonly OptionRow[],
  fieldOf: (option: string) => string = camel,
): Readonly<Record<string, SchemaNode>> => Object.fromEntries(rows.map((row) => [fieldOf(row.name), optionNode(row)]));

function optionNode(row: OptionRow): SchemaNode {
  const { doc } = row;
  switch (row.kind) {
    case "string":
      return text(doc);
    case "strings":
      return {
        kind: "list",
        items: text("A value."),
        ...(row.limit?.notEmpty ? { minItems: 1 } : {}),
        maxItems: limits.list,
        doc,
      };
    case "int":
      return { kind: "integer", ...boundsOf(row.limit), doc };
    case "number":
      return { kind: "number", doc };
    case "bool":
      return { kind: "boolean", doc };
    case "duration":
      return duration(doc);
    case "size":
      return size(doc);
    case "rate":
      return rate(doc);
    case "choice":
      return { kind: "string", enum: (row.choices ?? []).map((choice) => choice.name), doc };
    case "expr":
    case "value":
      return expression(doc);
    case "map":
      return row.name === "env"
        ? environment(doc)
        : {
            kind: "map",
            values: { kind: "any", doc: "A string, or `secretKeyRef: { name, key }`." },
            maxFields: limits.fields,
            doc,
          };
    case "options": {
      const options = object(optionFields(row.options ?? []), requiredOptions(row.options ?? []), doc);
      return row.orBool ? { kind: "flag_or_object", object: options, doc } : options;
    }
    case "secret":
      return secret(doc);
  }
}
