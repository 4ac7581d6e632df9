/** Items in an expression: what is in scope, and after a dot the fields and methods of the type before it. */
import { functions, namespaces } from "../../catalog/functions.ts";
import type { FunctionRow } from "../../catalog/rows.ts";
import { typeByName } from "../../catalog/types.ts";
import { variables } from "../../catalog/variables.ts";
import type { ValueType } from "../../contract/value-type.ts";
import type { Visible } from "../../semantics/expressions/scope.ts";
import { printValueType } from "../../semantics/print-value-type.ts";
import { catalogType } from "../../semantics/scopes.ts";
import { hasVariables, matches, patternOf } from "../../semantics/type-pattern.ts";
import { asMap, isOpen, resolveType } from "../../semantics/types.ts";
import type { FnDeclaration } from "../../syntax/ast.ts";
import { functionSignatures } from "../docs.ts";
import { type Candidate, rankOf } from "./item.ts";
import { after, isFollowed, marker, type Probe } from "./probe.ts";
import { callersOf } from "./recursion.ts";

/** Names that may begin an operand here. */
export function operands(probe: Probe, visible: Visible, expected: ValueType | undefined): readonly Candidate[] {
  const { scope, locals, inAggregate } = visible;
  const found: Candidate[] = isSubject(probe) ? [] : literalsOf(expected, probe);
  const add = (label: string, type: ValueType, kind: Candidate["kind"], docKey?: string): void => {
    found.push({
      label,
      kind,
      rank:
        kind === "variable" && expected !== undefined
          ? Math.min(2, rankOf(type, expected, probe))
          : rankOf(type, expected, probe),
      detail: printValueType(type),
      ...(docKey === undefined ? {} : { docKey }),
    });
  };
  for (const [name, { type }] of locals) add(name, type, "variable");
  const seen = inAggregate && scope.eventVariables ? scope.eventVariables : scope.variables;
  for (const [name, type] of seen)
    add(name, type, "variable", variables.some((row) => row.name === name) ? `variable ${name}` : undefined);
  for (const [name, { type }] of scope.params) add(name, type, "param", `param ${name}`);
  for (const name of scope.tables.keys())
    found.push({
      label: name,
      kind: "node",
      rank: 2,
      detail: "table",
      ...(after(probe) === "[" ? {} : { newText: `${name}[$1]`, isSnippet: true, triggersNext: true as const }),
    });
  const around = callersOf(probe);
  for (const [name, fn] of scope.functions) {
    if (around.has(name)) continue;
    found.push(callable(name, fn.parameters.length, rankOfResult(fn, expected, probe), "fn", `fn ${name}`, probe));
  }
  const aggregates = scope.aggregates !== undefined && !inAggregate;
  for (const row of functions) {
    if (row.style === "aggregate" ? !aggregates : row.style !== "global" && row.style !== "both") continue;
    if (row.name.includes(".")) continue;
    found.push(functionItem(row, false, expected, probe, row.style === "aggregate" ? 0 : 4));
  }
  found.push({ label: "has", kind: "function", rank: 5, ...callText("has", 1, probe), detail: "has(data.field)" });
  if (!isFollowed(probe) || after(probe) === ".")
    for (const name of namespacesHere(probe))
      found.push({
        label: name,
        kind: "variable",
        rank: 5,
        ...(after(probe) === "." ? {} : { newText: `${name}.$0`, isSnippet: true, triggersNext: true as const }),
        detail: "functions",
      });
  return found;
}

/** A result of another type may still be gone on with; one that is written as a structure is not looked into. */
function rankOfResult({ result }: FnDeclaration, expected: ValueType | undefined, probe: Probe): number {
  if (result?.kind !== "name") return 1;
  const { text } = result.name;
  const type = typeByName.has(text) ? catalogType(text) : ({ kind: "ref", name: text } as const);
  return rankOf(type, expected, probe) === 3 ? 3 : 1;
}

/** Something is taken of what stands here: a field, an element. */
const isSubject = ({ text, word }: Probe): boolean => /^[ \t]*[.[(]/.test(text.slice(word.end, word.end + 20));

/** Before a dot and a name, those that have it. */
function namespacesHere({ text, word }: Probe): readonly string[] {
  const next = /^\s*\.[?\s]*(\w+)/.exec(text.slice(word.end, word.end + 100))?.[1];
  return [...namespaces].filter(
    (name) => next === undefined || functions.some((row) => row.name === `${name}.${next}`),
  );
}

/** `"buy"`, `true`: the values of a type that has few. */
export function literalsOf(expected: ValueType | undefined, probe: Probe): Candidate[] {
  if (expected === undefined || isOpen(expected))
    return ["true", "false", "null"].map((label) => ({ label, kind: "value", rank: 5 }));
  const resolved = resolveType(expected, probe.model.types);
  const members = resolved.kind === "union" ? resolved.members : [resolved];
  return members.flatMap((member): Candidate[] => {
    if (member.kind === "literal") return [{ label: JSON.stringify(member.value), kind: "value", rank: 0 }];
    if (member.kind === "bool") return ["true", "false"].map((label) => ({ label, kind: "value", rank: 3 }));
    return member.kind === "null" ? [{ label: "null", kind: "value", rank: 3 }] : [];
  });
}

const isPlainName = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);

export function fieldsOf(type: ValueType, probe: Probe, expected: ValueType | undefined): readonly Candidate[] {
  const resolved = resolveType(type, probe.model.types);
  if (resolved.kind === "optional") return fieldsOf(resolved.of, probe, expected);
  if (resolved.kind !== "record") return [];
  return resolved.fields.map((field) => ({
    label: field.name,
    kind: "field",
    rank: rankOf(field.type, expected, probe),
    detail: `${field.optional ? "?" : ""}${printValueType(field.type)}`,
    newText: isPlainName(field.name) ? field.name : `\`${field.name}\``,
    ...(field.doc === undefined ? {} : { documentation: field.doc }),
  }));
}

/** After a dot. */
export function members(type: ValueType, probe: Probe, expected: ValueType | undefined): readonly Candidate[] {
  const fields = isOpen(type) ? fieldsElsewhere(probe) : fieldsOf(type, probe, expected);
  return [...fields, ...methodsOf(type, probe, expected)];
}

/** Of a value that may be anything: the fields that the file reads of such values. */
function fieldsElsewhere({ model }: Probe): readonly Candidate[] {
  const names = new Set<string>();
  for (const e of model.typeOf.keys()) {
    const of = e.kind === "select" ? model.typeOf.get(e.of) : undefined;
    if (e.kind === "select" && of && isOpen(of) && e.field.text !== marker && isPlainName(e.field.text))
      names.add(e.field.text);
  }
  return [...names].sort().map((label) => ({ label, kind: "field", rank: 3, detail: "any" }));
}

function methodsOf(type: ValueType, probe: Probe, expected: ValueType | undefined): readonly Candidate[] {
  const { types } = probe.model;
  const takes = (row: FunctionRow): boolean =>
    row.overloads.some(
      ({ parameters }) =>
        parameters.length > 0 && matches(patternOf(parameters[0]!.replace("...", "")), type, new Map(), types),
    );
  const resolved = resolveType(type, types);
  return functions
    .filter(
      (row) =>
        row.style === "method" ||
        row.style === "both" ||
        (row.style === "macro" && !row.name.includes(".") && row.name !== "has"),
    )
    .filter((row) =>
      row.style === "macro"
        ? takesMacro(row, resolved.kind, asMap(type, types) !== undefined, isOpen(type))
        : takes(row),
    )
    .map((row) => functionItem(row, true, expected, probe, 4));
}

const optionalMacros: ReadonlySet<string> = new Set(["optMap", "optFlatMap"]);

function takesMacro(row: FunctionRow, kind: ValueType["kind"], isMapLike: boolean, open: boolean): boolean {
  if (open) return !optionalMacros.has(row.name);
  if (optionalMacros.has(row.name)) return kind === "optional";
  return kind === "list" || (isMapLike && kind === "map" && row.name !== "sortBy");
}

/** `math.` → what is in it. */
export function inNamespace(name: string, probe: Probe, expected: ValueType | undefined): readonly Candidate[] {
  return functions
    .filter((row) => row.style !== "operator" && row.name.startsWith(`${name}.`))
    .map((row) => ({
      ...functionItem(row, false, expected, probe, 2),
      ...callText(row.name.slice(name.length + 1), parameterCount(row, false), probe),
      label: row.name.slice(name.length + 1),
    }));
}

function functionItem(
  row: FunctionRow,
  asMethod: boolean,
  expected: ValueType | undefined,
  probe: Probe,
  otherwise: number,
): Candidate {
  const results = row.overloads.map(({ result }) => patternOf(result)).filter((pattern) => !hasVariables(pattern));
  const fits =
    expected !== undefined &&
    results.length > 0 &&
    row.overloads.some(
      ({ result }) => !hasVariables(patternOf(result)) && rankOf(catalogType(result), expected, probe) === 0,
    );
  const signature = functionSignatures(row, asMethod)[0]?.label ?? row.name;
  return {
    label: row.name,
    kind: asMethod ? "method" : "function",
    rank: fits ? Math.min(otherwise, 1) : otherwise,
    detail: signature,
    docKey: `function ${row.style === "aggregate" ? "aggregate " : ""}${row.name}`,
    ...callText(row.name, parameterCount(row, asMethod), probe),
  };
}

/** The least that an overload asks for, without the receiver. */
const parameterCount = (row: FunctionRow, asMethod: boolean): number =>
  Math.min(...row.overloads.map(({ parameters }) => parameters.length)) - (asMethod ? 1 : 0);

const callable = (
  label: string,
  count: number,
  rank: number,
  detail: string,
  docKey: string,
  probe: Probe,
): Candidate => ({
  label,
  kind: "function",
  rank,
  detail,
  docKey,
  ...callText(label, count, probe),
});

function callText(name: string, count: number, probe: Probe): Pick<Candidate, "newText" | "isSnippet"> {
  if (after(probe) === "(") return { newText: name };
  return count <= 0 ? { newText: `${name}()` } : { newText: `${name}($1)`, isSnippet: true };
}
