/**
 * Fields, `has`, indexes, tables, and optionals without their box. A field is read as a plain property; only when that
 * gives nothing usable does a library function look again, which also tells a Map, a missing key and a wrong type apart.
 */
import type {
  ExprTree,
  HasTree,
  IndexTree,
  Kind,
  SelectTree,
  TableTree,
} from "../../../compiler/contract/expr-tree.ts";
import {
  hasField,
  hasPresentField,
  indexValueOf,
  maybeField,
  maybeIndex,
  maybePresentField,
  selectField,
  selectPresent,
  tableRow,
  unsafeNames,
  unsafeRecordNames,
} from "../access.ts";
import { coercions } from "../coerce.ts";
import { Optional } from "../values/optional.ts";
import type { Emit } from "./context.ts";
import { fromRaw, twice } from "./emit-kinds.ts";

/** Whether `of.field` in JavaScript cannot find anything but data. */
function isSafe(of: ExprTree, field: string): boolean {
  return !(of.kind === "record" || of.kind === "map" ? unsafeRecordNames : unsafeNames).has(field);
}

function property(of: string, field: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(field) ? `${of}?.${field}` : `${of}?.[${JSON.stringify(field)}]`;
}

/** Where a double is read straight from data: the same without a look at its representation. */
export function emitRawDouble(emit: Emit, tree: ExprTree): string | undefined {
  if (tree.op === "var") {
    const local = emit.local(tree.name);
    return local?.form === "raw" ? local.js : undefined;
  }
  return tree.op === "select" && !isMaybe(tree) ? emitRawSelect(emit, tree) : undefined;
}

/** The field as data has it, not converted; throws when it is absent. */
export function emitRawSelect(emit: Emit, tree: SelectTree): string {
  const of = emit.atom(emit.value(tree.of));
  const field = JSON.stringify(tree.field);
  if (tree.kind === "any" || tree.kind === "null") {
    const slow = `${emit.ref(selectField)}(${of}, ${field})`;
    if (!isSafe(tree.of, tree.field)) return slow;
    const temp = emit.temp();
    return `((${temp} = ${property(of, tree.field)}) !== undefined ? ${temp} : ${slow})`;
  }
  const slow = `${emit.ref(selectPresent)}(${of}, ${field})`;
  return isSafe(tree.of, tree.field) ? `(${property(of, tree.field)} ?? ${slow})` : slow;
}

const plainTypes: Partial<Record<Kind, string>> = {
  int: "number",
  double: "number",
  string: "string",
  bool: "boolean",
};

export function emitSelect(emit: Emit, tree: SelectTree): string {
  if (isMaybe(tree)) return boxMaybe(emit, emitMaybe(emit, tree));
  const jsType = plainTypes[tree.kind];
  if (!isSafe(tree.of, tree.field) || (jsType === undefined && tree.kind !== "list"))
    return fromRaw(emit, emitRawSelect(emit, tree), tree.kind);
  const of = emit.atom(emit.value(tree.of));
  const temp = emit.temp();
  const read = `(${temp} = ${property(of, tree.field)})`;
  const test = jsType === undefined ? `Array.isArray(${read})` : `typeof ${read} === "${jsType}"`;
  const coerce = emit.ref(coercions[tree.kind as Exclude<Kind, "any">]);
  return `(${test} ? ${temp} : ${coerce}(${emit.ref(selectPresent)}(${of}, ${JSON.stringify(tree.field)})))`;
}

export function emitHas(emit: Emit, tree: HasTree): string {
  const slowFunction = emit.ref(tree.nullIsAbsent ? hasPresentField : hasField);
  if (tree.of.kind === "optional") {
    const of = emit.atom(emit.maybe(tree.of));
    return `(${of} !== undefined && ${slowFunction}(${of}, ${JSON.stringify(tree.field)}))`;
  }
  const of = emit.atom(emit.value(tree.of));
  const slow = `${slowFunction}(${of}, ${JSON.stringify(tree.field)})`;
  if (!isSafe(tree.of, tree.field)) return slow;
  return `(${property(of, tree.field)} ${tree.nullIsAbsent ? "!= null" : "!== undefined"} || ${slow})`;
}

export function emitIndex(emit: Emit, tree: IndexTree): string {
  if (isMaybe(tree)) return boxMaybe(emit, emitMaybe(emit, tree));
  if (tree.index.op === "const" && tree.index.kind === "string" && tree.of.kind !== "list")
    return emitSelect(emit, {
      op: "select",
      kind: tree.kind,
      of: tree.of,
      field: String(tree.index.value),
      optional: false,
    });
  const of = emit.atom(emit.value(tree.of));
  const index = emit.atom(emit.boxed(tree.index));
  const slow = `${emit.ref(indexValueOf)}(${of}, ${index})`;
  if (tree.of.kind !== "list" || tree.index.kind !== "int") return fromRaw(emit, slow, tree.kind);
  const temp = emit.temp();
  return fromRaw(emit, `((${temp} = ${of}[${index}]) !== undefined ? ${temp} : ${slow})`, tree.kind);
}

export function emitTable(emit: Emit, tree: TableTree): string {
  return boxMaybe(emit, emitMaybe(emit, tree));
}

function boxMaybe(emit: Emit, maybe: string): string {
  return `${emit.ref(Optional.of)}(${maybe})`;
}

/** Trees whose result is an optional that need not be boxed to be used. */
function isMaybe(tree: ExprTree): boolean {
  if (tree.op === "select" || tree.op === "index") return tree.optional || tree.of.kind === "optional";
  return tree.op === "table";
}

/** The content of an optional, as data has it, or `undefined`. */
export function emitMaybe(emit: Emit, tree: ExprTree): string {
  if (tree.op === "var") {
    const local = emit.local(tree.name);
    if (local?.form === "maybe") return local.js;
  }
  if (tree.op === "call" && tree.fn === "optional.none") return "undefined";
  if (tree.op === "call" && tree.fn === "optional.of" && tree.args[0] !== undefined) return emit.boxed(tree.args[0]);
  if (tree.op === "table") return emitRow(emit, tree);
  if (tree.op === "select" && isMaybe(tree)) return emitMaybeSelect(emit, tree);
  if (tree.op === "index" && isMaybe(tree)) return emitMaybeIndex(emit, tree);
  return `${emit.value(tree)}.content`;
}

function emitRow(emit: Emit, tree: TableTree): string {
  const table = emit.environment.table?.(tree.table);
  if (table === undefined) throw new Error(`bug: no table '${tree.table}' in this environment`);
  const key = emit.atom(emit.boxed(tree.key));
  if (tree.key.kind === "string") return `(${table}.get(${key}) ?? ${emit.ref(tableRow)}(${table}, ${key}))`;
  return `${emit.ref(tableRow)}(${table}, ${key})`;
}

/** `undefined` travels through the chain: each step looks only when there is something to look at. */
function emitMaybeSelect(emit: Emit, tree: SelectTree): string {
  const chained = tree.of.kind === "optional";
  const of = emit.atom(chained ? emit.maybe(tree.of) : emit.value(tree.of));
  const nullIsAbsent = tree.nullIsAbsent === true;
  const slow = `${emit.ref(nullIsAbsent ? maybePresentField : maybeField)}(${of}, ${JSON.stringify(tree.field)})`;
  const guarded = chained ? `(${of} === undefined ? undefined : ${slow})` : slow;
  if (!isSafe(tree.of, tree.field)) return guarded;
  const [read, value] = twice(emit, property(of, tree.field));
  return `(${read} ${nullIsAbsent ? "!= null" : "!== undefined"} ? ${value} : ${guarded})`;
}

function emitMaybeIndex(emit: Emit, tree: IndexTree): string {
  const chained = tree.of.kind === "optional";
  const of = emit.atom(chained ? emit.maybe(tree.of) : emit.value(tree.of));
  const slow = `${emit.ref(maybeIndex)}(${of}, ${emit.boxed(tree.index)})`;
  return chained ? `(${of} === undefined ? undefined : ${slow})` : slow;
}
