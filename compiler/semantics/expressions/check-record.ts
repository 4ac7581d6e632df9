/** List, record and map literals. */
import type { RecordEntry as RecordTreeEntry } from "../../contract/expr-tree.ts";
import type { RecordField, ValueType } from "../../contract/value-type.ts";
import type { Expression, ListExpression, RecordEntry, RecordExpression } from "../../syntax/ast.ts";
import {
  anyType,
  asMap,
  isMapKey,
  isOpen,
  join,
  listOf,
  mapOf,
  nameOfType,
  recordOf,
  resolveType,
  stringType,
  unknownType,
  withArticle,
} from "../types.ts";
import { asDouble, isIntLiteral } from "./check-literal.ts";
import { bare, type Checked, type Context, fail } from "./context.ts";
import { viewedAs } from "./view.ts";

export function checkList(e: ListExpression, context: Context): Checked {
  const { types } = context.scope;
  const items = e.items.map((item) => ({ ...item, checked: context.check(item.value, context) }));
  const elements = items.map((item) =>
    item.optional ? unwrapped(item.checked, item.value, context) : item.checked.type,
  );
  const element = elements.reduce((all, type) => join(all, type, types), unknownType);
  const trees = items.map((item) => ({
    value: item.optional ? item.checked.tree : viewedAs(item.checked, element, context),
    optional: item.optional,
  }));
  return { tree: { op: "list", kind: "list", items: trees }, type: listOf(element) };
}

/** The type in the optional after `?`; anything else there is a mistake. */
function unwrapped(checked: Checked, e: Expression, context: Context): ValueType {
  const type = resolveType(checked.type, context.scope.types);
  if (type.kind === "optional") return type.of;
  if (isOpen(type)) return type;
  return fail(context, "FLOW3007", e.span, {
    what: "What stands after '?'",
    expected: "an optional",
    found: nameOfType(type),
    hint: " Leave the '?' out, or read the field with '.?'.",
  }).type;
}

export function checkRecord(e: RecordExpression, context: Context): Checked {
  reportDuplicates(e, context);
  return e.entries.some((entry) => entry.kind === "computed") ? checkMap(e, context) : checkFields(e, context);
}

function reportDuplicates(e: RecordExpression, context: Context): void {
  if (e.entries.length < 2) return;
  let seen = new Set<string>();
  for (const entry of e.entries) {
    if (entry.kind === "spread") seen = new Set();
    if (entry.kind !== "field" || entry.key.text === "") continue;
    if (seen.has(entry.key.text)) fail(context, "FLOW3028", entry.key.span, { name: entry.key.text });
    seen.add(entry.key.text);
  }
}

/** A record with fields and spreads. A spread of `any` makes the whole `any`, one of a map makes it a map. */
function checkFields(e: RecordExpression, context: Context): Checked {
  const { types } = context.scope;
  const entries: RecordTreeEntry[] = [];
  // Grows in place until a spread makes another type of it.
  const own: RecordField[] = [];
  let type: ValueType = recordOf(own);
  for (const entry of e.entries) {
    if (entry.kind === "computed") continue;
    const checked = context.check(entry.value, context);
    if (entry.kind === "spread") {
      entries.push({ spread: checked.tree });
      type = spread(type, checked, entry, context);
      continue;
    }
    const fieldType = entry.optional ? unwrapped(checked, entry.value, context) : checked.type;
    entries.push({ key: entry.key.text, value: checked.tree, optional: entry.optional });
    type = withField(type, {
      name: entry.key.text,
      type: fieldType,
      optional: entry.optional,
      ...(entry.doc === undefined ? {} : { doc: entry.doc }),
    });
  }
  function withField(of: ValueType, field: RecordField): ValueType {
    if (of.kind === "map") return mapOf(of.key, join(of.value, field.type, types));
    if (of.kind !== "record") return of;
    const at = of.fields.findIndex((each) => each.name === field.name);
    const before = of.fields[at];
    if (!before && of.fields === own) own.push(field);
    if (!before) return of.fields === own ? of : recordOf([...of.fields, field]);
    const merged =
      field.optional && !before.optional
        ? { ...field, optional: false, type: join(before.type, field.type, types) }
        : field;
    return recordOf(of.fields.with(at, merged));
  }
  return { tree: { op: "record", kind: "record", entries }, type };
}

function spread(type: ValueType, checked: Checked, entry: RecordEntry, context: Context): ValueType {
  const { types } = context.scope;
  const from = resolveType(checked.type, types);
  if (type.kind !== "record" && type.kind !== "map") return type;
  if (isOpen(from)) return from;
  if (from.kind === "record" && type.kind === "record") {
    const merged = new Map(type.fields.map((field) => [field.name, field] as const));
    for (const field of from.fields) {
      const before = merged.get(field.name);
      merged.set(
        field.name,
        before && field.optional ? { ...before, type: join(before.type, field.type, types) } : field,
      );
    }
    return recordOf([...merged.values()]);
  }
  const left = asMap(type, types);
  const right = asMap(from, types);
  if (left && right) return mapOf(join(left.key, right.key, types), join(left.value, right.value, types));
  const hint = from.kind === "optional" ? " Add '.orValue({})'." : "";
  return fail(context, "FLOW3029", entry.span, { type: withArticle(checked.type), hint }).type;
}

function checkMap(e: RecordExpression, context: Context): Checked {
  const { types } = context.scope;
  const parts = e.entries.map((entry) => ({
    entry,
    value: context.check(entry.value, context),
    key: keyOf(entry, context),
  }));
  let key: ValueType = unknownType;
  let value: ValueType = unknownType;
  for (const part of parts) {
    if (part.entry.kind === "spread") {
      const map = asMap(part.value.type, types) ?? mapOf(anyType, anyType);
      key = join(key, map.key, types);
      value = join(value, map.value, types);
      continue;
    }
    key = join(key, part.key.type, types);
    value = join(
      value,
      part.entry.optional ? unwrapped(part.value, part.entry.value, context) : part.value.type,
      types,
    );
  }
  const entries = parts.map(({ entry, value: checked, key: ofKey }): RecordTreeEntry => {
    if (entry.kind === "spread") return { spread: checked.tree };
    const tree = entry.optional ? checked.tree : viewedAs(checked, value, context);
    return entry.kind === "field"
      ? { key: entry.key.text, value: tree, optional: entry.optional }
      : { keyExpr: ofKey.tree, value: tree, optional: entry.optional };
  });
  return { tree: { op: "record", kind: "map", entries }, type: mapOf(key, value) };
}

function keyOf(entry: RecordEntry, context: Context): Checked {
  if (entry.kind !== "computed")
    return {
      tree: { op: "const", kind: "string", value: entry.kind === "field" ? entry.key.text : "" },
      type: stringType,
    };
  const key = context.check(entry.key, context);
  if (isMapKey(key.type, context.scope.types)) return key;
  fail(context, "FLOW3009", bare(entry.key).span, {
    what: "The key of a map",
    type: nameOfType(key.type),
    allowed: "bool, int, uint or string",
  });
  return { ...key, type: anyType };
}

/**
 * The tree of an expression where a declared type is wanted: int literals in it become doubles where the type says so.
 * Undefined when the expression does not fit the type by its literals.
 */
export function adaptTo(e: Expression, checked: Checked, type: ValueType, context: Context): Checked {
  const wanted = resolveType(type, context.scope.types);
  const plain = bare(e);
  if (wanted.kind === "double" && isIntLiteral(e, context)) return asDouble(checked);
  if (wanted.kind === "union") {
    if (
      wanted.members.some((member) => member.kind === "double") &&
      isIntLiteral(e, context) &&
      !wanted.members.some((member) => member.kind === "int")
    )
      return asDouble(checked);
    const literal = wanted.members.find(
      (member) => member.kind === "literal" && plain.kind === "string" && member.value === plain.value,
    );
    return literal ? { ...checked, type: literal } : checked;
  }
  if (wanted.kind === "literal" && (plain.kind === "string" || plain.kind === "bool") && plain.value === wanted.value)
    return { ...checked, type: wanted };
  if (plain.kind === "list" && wanted.kind === "list" && checked.tree.op === "list") {
    const tree = checked.tree;
    const items = plain.items.map((item, i) =>
      adaptTo(item.value, { tree: tree.items[i]!.value, type: elementType(checked) }, wanted.element, context),
    );
    const element = items.reduce<ValueType>((all, item) => join(all, item.type, context.scope.types), unknownType);
    return {
      tree: { ...tree, items: items.map((item, i) => ({ value: item.tree, optional: tree.items[i]!.optional })) },
      type: listOf(element),
    };
  }
  if (plain.kind === "record" && checked.tree.op === "record") return adaptRecord(plain, checked, wanted, context);
  return checked;
}

const elementType = (checked: Checked): ValueType => (checked.type.kind === "list" ? checked.type.element : anyType);

function adaptRecord(e: RecordExpression, checked: Checked, wanted: ValueType, context: Context): Checked {
  if (
    checked.tree.op !== "record" ||
    checked.type.kind !== "record" ||
    (wanted.kind !== "record" && wanted.kind !== "map")
  )
    return checked;
  const { entries } = checked.tree;
  const fieldTypes = new Map(checked.type.fields.map((field) => [field.name, field] as const));
  const adapted = e.entries.map((entry, i) => {
    const tree = entries[i]!;
    if (entry.kind !== "field" || !("key" in tree)) return tree;
    const type =
      wanted.kind === "map" ? wanted.value : wanted.fields.find((field) => field.name === entry.key.text)?.type;
    const field = fieldTypes.get(entry.key.text);
    if (!type || !field) return tree;
    const value = adaptTo(entry.value, { tree: tree.value, type: field.type }, type, context);
    fieldTypes.set(entry.key.text, { ...field, type: value.type });
    return { ...tree, value: value.tree };
  });
  return { tree: { ...checked.tree, entries: adapted }, type: recordOf([...fieldTypes.values()]) };
}
