/** Compares literal data of a test with the type that it should have, as JSON: a timestamp is written as text there. */
import type { RecordType, ValueType } from "../contract/value-type.ts";
import { didYouMean, nearest } from "../source/nearest.ts";
import type { Expression, RecordExpression } from "../syntax/ast.ts";
import type { Declared } from "./program.ts";
import { fieldOf, isAssignable, isOpen, membersOf, nameOfType, resolveType } from "./types.ts";

/** Names of fields, from the outside in. */
export type FieldPath = readonly string[];

export interface DataRule {
  /** Begins a message: `An event of 'orders'`. */
  readonly what: string;
  /** Fields that may be left out though they are required. */
  readonly mayLack: readonly FieldPath[];
  /** Required fields must be there. */
  readonly strict: boolean;
  /** Fields that the type does not name are a mistake, of this node; records of events are open. */
  readonly extra: string | undefined;
}

export function checkData(e: Expression, type: ValueType, rule: DataRule, declared: Declared): void {
  const wanted = membersOf(type, declared.types).map((member) => resolveType(member, declared.types));
  if (wanted.some(isOpen) || e.kind === "error") return;
  const record = wanted.find((member) => member.kind === "record");
  const list = wanted.find((member) => member.kind === "list");
  if (e.kind === "record" && record) checkRecord(e, record, rule, declared);
  else if (e.kind === "list" && list) for (const item of e.items) checkData(item.value, list.element, rule, declared);
  else checkScalar(e, type, wanted, rule, declared);
}

function checkScalar(
  e: Expression,
  type: ValueType,
  wanted: readonly ValueType[],
  rule: DataRule,
  declared: Declared,
): void {
  const found = declared.program.typed.latest(e);
  if (!found || wanted.some((member) => isLiteral(e, member) || fits(found, member, declared))) return;
  declared.program.main.report("FLOW3508", e.span, {
    what: rule.what,
    expected: nameOfType(type),
    found: nameOfType(found),
  });
}

/** The text or number is the very one that the type names: `"buy"` for `"buy" | "sell"`. */
const isLiteral = (e: Expression, wanted: ValueType): boolean =>
  wanted.kind === "literal" &&
  (e.kind === "string" || e.kind === "bool" || e.kind === "int") &&
  (typeof e.value === "bigint" ? Number(e.value) : e.value) === wanted.value;

const writtenAsText = new Set(["timestamp", "duration", "bytes"]);
const numbers = new Set(["int", "uint", "double"]);

function fits(found: ValueType, wanted: ValueType, { types }: Declared): boolean {
  if (isAssignable(found, wanted, types)) return true;
  const plain = resolveType(found, types);
  const kind = plain.kind === "literal" ? typeof plain.value : plain.kind;
  if (writtenAsText.has(wanted.kind)) return kind === "string";
  return numbers.has(wanted.kind) && (numbers.has(kind) || kind === "number");
}

function checkRecord(e: RecordExpression, type: RecordType, rule: DataRule, declared: Declared): void {
  const { report } = declared.program.main;
  const given = new Set<string>();
  let open = false;
  for (const entry of e.entries) {
    if (entry.kind !== "field") {
      open = true;
      continue;
    }
    given.add(entry.key.text);
    const field = fieldOf(type, entry.key.text);
    if (field && !(field.optional && entry.value.kind === "null")) {
      checkData(
        entry.value,
        field.type,
        { ...rule, what: `'${field.name}'`, mayLack: below(rule.mayLack, field.name) },
        declared,
      );
    } else if (!field && rule.extra !== undefined) {
      const near = nearest(
        entry.key.text,
        type.fields.map((each) => each.name),
      );
      const edits = [
        { file: declared.program.path, start: entry.key.span.start, end: entry.key.span.end, newText: near ?? "" },
      ];
      const fixes = near === undefined ? [] : [{ title: `Change to '${near}'`, edits }];
      report(
        "FLOW3509",
        entry.key.span,
        { field: entry.key.text, node: rule.extra, near: didYouMean(near) },
        { fixes },
      );
    }
  }
  if (!rule.strict || open) return;
  const missing = type.fields.find(
    (field) => !field.optional && !given.has(field.name) && !isFilled(field, rule.mayLack, declared),
  );
  if (missing)
    report("FLOW3508", e.span, {
      what: `${rule.what}: '${missing.name}'`,
      expected: nameOfType(missing.type),
      found: "left out",
    });
}

/** What may be left out inside the field. */
const below = (paths: readonly FieldPath[], name: string): readonly FieldPath[] =>
  paths.flatMap(([first, ...rest]) => (first === name && rest.length > 0 ? [rest] : []));

/** Everything that is required of the field may be left out. */
function isFilled(field: RecordType["fields"][number], paths: readonly FieldPath[], declared: Declared): boolean {
  if (paths.some(([first, ...rest]) => first === field.name && rest.length === 0)) return true;
  const inside = below(paths, field.name);
  const type = resolveType(field.type, declared.types);
  if (inside.length === 0 || type.kind !== "record") return false;
  return type.fields.every((each) => each.optional || isFilled(each, inside, declared));
}
