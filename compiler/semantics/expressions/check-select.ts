/** Fields and elements: `a.b`, `a.?b`, `a[b]`, `a[?b]`, `table[key]`, and `has(a.b)`. */

import { variables } from "../../catalog/variables.ts";
import type { ExprTree, Kind, SelectTree } from "../../contract/expr-tree.ts";
import type { RecordType, ValueType } from "../../contract/value-type.ts";
import { didYouMean, nearest } from "../../source/nearest.ts";
import type { Expression, IndexExpression, Name, SelectExpression } from "../../syntax/ast.ts";
import {
  anyType,
  baseOfLiteral,
  fieldOf,
  isAssignable,
  isComparable,
  isOpen,
  join,
  membersOf,
  nameOfType,
  optionalOf,
  resolveType,
  stringType,
  unionOf,
  unknownType,
  withArticle,
} from "../types.ts";
import { isIntLiteral } from "./check-literal.ts";
import { qualifiedType, qualifiedVariable } from "./check-name.ts";
import { bare, type Checked, type Context, fail, fixesFor, kind, mistaken } from "./context.ts";

export function checkSelect(e: SelectExpression, context: Context): Checked {
  const named = qualifiedVariable(e, context) ?? qualifiedType(e, context);
  if (named) return named;
  const of = context.check(e.of, context);
  return select(of, e.field, e.optional, context, e.of);
}

function select(of: Checked, field: Name, optional: boolean, context: Context, ofExpression: Expression): Checked {
  const operand = resolveType(of.type, context.scope.types);
  const chained = operand.kind === "optional";
  const found = fieldType(chained ? operand.of : operand, field, context, of.type, ofExpression);
  const type = chained || optional ? optionalOf(withoutOptional(found.type)) : found.type;
  if (found.failed && found.type.kind === "unknown") return mistaken;
  const isNullAbsent = (chained || optional) && found.optional && !isOpenVariable(ofExpression, context);
  return { tree: selectTree(of.tree, field.text, optional, kind(type, context), isNullAbsent), type };
}

const selectTree = (of: ExprTree, field: string, optional: boolean, ofKind: Kind, nullIsAbsent: boolean): SelectTree =>
  nullIsAbsent
    ? { op: "select", kind: ofKind, of, field, optional, nullIsAbsent }
    : { op: "select", kind: ofKind, of, field, optional };

const withoutOptional = (type: ValueType): ValueType => (type.kind === "optional" ? type.of : type);

interface Found {
  readonly type: ValueType;
  /** The declared field may be absent. */
  readonly optional: boolean;
  readonly failed: boolean;
}
const found = (type: ValueType, optional = false): Found => ({ type, optional, failed: false });

/** `whole` is the type that a message names. */
function fieldType(of: ValueType, field: Name, context: Context, whole: ValueType, ofExpression: Expression): Found {
  const { types } = context.scope;
  if (isOpen(of)) return found(of.kind === "unknown" ? unknownType : anyType);
  const plain = of.kind === "record" ? fieldOf(of, field.text) : undefined;
  if (plain) return found(plain.type, plain.optional);
  const members = membersOf(of, types).filter((member) => member.kind !== "null");
  const candidates = members
    .map((member) => fieldOfPlain(resolveType(member, types), field.text))
    .filter((each) => each !== undefined);
  if (candidates.length > 0) {
    return found(
      candidates.map((each) => each.type).reduce((all, each) => join(all, each, types), unknownType),
      candidates.some((each) => each.optional),
    );
  }
  if (isOpenVariable(ofExpression, context) && !isNearlyAField(members, field.text)) return found(anyType, true);
  const failure = reportField(members, field, context, whole, ofExpression);
  return { type: failure.type, optional: false, failed: true };
}

function fieldOfPlain(of: ValueType, name: string): Found | undefined {
  if (isOpen(of)) return found(anyType);
  // `{}`: an empty map as much as a record without fields.
  if (of.kind === "record" && of.fields.length === 0) return found(unknownType);
  if (of.kind === "map") return found(of.value);
  const field = of.kind === "record" ? fieldOf(of, name) : undefined;
  return field && found(field.type, field.optional);
}

const openVariables: ReadonlySet<string> = new Set(variables.filter((row) => row.open).map((row) => row.name));

/** `event`: extension attributes are not declared anywhere. */
function isOpenVariable(of: Expression, context: Context): boolean {
  const plain = bare(of);
  if (plain.kind === "select") return plain.field.text === "event" && !context.locals.has("event");
  return plain.kind === "ident" && openVariables.has(plain.name) && !context.locals.has(plain.name);
}

/** An attribute so like a standard one that it is most likely misspelt: `event.tyep`. */
function isNearlyAField(members: readonly ValueType[], name: string): boolean {
  const near = nearest(
    name,
    members.flatMap((member) => (member.kind === "record" ? member.fields.map((field) => field.name) : [])),
  );
  return name.length > 3 && near !== undefined && Math.abs(near.length - name.length) < 2;
}

function reportField(
  members: readonly ValueType[],
  field: Name,
  context: Context,
  whole: ValueType,
  ofExpression: Expression,
): Checked {
  if (field.text === "") return mistaken;
  const records = members
    .map((member) => resolveType(member, context.scope.types))
    .filter((member): member is RecordType => member.kind === "record");
  const names = records.flatMap((record) => record.fields.map((each) => each.name));
  if (records.length === 0) {
    const method = `${field.text}()`;
    const hint = whole.kind === "list" ? " A list has elements: use an index, or a macro such as '.map(x, …)'." : "";
    return fail(context, "FLOW3021", field.span, {
      field: field.text,
      type: withArticle(whole),
      hint: isMethodName(field.text) ? ` Did you mean '${method}'?` : hint,
    });
  }
  const near = nearest(field.text, names);
  const known =
    near === undefined && names.length > 0 && names.length <= 12
      ? ` It has ${names.map((name) => `'${name}'`).join(", ")}.`
      : "";
  const what = ofExpression.kind === "ident" || ofExpression.kind === "select" ? `'${textOf(ofExpression)}'` : "This";
  return fail(
    context,
    "FLOW3002",
    field.span,
    { field: field.text, of: what, type: nameOfType(whole), hint: `${didYouMean(near)}${known}` },
    fixesFor(context, field.span, near),
  );
}

const methodNames: ReadonlySet<string> = new Set([
  "size",
  "length",
  "lowerAscii",
  "upperAscii",
  "trim",
  "reverse",
  "distinct",
  "sort",
  "value",
  "hasValue",
]);
const isMethodName = (name: string): boolean => methodNames.has(name);

/** How an operand of selects is written. */
export function textOf(e: Expression): string {
  if (e.kind === "ident") return e.name;
  if (e.kind === "select") return `${textOf(e.of)}.${e.optional ? "?" : ""}${e.field.text}`;
  return "…";
}

/** `has(a.b)`: whether a field is there; an error when nothing could have it. */
export function checkHas(e: Expression, context: Context): Checked {
  const plain = bare(e);
  if (plain.kind !== "select") {
    context.check(e, context);
    return fail(context, "FLOW3019", e.span, {});
  }
  const of = context.check(plain.of, context);
  const operand = resolveType(of.type, context.scope.types);
  const inner = operand.kind === "optional" ? operand.of : operand;
  const field = fieldType(inner, plain.field, context, of.type, plain.of);
  context.scope.record?.(plain, field.type);
  const nullIsAbsent = field.optional && !isOpenVariable(plain.of, context);
  return {
    tree: { op: "has", kind: "bool", of: of.tree, field: plain.field.text, nullIsAbsent },
    type: { kind: "bool" },
  };
}

export function checkIndex(e: IndexExpression, context: Context): Checked {
  const table = checkTable(e, context);
  if (table) return table;
  const of = context.check(e.of, context);
  const index = context.check(e.index, context);
  const operand = resolveType(of.type, context.scope.types);
  const chained = operand.kind === "optional";
  const element = elementType(chained ? operand.of : operand, of.type, index, e, context);
  if (!element) return mistaken;
  const type = chained || e.optional ? optionalOf(withoutOptional(element)) : element;
  const record = indexedField(chained ? operand.of : operand, e.index, context);
  if (record !== undefined) {
    const isNullAbsent = type.kind === "optional" && isOptionalField(chained ? operand.of : operand, record, context);
    return { tree: selectTree(of.tree, record, e.optional, kind(type, context), isNullAbsent), type };
  }
  const tree: ExprTree = {
    op: "index",
    kind: kind(type, context),
    of: of.tree,
    index: index.tree,
    optional: e.optional,
  };
  return { tree, type };
}

function isOptionalField(of: ValueType, name: string, context: Context): boolean {
  const record = resolveType(of, context.scope.types);
  return record.kind === "record" && fieldOf(record, name)?.optional === true;
}

/** The field that `record["name"]` names. */
function indexedField(of: ValueType, index: Expression, context: Context): string | undefined {
  const plain = bare(index);
  return resolveType(of, context.scope.types).kind === "record" && plain.kind === "string" ? plain.value : undefined;
}

/** `table[key]`, where the name is a table's. */
function checkTable(e: IndexExpression, context: Context): Checked | undefined {
  const of = bare(e.of);
  if (of.kind !== "ident" || context.locals.has(of.name) || context.scope.variables.has(of.name)) return undefined;
  return lookup(of.name, of, e.index, context);
}

/** The optional row of a table for a key; undefined when there is no such table. */
export function lookup(name: string, of: Expression, keyExpression: Expression, context: Context): Checked | undefined {
  const table = context.scope.tables.get(name);
  if (!table) return undefined;
  context.scope.use?.(name, of.span, "table");
  context.scope.record?.(of, { kind: "map", key: table.key, value: table.row });
  const key = context.check(keyExpression, context);
  if (!isComparable(key.type, table.key, context.scope.types)) {
    return fail(context, "FLOW3022", keyExpression.span, {
      what: `The key of table '${name}'`,
      expected: nameOfType(table.key),
      found: nameOfType(key.type),
      hint: "",
    });
  }
  const type = optionalOf(table.row);
  return { tree: { op: "table", kind: "optional", table: name, key: key.tree }, type };
}

/** What an index gives; undefined after a mistake, which is reported. */
function elementType(
  of: ValueType,
  whole: ValueType,
  index: Checked,
  e: IndexExpression,
  context: Context,
): ValueType | undefined {
  const { types } = context.scope;
  if (isOpen(of)) return of;
  const members = membersOf(of, types)
    .filter((member) => member.kind !== "null")
    .map((member) => resolveType(member, types));
  const results: ValueType[] = [];
  let wanted: ValueType | undefined;
  for (const member of members) {
    if (isOpen(member)) results.push(anyType);
    else if (member.kind === "list") {
      wanted = { kind: "int" };
      if (isComparable(index.type, wanted, types)) results.push(member.element);
    } else if (member.kind === "map") {
      wanted = member.key;
      if (isComparable(index.type, wanted, types)) results.push(member.value);
    } else if (member.kind === "record") {
      wanted = stringType;
      const type = recordElement(member, index, e, context);
      if (type) results.push(type);
    }
  }
  if (results.length > 0) return results.reduce((all, each) => join(all, each, types));
  return reportIndex(whole, wanted, index, e, context);
}

function recordElement(
  record: RecordType,
  index: Checked,
  e: IndexExpression,
  context: Context,
): ValueType | undefined {
  const plain = bare(e.index);
  if (plain.kind === "string") {
    if (record.fields.length === 0 || isOpenVariable(e.of, context))
      return fieldOf(record, plain.value)?.type ?? anyType;
    const field = fieldOf(record, plain.value);
    return field?.type ?? reportField([record], { text: plain.value, span: plain.span }, context, record, e.of).type;
  }
  return isAssignable(index.type, stringType, context.scope.types) || isLiteralString(index.type) ? anyType : undefined;
}
const isLiteralString = (type: ValueType): boolean =>
  type.kind === "literal" && baseOfLiteral(type.value).kind === "string";

function reportIndex(
  whole: ValueType,
  wanted: ValueType | undefined,
  index: Checked,
  e: IndexExpression,
  context: Context,
): ValueType | undefined {
  if (isOpen(index.type) && wanted) return unionOf([anyType]);
  if (wanted) {
    const hint =
      wanted.kind === "int" && isIntLiteral(e.index, context)
        ? ""
        : wanted.kind === "int" && index.type.kind === "string"
          ? " To find an element by a field, use '.filter(x, …)'."
          : "";
    const failed = fail(context, "FLOW3022", e.index.span, {
      what: `An index of ${nameOfType(whole)}`,
      expected: nameOfType(wanted),
      found: nameOfType(index.type),
      hint,
    });
    return failed.type.kind === "any" ? anyType : undefined;
  }
  const hint = whole.kind === "string" ? " For one character, use '.charAt(i)'." : "";
  const failed = fail(context, "FLOW3023", e.of.span, { type: withArticle(whole), hint });
  return failed.type.kind === "any" ? anyType : undefined;
}
