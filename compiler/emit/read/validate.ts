/** Checks a YAML tree against a schema and reports what is wrong where it stands, with the word that was probably meant. */
import type { Report } from "../../source/diagnostic.ts";
import { didYouMean, nearest } from "../../source/nearest.ts";
import type { Choose, ObjectNode, SchemaNode, StringNode } from "../schema/schema-node.ts";
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from "./yaml-tree.ts";

/** Whether everything is as the schema says. `where` is how messages call the place: `spec.processors[0]`. */
export function validate(node: YamlNode, schema: SchemaNode, where: string, report: Report): boolean {
  switch (schema.kind) {
    case "any":
      return !schema.object || node.kind === "map" || mistyped(node, "an object", where, report);
    case "flag_or_object":
      if (node.kind === "map") return validateObject(node, schema.object, where, report);
      return (
        (node.kind === "scalar" && typeof node.value === "boolean") ||
        mistyped(node, "true, false or an object", where, report)
      );
    case "list": {
      if (node.kind !== "list") return mistyped(node, "a list", where, report);
      const count = node.items.length;
      if (count > schema.maxItems)
        return badValue(node, `at most ${schema.maxItems} items`, `${count} of them`, where, report);
      if (count < (schema.minItems ?? 0))
        return badValue(node, `at least ${schema.minItems} items`, `${count} of them`, where, report);
      return all(node.items, (item, i) => validate(item, schema.items, `${where}[${i}]`, report));
    }
    case "map":
      if (node.kind !== "map") return mistyped(node, "an object", where, report);
      return all(node.entries, ({ key, value }) => validate(value, schema.values, `${where}.${key}`, report));
    case "object":
      return node.kind === "map"
        ? validateObject(node, schema, where, report)
        : mistyped(node, "an object", where, report);
    case "string":
      return validateString(node, schema, where, report);
    case "boolean":
      return (
        (node.kind === "scalar" && typeof node.value === "boolean") || mistyped(node, "true or false", where, report)
      );
    case "integer":
    case "number":
      return validateNumber(node, schema, where, report);
  }
}

function validateObject(node: YamlMap, schema: ObjectNode, where: string, report: Report): boolean {
  const given = new Set(node.entries.map(({ key }) => key));
  const fields = Object.keys(schema.fields);
  const guessed = new Set<string>();
  const known = all(node.entries, (entry) => {
    const inner = Object.hasOwn(schema.fields, entry.key) ? schema.fields[entry.key] : undefined;
    if (inner !== undefined)
      return validate(entry.value, inner, where === "" ? entry.key : `${where}.${entry.key}`, report);
    const near = nearest(entry.key, fields);
    if (near !== undefined) guessed.add(near);
    report("FLOW5802", entry.keySpan, { field: entry.key, where: where || "the resource", near: didYouMean(near) });
    return false;
  });
  const missing = (schema.required ?? []).filter((name) => !given.has(name) && !guessed.has(name));
  for (const name of missing) report("FLOW5803", headOf(node), { field: name, where: where || "the resource" });
  const chosen = all(schema.choose ?? [], (choose) => validateChoice(node, choose, guessed, where, report));
  return validateSize(node, schema, guessed, where, report) && chosen && known && missing.length === 0;
}

function validateChoice(
  node: YamlMap,
  choose: Choose,
  guessed: ReadonlySet<string>,
  where: string,
  report: Report,
): boolean {
  const entries = node.entries.filter(({ key }) => choose.fields.includes(key));
  if (
    entries.length === 1 ||
    (entries.length === 0 && (choose.atMost || choose.fields.some((name) => guessed.has(name))))
  )
    return true;
  return wrongCount(node, entries, choose.what, choose.fields, where, report, choose.atMost);
}

function validateSize(
  node: YamlMap,
  schema: ObjectNode,
  guessed: ReadonlySet<string>,
  where: string,
  report: Report,
): boolean {
  if (schema.size === undefined || node.entries.length === schema.size.count || guessed.size > 0) return true;
  return wrongCount(node, node.entries, schema.size.what, Object.keys(schema.fields), where, report);
}

function wrongCount(
  node: YamlMap,
  entries: readonly YamlEntry[],
  what: string,
  fields: readonly string[],
  where: string,
  report: Report,
  atMost = false,
): boolean {
  const span = entries[1]?.keySpan ?? headOf(node);
  const found = entries.length === 0 ? "none" : entries.map(({ key }) => `'${key}'`).join(" and ");
  report("FLOW5806", span, {
    what,
    where: where || "the resource",
    how: atMost ? "at most" : "exactly",
    found,
    fields: fields.map((name) => `'${name}'`).join(", "),
  });
  return false;
}

function validateString(node: YamlNode, schema: StringNode, where: string, report: Report): boolean {
  if (node.kind !== "scalar" || typeof node.value !== "string") {
    const hint = schema.expression ? "an expression, as text" : (schema.what ?? "a string");
    return mistyped(node, hint, where, report);
  }
  const { value } = node;
  if (schema.enum && !schema.enum.includes(value)) {
    const near = didYouMean(nearest(value, schema.enum));
    return badValue(
      node,
      `one of ${schema.enum.map((one) => `'${one}'`).join(", ")}`,
      `'${shorten(value)}'`,
      where,
      report,
      near,
    );
  }
  if (schema.maxLength !== undefined && value.length > schema.maxLength)
    return badValue(node, `at most ${schema.maxLength} characters`, `${value.length} of them`, where, report);
  if (schema.expression && value.trim() === "") return badValue(node, "an expression", "nothing", where, report);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value))
    return badValue(node, schema.what ?? "something else", `'${shorten(value)}'`, where, report);
  return true;
}

function validateNumber(
  node: YamlNode,
  schema: Extract<SchemaNode, { kind: "integer" | "number" }>,
  where: string,
  report: Report,
): boolean {
  const value = node.kind === "scalar" ? node.value : undefined;
  const isNumber = typeof value === "number" || typeof value === "bigint";
  if (!isNumber || (schema.kind === "integer" && typeof value === "number" && !Number.isInteger(value))) {
    return mistyped(node, schema.kind === "integer" ? "a whole number" : "a number", where, report);
  }
  if (schema.minimum !== undefined && value < schema.minimum)
    return badValue(node as YamlScalar, `at least ${schema.minimum}`, String(value), where, report);
  if (schema.maximum !== undefined && value > schema.maximum)
    return badValue(node as YamlScalar, `at most ${schema.maximum}`, String(value), where, report);
  return true;
}

function mistyped(node: YamlNode, expected: string, where: string, report: Report): boolean {
  report("FLOW5804", headOf(node), { where: where || "The resource", expected, found: describe(node) });
  return false;
}

function badValue(node: YamlNode, expected: string, found: string, where: string, report: Report, near = ""): boolean {
  report("FLOW5805", headOf(node), { where, expected, found, near });
  return false;
}

function describe(node: YamlNode): string {
  if (node.kind === "map") return "an object";
  if (node.kind === "list") return "a list";
  if (node.value === null) return "nothing";
  return typeof node.value === "string" ? `the string '${shorten(node.value)}'` : `'${node.value}'`;
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

/** What to underline: a scalar whole, of an object or a list its first key or its start. */
function headOf(node: YamlNode) {
  if (node.kind === "map" && node.entries[0]) return node.entries[0].keySpan;
  if (node.kind === "scalar") return node.span;
  return { start: node.span.start, end: Math.min(node.span.end, node.span.start + 1) };
}

/** Like `every`, but looks at all of them. */
function all<T>(items: readonly T[], test: (item: T, index: number) => boolean): boolean {
  return items.map(test).every(Boolean);
}
