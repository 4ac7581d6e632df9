/**
 * The JSON Schema (draft 2020-12) of a runtime config, strict throughout. Trees and plans are told apart by their tag, so a
 * mistake is named once and where it is.
 */

import { scalarKinds } from "./value-type.ts";

type Schema = { readonly [keyword: string]: unknown };

const text: Schema = { type: "string" };
const flag: Schema = { type: "boolean" };
const count: Schema = { type: "integer", minimum: 0 };
const milliseconds: Schema = { type: "number", minimum: 0 };
const tree: Schema = { $ref: "#/$defs/tree" };
const list = (items: Schema): Schema => ({ type: "array", items });
const constant = (value: string | boolean): Schema => ({ const: value });
const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });

/** An object with these fields and no others; names ending in `?` may be absent. */
function object(fields: Readonly<Record<string, Schema>>): Schema {
  const names = Object.keys(fields);
  return {
    type: "object",
    required: names.filter((name) => !name.endsWith("?")),
    properties: Object.fromEntries(names.map((name) => [name.replace(/\?$/, ""), fields[name]!])),
    additionalProperties: false,
  };
}

/** One of several objects, told apart by the field `tag`. */
function tagged(tag: string, variants: Readonly<Record<string, Readonly<Record<string, Schema>>>>): Schema {
  return {
    type: "object",
    discriminator: { propertyName: tag },
    required: [tag],
    oneOf: Object.entries(variants).map(([name, fields]) => object({ [tag]: constant(name), ...fields })),
  };
}

const kinds = [...scalarKinds.filter((each) => each !== "unknown"), "list", "map", "record", "optional"];
const kind: Schema = { enum: kinds };
const bool = constant("bool");

const trees = tagged("op", {
  const: { kind, value: { type: ["string", "number", "boolean", "null"] } },
  var: { kind, name: text },
  select: { kind, of: tree, field: text, optional: flag, "nullIsAbsent?": flag },
  has: { kind: bool, of: tree, field: text, nullIsAbsent: flag },
  index: { kind, of: tree, index: tree, optional: flag },
  table: { kind: constant("optional"), table: text, key: tree },
  call: { kind, fn: text, args: list(tree) },
  and: { kind: bool, left: tree, right: tree },
  or: { kind: bool, left: tree, right: tree },
  not: { kind: bool, of: tree },
  // biome-ignore lint/suspicious/noThenProperty: the field of a conditional; nothing awaits this.
  if: { kind, test: tree, then: tree, else: tree },
  list: { kind: constant("list"), items: list(object({ value: tree, optional: flag })) },
  record: { kind: { enum: ["record", "map"] }, entries: list(ref("entry")) },
  macro: {
    kind,
    macro: {
      enum: [
        "all",
        "exists",
        "exists_one",
        "map",
        "filter",
        "transform_list",
        "transform_map",
        "transform_map_entry",
        "sort_by",
      ],
    },
    over: tree,
    item: text,
    "index?": text,
    "test?": tree,
    "result?": tree,
  },
  let: { kind, name: text, value: tree, body: tree },
  dyn: { kind: constant("any"), of: tree, "shape?": ref("shape") },
  aggregate: { kind, slot: count },
});

const shape: Schema = {
  anyOf: [
    { enum: ["double", "timestamp", "duration", "bytes"] },
    object({ elements: ref("shape") }),
    object({ values: ref("shape") }),
    object({ fields: { type: "object", additionalProperties: ref("shape") } }),
  ],
};

const entry: Schema = {
  type: "object",
  properties: { key: text, keyExpr: tree, value: tree, optional: flag, spread: tree },
  additionalProperties: false,
  oneOf: [
    { required: ["key", "value", "optional"] },
    { required: ["keyExpr", "value", "optional"] },
    { required: ["spread"] },
  ],
};

const type: Schema = {
  type: "object",
  required: ["kind"],
  properties: { kind: { enum: [...scalarKinds, "literal", "union", "list", "map", "record", "optional", "ref"] } },
  discriminator: { propertyName: "kind" },
  oneOf: [
    object({ kind: { enum: scalarKinds } }),
    object({ kind: constant("literal"), value: { type: ["string", "number", "boolean"] } }),
    object({ kind: constant("union"), members: list(ref("type")) }),
    object({ kind: constant("list"), element: ref("type") }),
    object({ kind: constant("map"), key: ref("type"), value: ref("type") }),
    object({
      kind: constant("record"),
      fields: list(object({ name: text, type: ref("type"), optional: flag, "doc?": text })),
    }),
    object({ kind: constant("optional"), of: ref("type") }),
    object({ kind: constant("ref"), name: text }),
  ],
};

const aggregate = object({
  fn: {
    enum: [
      "count",
      "sum",
      "min",
      "max",
      "avg",
      "first",
      "last",
      "list",
      "distinct",
      "arg_max",
      "arg_min",
      "quantile",
      "top",
      "stddev",
    ],
  },
  args: list(tree),
});

/** Constants of any shape; what is inside `expr` and `secret` is checked where the option is used. */
const options: Schema = { type: "object" };
const connector = object({ type: text, options });
const format = object({ type: { enum: ["json", "lines", "text", "csv", "bytes", "cloudevents"] }, options });
const edge = object({
  node: text,
  output: { enum: ["main", "errors", "late"] },
  "where?": tree,
  "otherwise?": constant(true),
  "alias?": text,
});
const retry = object({
  count,
  backoffMs: { type: "array", items: milliseconds, minItems: 2, maxItems: 2 },
  else: { enum: ["dead_letter", "drop", "fail"] },
});
const at = text;

const operators = tagged("op", {
  filter: { at, test: tree },
  map: { at, value: tree },
  set: { at, path: { type: "array", items: text, minItems: 1 }, value: tree },
  remove: { at, paths: list({ type: "array", items: text, minItems: 1 }) },
  expand: { at, list: tree },
  flatten: { at, separator: text },
  unflatten: { at, separator: text },
  dedupe: { at, key: tree, withinMs: milliseconds },
  throttle: { at, count: { type: "number", exclusiveMinimum: 0 }, perMs: milliseconds },
  sample: { at, fraction: { type: "number", minimum: 0, maximum: 1 } },
  time: { at, value: tree },
  attributes: { at, values: list(object({ name: text, value: tree })) },
  log: { at, label: text },
  container: { at, image: text, options },
  process: { at, options },
  code: { at, language: constant("javascript"), source: text, options },
});

const assign = tagged("kind", {
  fixed: { sizeMs: milliseconds, offsetMs: { type: "number" } },
  sliding: { sizeMs: milliseconds, everyMs: milliseconds, offsetMs: { type: "number" } },
  session: { gapMs: milliseconds, "maxMs?": milliseconds },
  global: {},
  count: { count },
});
const triggers = list(ref("trigger"));
const trigger = tagged("kind", {
  after_watermark: { "early?": ref("trigger"), "late?": ref("trigger") },
  after_count: { count },
  after_processing_time: { delayMs: milliseconds },
  repeatedly: { of: ref("trigger") },
  first_of: { of: triggers },
  all_of: { of: triggers },
  each_of: { of: triggers },
  or_finally: { of: ref("trigger"), until: ref("trigger") },
  never: {},
});
const ifNew: Schema = { enum: ["always", "if_new"] };
const node = { name: text, at };
const from = list(ref("edge"));

const nodes = tagged("kind", {
  source: {
    ...node,
    connector: ref("connector"),
    format: ref("format"),
    "type?": ref("type"),
    "time?": tree,
    "watermark?": object({ delayMs: milliseconds, "idleMs?": milliseconds, "aheadMs?": milliseconds }),
  },
  step: { ...node, from, "type?": ref("type"), operators: list(ref("operator")), "retry?": ref("retry") },
  window: {
    ...node,
    from,
    key: list(tree),
    assign: ref("assign"),
    latenessMs: milliseconds,
    trigger: ref("trigger"),
    onTime: ifNew,
    closing: ifNew,
    timestamp: { enum: ["end", "earliest", "latest"] },
    lateBy: { enum: ["merged", "own"] },
    panes: { enum: ["accumulate", "discard", "retract"] },
    "join?": object({ on: tree, kind: { enum: ["inner", "left", "outer"] } }),
    aggregates: list(ref("aggregate")),
    "where?": tree,
    emit: tree,
  },
  chunk: {
    ...node,
    from,
    key: list(tree),
    "size?": count,
    "bytes?": count,
    "everyMs?": milliseconds,
    "startWhen?": tree,
    "endWhen?": tree,
    window: flag,
    aggregates: list(ref("aggregate")),
    "emit?": tree,
  },
  sink: { ...node, from, connector: ref("connector"), format: ref("format"), "retry?": ref("retry") },
});

/** A topic that the pipeline makes for itself. */
const topic = object({
  topic: text,
  role: { enum: ["intermediary", "changelog", "dead_letter"] },
  "connection?": options,
  partitions: {
    type: "object",
    properties: { count: { type: "integer", minimum: 1 }, like: list(text), least: { type: "integer", minimum: 1 } },
    additionalProperties: false,
    oneOf: [{ required: ["count"] }, { required: ["like", "least"] }],
  },
});

export const runtimeConfigSchema: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "https://dataflow.argoproj.io/runtime/v1alpha1/runtime-config.schema.json",
  title: "Runtime config of one stage",
  ...object({
    apiVersion: constant("dataflow.argoproj.io/runtime/v1alpha1"),
    pipeline: text,
    stage: text,
    delivery: { enum: ["at_least_once", "exactly_once"] },
    errors: tagged("policy", { dead_letter: { "connector?": ref("connector"), "format?": ref("format") }, fail: {} }),
    types: { type: "object", additionalProperties: ref("type") },
    tables: list(
      object({
        ...node,
        "type?": ref("type"),
        connector: ref("connector"),
        format: ref("format"),
        key: tree,
        "refreshMs?": milliseconds,
      }),
    ),
    nodes: list(ref("node")),
    "kafka?": object({ group: text, "connection?": options, "changelog?": text, topics: list(ref("topic")) }),
  }),
  $defs: {
    tree: trees,
    entry,
    shape,
    type,
    aggregate,
    connector,
    format,
    edge,
    retry,
    operator: operators,
    assign,
    trigger,
    node: nodes,
    topic,
  },
};
