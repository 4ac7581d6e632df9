/** What each operator of a step makes of the type of `data`. */
import type { RecordField, TypeTable, ValueType } from "../contract/value-type.ts";
import type { Clause, NodeDeclaration } from "../syntax/ast.ts";
import type { ModelClause, ModelNode } from "./model.ts";
import { anyType, fieldOf, isOpen, join, mapOf, recordOf, resolveType, stringType, unknownType } from "./types.ts";

const userCodeRows: ReadonlySet<string | undefined> = new Set(["step.container", "step.process", "step.code"]);

/** The operator whose results have the type that a step declares: the last that is user code. */
export const typedOperator = ({ clauses }: NodeDeclaration): Clause | undefined =>
  clauses.findLast(({ row }) => userCodeRows.has(row));

/** The type after the operator of the step. What it cannot know is `any`. */
export function typeAfter(
  clause: ModelClause,
  data: ValueType,
  step: Pick<ModelNode, "declaration" | "declaredType">,
  types: TypeTable,
): ValueType {
  switch (clause.keyword) {
    case "map":
      return typeOfPart(clause, "value");
    case "set":
      return pathsOf(clause, "path").reduce(
        (type, path) => setField(type, path, typeOfPart(clause, "value"), types),
        data,
      );
    case "remove":
      return pathsOf(clause, "paths").reduce((type, path) => removeField(type, path, types), data);
    case "expand":
      return elementOf(typeOfPart(clause, "list"), types);
    case "flatten":
      return isOpen(data) ? data : mapOf(stringType, anyType);
    case "unflatten":
      return anyType;
    case "container":
    case "process":
    case "code":
      return (clause.syntax === typedOperator(step.declaration) ? step.declaredType : undefined) ?? anyType;
    default:
      return data;
  }
}

function typeOfPart(clause: ModelClause, part: string): ValueType {
  const value = clause.values.get(part);
  return value?.kind === "expr" ? value.value.type : unknownType;
}

function pathsOf(clause: ModelClause, part: string): readonly (readonly string[])[] {
  const value = clause.values.get(part);
  return value?.kind === "paths" ? value.paths : [];
}

function elementOf(list: ValueType, types: TypeTable): ValueType {
  const resolved = resolveType(list, types);
  return resolved.kind === "list" ? resolved.element : isOpen(resolved) ? resolved : unknownType;
}

export function setField(type: ValueType, path: readonly string[], value: ValueType, types: TypeTable): ValueType {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const resolved = resolveType(type, types);
  if (resolved.kind === "map")
    return mapOf(resolved.key, join(resolved.value, rest.length === 0 ? value : anyType, types));
  if (resolved.kind !== "record") return isOpen(resolved) ? resolved : unknownType;
  const old = fieldOf(resolved, name);
  const next: RecordField = {
    ...(old ?? {}),
    name,
    optional: false,
    type: setField(old?.type ?? recordOf([]), rest, value, types),
  };
  if (old) madeOf.set(next, old);
  return recordOf(old ? resolved.fields.map((each) => (each === old ? next : each)) : [...resolved.fields, next]);
}

/** Fields that an operator has changed, and what they were before. */
const madeOf = new WeakMap<RecordField, RecordField>();

/** The field as it was declared: to whoever renames it, one that `set` has written over is the same. */
export function originOfField(field: RecordField): RecordField {
  let at = field;
  for (let before = madeOf.get(at); before !== undefined; before = madeOf.get(at)) at = before;
  return at;
}

export function removeField(type: ValueType, path: readonly string[], types: TypeTable): ValueType {
  const [name, ...rest] = path;
  const resolved = resolveType(type, types);
  if (name === undefined || resolved.kind !== "record") return type;
  const old = fieldOf(resolved, name);
  if (!old) return type;
  if (rest.length === 0) return recordOf(resolved.fields.filter((each) => each !== old));
  const next: RecordField = { ...old, type: removeField(old.type, rest, types) };
  madeOf.set(next, old);
  return recordOf(resolved.fields.map((each) => (each === old ? next : each)));
}
