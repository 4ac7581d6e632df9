/**
 * IR → the Pipeline custom resource, and for each of its fields the place in the source that it comes from. Clauses,
 * operators and connectors are mapped by their catalogue rows; here is only the frame around them.
 */
import {
  type CrObject,
  type CrValue,
  descriptionAnnotation,
  type PipelineInput,
  type PipelineMetadata,
  type PipelineNode,
  type PipelineResource,
  pipelineApiVersion,
  topicsFinalizer,
} from "../contract/pipeline.ts";
import type { ValueType } from "../contract/value-type.ts";
import type { Ir, IrClause, IrInput, IrNode } from "../ir/ir.ts";
import { clauseById } from "../ir/rows-by-id.ts";
import { hasSeveralStages } from "../ir/stages.ts";
import { printType } from "../syntax/print.ts";
import { clauseField, isPlacement, kebab, pointer } from "./cr/names.ts";
import { typeSchema } from "./cr/type-schema.ts";
import { typeSyntax } from "./cr/type-syntax.ts";
import { type Marks, noMarks, writeClause, writeClauses, writeConnector, writeExpression } from "./cr/write-clause.ts";
import { onlyContainer, writeContainer } from "./cr/write-container.ts";
import { clauseOf, constantPart } from "./runtime/parts.ts";
import { completed, type SourceMap } from "./source-map.ts";

export interface EmittedPipeline {
  readonly resource: PipelineResource;
  readonly sourceMap: SourceMap;
}

type Fields = Record<string, CrValue>;

export function pipelineCr(ir: Ir): EmittedPipeline {
  let sourceMap: SourceMap | undefined;
  return {
    resource: write(ir, noMarks),
    // Made only for those who ask, by writing once more and taking down the places: most compilations do not.
    get sourceMap() {
      sourceMap ??= sourceMapOf(ir);
      return sourceMap;
    },
  };
}

const write = (ir: Ir, marks: Marks): PipelineResource => ({
  apiVersion: pipelineApiVersion,
  kind: "Pipeline",
  metadata: metadata(ir, marks),
  spec: spec(ir, marks),
});

function sourceMapOf(ir: Ir): SourceMap {
  const marks = new Map([
    ["", ir.origin],
    ["/metadata/name", ir.origin],
  ]);
  const resource = write(ir, marks);
  markTypes(ir, marks);
  return completed(resource, marks);
}

function metadata(ir: Ir, marks: Marks): PipelineMetadata {
  const namespace = constantPart(clauseOf(ir.clauses, "namespace"), "namespace");
  const labels = constantPart(clauseOf(ir.clauses, "labels"), "labels");
  for (const field of ["namespace", "labels"]) {
    const clause = ir.clauses.find((one) => one.keyword === field);
    if (clause) marks.set(`/metadata/${field}`, clause.origin);
  }
  const annotations = annotationsOf(ir, marks);
  const finalizers = finalizersOf(ir, marks);
  return {
    name: kebab(ir.name),
    ...(typeof namespace === "string" ? { namespace } : {}),
    ...(typeof labels === "object" && labels !== null && "entries" in labels && "kind" in labels
      ? { labels: Object.fromEntries(labels.entries.map(([name, value]) => [name, String(value)])) }
      : {}),
    ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
    ...(finalizers.length === 0 ? {} : { finalizers }),
  };
}

function annotationsOf(ir: Ir, marks: Marks): readonly (readonly [string, string])[] {
  const carried = ir.metadata?.annotations ?? [];
  for (const { name, origin } of carried) marks.set(pointer("/metadata/annotations", name), origin);
  return [
    ...(ir.description === undefined ? [] : [[descriptionAnnotation, ir.description] as const]),
    ...carried.map(({ name, value }) => [name, value] as const),
  ];
}

/** Those of the resource that was read, and the one for the topics between stages where there are such. */
function finalizersOf(ir: Ir, marks: Marks): readonly string[] {
  const carried = ir.metadata?.finalizers ?? [];
  for (const [i, { origin }] of carried.entries()) marks.set(pointer("/metadata/finalizers", i), origin);
  const names = carried.map(({ name }) => name);
  return !names.includes(topicsFinalizer) && hasSeveralStages(ir) ? [...names, topicsFinalizer] : names;
}

function spec(ir: Ir, marks: Marks): PipelineResource["spec"] {
  const fields: Fields = {};
  const own = ir.clauses.filter((clause) => clause.keyword !== "namespace" && clause.keyword !== "labels");
  writeClauses(own, fields, "/spec", marks);
  for (const connector of ir.defaults) writeConnector(connector, fields, "/spec", marks);
  const types = Object.entries(ir.types);
  if (types.length > 0)
    fields.types = Object.fromEntries(types.map(([name, type]) => [name, namedType(type, ir.typeDocs[name])]));
  const list = (field: string, kinds: readonly IrNode["kind"][]) => {
    const nodes = ir.nodes.filter((node) => kinds.includes(node.kind));
    if (nodes.length > 0) fields[field] = nodes.map((node, i) => nodeFields(node, pointer(`/spec/${field}`, i), marks));
  };
  list("tables", ["table"]);
  list("sources", ["source"]);
  list("processors", ["step", "window", "chunk"]);
  list("sinks", ["sink"]);
  return fields as PipelineResource["spec"];
}

/** A field of a type has its schema's place; it is reached through the schemas around it. */
function markTypes(ir: Ir, marks: Marks): void {
  const mark = (path: string, type: ValueType, at: string): void => {
    const origin = ir.typeOrigins[path];
    if (origin) marks.set(at, origin);
    if (type.kind === "record")
      for (const field of type.fields)
        mark(`${path}/${field.name}`, field.type, pointer(pointer(at, "properties"), field.name));
    else if (type.kind === "list") mark(path, type.element, pointer(at, "items"));
    else if (type.kind === "map") mark(path, type.value, pointer(at, "additionalProperties"));
    else if (type.kind === "optional") mark(path, type.of, at);
    else if (type.kind === "union")
      for (const [i, member] of type.members.entries()) mark(path, member, pointer(pointer(at, "anyOf"), i));
  };
  for (const [name, type] of Object.entries(ir.types)) mark(name, type, pointer("/spec/types", name));
}

const namedType = (type: ValueType, doc: string | undefined): CrObject =>
  doc === undefined ? typeSchema(type) : { description: doc, ...typeSchema(type) };

function nodeFields(node: IrNode, at: string, marks: Marks): PipelineNode {
  marks.set(at, node.origin);
  marks.set(`${at}/name`, node.origin);
  const fields: Fields & { name: string } = { name: kebab(node.name) };
  if (node.description !== undefined) fields.description = node.description;
  if (node.from.length > 0)
    fields.from = node.from.map((input, i) => inputFields(input, pointer(`${at}/from`, i), marks));
  if (node.connector) writeConnector(node.connector, fields, at, marks);
  if (node.declaredType) fields.type = printType(typeSyntax(node.declaredType));
  writeBody(node, fields, at, marks);
  return fields;
}

function inputFields(input: IrInput, at: string, marks: Marks): PipelineInput {
  marks.set(at, input.origin);
  return {
    name: kebab(input.node),
    ...(input.output === "main" ? {} : { output: input.output }),
    ...(input.where ? { where: writeExpression(input.where, `${at}/where`, marks) } : {}),
    ...(input.otherwise ? { otherwise: true as const } : {}),
    ...(input.alias === undefined ? {} : { as: input.alias }),
  };
}

/** What a node does: sources, tables and sinks have their clauses beside the connector, processors have them inside. */
function writeBody(node: IrNode, fields: Fields, at: string, marks: Marks): void {
  const outside = node.clauses.filter((clause) => isPlacement(clause.keyword));
  const inside = node.clauses.filter((clause) => !isPlacement(clause.keyword));
  const container = onlyContainer(node);
  if (node.kind === "window" || node.kind === "chunk") {
    const body: Fields = {};
    writeClauses(inside, body, pointer(at, node.kind), marks);
    fields[node.kind] = body;
  } else if (container) Object.assign(fields, writeContainer(container, at, marks));
  else if (node.kind === "step")
    fields.operators = inside.map((clause, i) => operatorFields(clause, pointer(`${at}/operators`, i), marks));
  else writeClauses(inside, fields, at, marks);
  writeClauses(outside, fields, at, marks);
}

function operatorFields(clause: IrClause, at: string, marks: Marks): CrObject {
  const row = clauseById(clause.row)?.row;
  if (row === undefined) throw new Error(`bug: no operator '${clause.row}'`);
  marks.set(at, clause.origin);
  return { [clauseField(row)]: writeClause(row, clause, pointer(at, clauseField(row)), marks) };
}
