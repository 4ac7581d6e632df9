/**
 * Which fields of a source's records the stage can see at all: those its type declares and those that expressions read. Undefined where data goes on
 * whole, to a sink or through an operator that changes it.
 */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import type { EdgePlan, OperatorPlan, SourcePlan, StepPlan } from "../../compiler/contract/runtime-config.ts";
import type { TypeTable, ValueType } from "../../compiler/contract/value-type.ts";
import { readsOf } from "../expr/compile-expression.ts";
import { needsMap } from "../operators/records.ts";
import type { Graph } from "./graph.ts";

/** By name: the fields wanted of a record, or a value without fields: `passing` where nothing keeps it longer than the record. */
export type Fields = Map<string, Fields | "leaf" | "passing">;

const maxDepth = 8;
const maxFields = 40;

export function fieldsOfSource(plan: SourcePlan, index: number, graph: Graph, types: TypeTable): Fields | undefined {
  const collector = new Collector(graph);
  collector.follow(index, "main");
  if (plan.time !== undefined) collector.read(plan.time, "passing");
  if (!collector.knowsAll) return undefined;
  if (plan.type !== undefined && !addType(collector.fields, plan.type, types, 0)) return undefined;
  return countOf(collector.fields) <= maxFields && collector.fields.size > 0 ? collector.fields : undefined;
}

class Collector {
  readonly fields: Fields = new Map();
  knowsAll = true;
  private readonly graph: Graph;

  constructor(graph: Graph) {
    this.graph = graph;
  }

  read(tree: ExprTree, leaf: "leaf" | "passing" = "leaf"): void {
    for (const { variable, path } of readsOf(tree))
      if (variable === "data" && !addPath(this.fields, path, leaf)) this.knowsAll = false;
  }

  follow(node: number, output: EdgePlan["output"]): void {
    for (const { node: reader, index, edge } of this.graph.readersOf(node, output)) {
      if (edge.where !== undefined) this.read(edge.where);
      if (reader.kind === "step") this.step(reader, index);
      else if (reader.kind === "window" && reader.join === undefined) {
        for (const tree of [...reader.key, ...reader.aggregates.flatMap(({ args }) => args)]) this.read(tree);
        this.follow(index, "late");
      } else this.knowsAll = false;
    }
  }

  private step({ operators }: StepPlan, index: number): void {
    for (const operator of operators) {
      const trees = readBy(operator);
      if (trees === undefined) {
        this.knowsAll = false;
        return;
      }
      trees.forEach((tree) => {
        this.read(tree);
      });
      // What comes after works on new data.
      if (operator.op === "map" || operator.op === "expand") return;
    }
    this.follow(index, "main");
  }
}

/** Undefined: it needs all of data. */
function readBy(operator: OperatorPlan): readonly ExprTree[] | undefined {
  switch (operator.op) {
    case "filter":
      return [operator.test];
    case "map":
    case "time":
      return [operator.value];
    case "expand":
      return [operator.list];
    case "dedupe":
      return [operator.key];
    case "attributes":
      return operator.values.map(({ value }) => value);
    case "throttle":
    case "sample":
      return [];
    default:
      return undefined;
  }
}

/** False when a value is wanted both whole and by its fields. */
function addPath(fields: Fields, [name, ...rest]: readonly string[], leaf: "leaf" | "passing"): boolean {
  if (name === undefined || !isPlainName(name)) return false;
  const known = fields.get(name);
  if (rest.length === 0) {
    if (known === undefined) fields.set(name, leaf);
    return known === undefined || typeof known === "string";
  }
  if (typeof known === "string") return false;
  const inner: Fields = known ?? new Map();
  fields.set(name, inner);
  return addPath(inner, rest, leaf);
}

/** What the check against the type looks at; false when that is more than fields. */
function addType(fields: Fields, type: ValueType, types: TypeTable, depth: number): boolean {
  const record = resolved(type, types);
  if (record?.kind !== "record" || depth > maxDepth) return false;
  return record.fields.every(({ name, type: fieldType }) => {
    if (!isPlainName(name)) return false;
    const of = resolved(fieldType, types);
    const known = fields.get(name);
    if (of === undefined || of.kind === "list" || of.kind === "map" || of.kind === "optional") return false;
    if (of.kind !== "record") {
      if (known === undefined) fields.set(name, "passing");
      return known === undefined || typeof known === "string";
    }
    if (typeof known === "string") return false;
    const inner: Fields = known ?? new Map();
    fields.set(name, inner);
    return addType(inner, of, types, depth + 1);
  });
}

function resolved(type: ValueType, types: TypeTable): ValueType | undefined {
  if (type.kind !== "ref") return type;
  return Object.hasOwn(types, type.name) ? resolved(types[type.name]!, types) : undefined;
}

const isPlainName = (name: string): boolean =>
  !(name in {}) && !needsMap(name) && /^[\x20-\x7e]*$/.test(name) && !/["\\]/.test(name);

function countOf(fields: Fields): number {
  let count = 0;
  for (const inner of fields.values()) count += typeof inner === "string" ? 1 : 1 + countOf(inner);
  return count;
}
