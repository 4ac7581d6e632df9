/** Finds out whether the records of a source can be read by their shapes, and which of their fields are used. */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import type { OperatorPlan, SourcePlan } from "../../compiler/contract/runtime-config.ts";
import type { TypeTable, ValueType } from "../../compiler/contract/value-type.ts";
import type { ShapeUse } from "../codec/json-shape.ts";
import { needsMap } from "../operators/records.ts";
import type { Graph } from "./graph.ts";
import { childrenOf } from "./tree.ts";

type Path = readonly string[];

/**
 * For a source of JSON whose records go, through steps that only filter and set fields, to one sink of JSON; undefined for all others.
 * `sink` is that sink's node.
 */
export function shapeUse(
  source: SourcePlan,
  index: number,
  graph: Graph,
  types: TypeTable,
): { readonly use: ShapeUse; readonly sink: number } | undefined {
  if (source.format.type !== "json" || source.time !== undefined) return undefined;
  const kinds = new Set<ValueType["kind"]>();
  if (source.type !== undefined && !isSettledByShape(source.type, types, kinds)) return undefined;
  const operators: OperatorPlan[] = [];
  for (let at = index; ; ) {
    const [reader, ...others] = graph.readersOf(at, "main");
    if (reader === undefined || others.length > 0) return undefined;
    const { node, edge } = reader;
    if (edge.where !== undefined || edge.otherwise === true) return undefined;
    if (node.kind !== "sink" && node.kind !== "step") return undefined;
    if (node.from.length !== 1) return undefined;
    if (node.kind === "sink") {
      const use = node.format.type === "json" ? useOf(operators, kinds.has("int")) : undefined;
      return use === undefined ? undefined : { use, sink: reader.index };
    }
    operators.push(...node.operators);
    at = reader.index;
  }
}

/** Values whose text is known by their JavaScript type. */
const plainKinds = new Set(["string", "bool"]);

function useOf(operators: readonly OperatorPlan[], tellsInts: boolean): ShapeUse | undefined {
  const paths = new Map<string, Path>();
  const sets = new Map<string, Path>();
  const add = (path: Path) => paths.set(JSON.stringify(path), path);
  for (const operator of operators) {
    if (operator.op === "filter") {
      if (!addPaths(operator.test, add)) return undefined;
    } else if (operator.op === "set") {
      const { path, value } = operator;
      if (path.length === 0 || path.some(needsMap) || !plainKinds.has(value.kind)) return undefined;
      if (!addPaths(value, add)) return undefined;
      add(path);
      sets.set(JSON.stringify(path), path);
    } else return undefined;
  }
  // With nothing set the record leaves as it came anyway.
  if (sets.size === 0 || nested([...sets.values()])) return undefined;
  return { paths: [...paths.values()], sets: [...sets.values()], tellsInts };
}

/** One of the fields would be part of another. */
function nested(paths: readonly Path[]): boolean {
  return paths.some((path) =>
    paths.some((other) => other.length > path.length && path.every((name, depth) => other[depth] === name)),
  );
}

/** Adds the fields that the expression reads; false when it looks at data in another way. */
function addPaths(tree: ExprTree, add: (path: Path) => void): boolean {
  const path = pathOf(tree);
  if (path !== undefined) {
    if (path.length === 0 || path.some(needsMap)) return false;
    add(path);
    return true;
  }
  const binds = tree.op === "let" ? [tree.name] : tree.op === "macro" ? [tree.item, tree.index] : [];
  return !binds.includes("data") && childrenOf(tree).every((child) => addPaths(child, add));
}

/** Of `data`, `data.a.b` and `has(data.a.b)`; undefined for every other expression. */
function pathOf(tree: ExprTree): Path | undefined {
  if (tree.op === "var") return tree.name === "data" ? [] : undefined;
  if (tree.op !== "select" && tree.op !== "has") return undefined;
  const of = tree.of.op === "has" ? undefined : pathOf(tree.of);
  return of === undefined ? undefined : [...of, tree.field];
}

/** Whether all records of a shape have the type when one has. */
function isSettledByShape(
  type: ValueType,
  types: TypeTable,
  kinds: Set<ValueType["kind"]>,
  /** Of the types met by name; false while one is looked at, since it would be part of itself. */
  settled = new Map<string, boolean>(),
): boolean {
  kinds.add(type.kind);
  switch (type.kind) {
    case "any":
    case "unknown":
    case "null":
    case "bool":
    case "string":
    case "int":
    case "double":
      return true;
    case "optional":
      return isSettledByShape(type.of, types, kinds, settled);
    case "record":
      return type.fields.every((field) => isSettledByShape(field.type, types, kinds, settled));
    case "ref": {
      const known = settled.get(type.name);
      if (known !== undefined) return known;
      const named = Object.hasOwn(types, type.name) ? types[type.name] : undefined;
      settled.set(type.name, false);
      const isSettled = named !== undefined && isSettledByShape(named, types, kinds, settled);
      settled.set(type.name, isSettled);
      return isSettled;
    }
    default:
      return false;
  }
}
