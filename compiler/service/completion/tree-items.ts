/** Items for a made-up word that the parser found a place for. */
import { namespaces } from "../../catalog/functions.ts";
import type { OptionRow, Part as PartRow } from "../../catalog/rows.ts";
import type { ValueType } from "../../contract/value-type.ts";
import { boundVariables } from "../../semantics/expressions/inlining-rules.ts";
import { eventType } from "../../semantics/scopes.ts";
import { resolveType } from "../../semantics/types.ts";
import type { Expression, Input, Name, NodeDeclaration, RecordExpression, SelectExpression } from "../../syntax/ast.ts";
import {
  type ClausePlace,
  clausePlace,
  isClause,
  isDeclaration,
  isEntry,
  isRecord,
  optionPlace,
} from "../catalogue-at.ts";
import { isExpression } from "../definition.ts";
import { optionDoc, optionType } from "../docs.ts";
import { isCall } from "../hover.ts";
import type { Part } from "../syntax-path.ts";
import { importable } from "./auto-import.ts";
import { isCallee, isSurplus, isWrittenOut } from "./callees.ts";
import { clauseItems } from "./clauses.ts";
import { copiedFields, dataBefore } from "./copied-fields.ts";
import { expectedType } from "./expected-type.ts";
import { fieldsOf, inNamespace, literalsOf, members, operands } from "./expressions.ts";
import { headerItems, nodesFor, nodesOfKind, outputItems, readableNodes, typeItems } from "./headers.ts";
import type { Candidate } from "./item.ts";
import { defaultItems } from "./param-default.ts";
import { isFollowed, marker, type Probe } from "./probe.ts";
import { optionSnippet } from "./sample-text.ts";
import { eventData, testRecordType } from "./test-types.ts";
import { optionValues, partValues, quotes, samplesOf, secretItem } from "./values.ts";

const valueNames: ReadonlySet<string> = new Set(["fn", "param"]);
const typeNames: ReadonlySet<string> = new Set(["type"]);

export function treeItems(probe: Probe, parts: readonly Part[]): readonly Candidate[] {
  const inner = parts.at(-1)!;
  const parent = parts.at(-2);
  const declaration = parts.find(isDeclaration);
  const at = clausePlace(parts);
  if (!parent) return [];
  if (isClause(parent) && parent.keyword === inner) return at ? clauseItems(at, probe) : [];
  if (parent.kind === "name") return [...typeItems(probe), ...importable(probe, typeNames)];
  if (isInput(parent) && (parent.node === inner || parent.output === inner))
    return inputItems(probe, parent, inner, declaration);
  if (isSelect(parent) && parent.field === inner) return memberItems(probe, parent.of, parts.slice(0, -1));
  if (isCall(parent) && parent.name === inner) {
    const found = parent.receiver
      ? memberItems(probe, parent.receiver, parts.slice(0, -1))
      : expressionItems(probe, parts.slice(0, -1), at);
    return found.filter((item) => isCallee(item, parent, probe));
  }
  if (
    isCall(parent) &&
    (isSurplus(parent, inner, probe) || isWrittenOut(parent, inner) || boundVariables(parent).includes(marker))
  )
    return [];
  if (parent.kind === "rate" && "per" in parent && parent.per === inner)
    return ["s", "m", "h"].map((label) => ({ label, kind: "value", rank: 0 }));
  if (isEntry(parent) && parent.key === inner) return keyItems(probe, parts, at);
  if (inner.kind === "ident" && parent.kind === "computed" && "key" in parent && parent.key === inner)
    return keyItems(probe, parts, at);
  if (inner.kind === "word") return at?.part ? partValues(at.part, probe) : [];
  if (parent.kind === "node") return nodeItems(probe, parent, inner, at);
  if (parent.kind === "path") return pathItems(probe, parent, inner, at, declaration);
  return isExpression(inner) && inner.kind === "ident" ? expressionItems(probe, parts, at) : [];
}

const isInput = (part: Part): part is Part & Input => part.kind === undefined && "node" in part && !("part" in part);
const isSelect = (part: Part): part is SelectExpression => part.kind === "select" && "field" in part;

function inputItems(probe: Probe, input: Input, inner: Part, declaration: Part | undefined): readonly Candidate[] {
  if (input.output === inner) return outputItems(probe, input.node.text);
  if (input.node !== inner) return [];
  return headerItems(probe) ?? readableNodes(probe, declaration as NodeDeclaration | undefined);
}

function memberItems(probe: Probe, of: Expression, parts: readonly Part[]): readonly Candidate[] {
  const expected = expectedType(parts, probe.model);
  const type = probe.model.typeOf.get(of);
  if (type && type.kind !== "unknown") return members(type, probe, expected);
  return of.kind === "ident" && namespaces.has(of.name) ? inNamespace(of.name, probe, expected) : [];
}

/** In events over a scope; elsewhere constants. */
function expressionItems(probe: Probe, parts: readonly Part[], at: ClausePlace | undefined): readonly Candidate[] {
  const option = optionPlace(parts);
  const found = option?.entry && option.option ? option.option : undefined;
  const defaults = defaultItems(probe, parts);
  if (defaults) return defaults;
  if (inMap(parts)) return [secretItem(probe), quotes];
  if (found && found.kind !== "expr") return optionValues(found, probe);
  if (!found && at?.part && !overEvents(at.part)) return partValues(at.part, probe);
  const expected = expectedType(parts, probe.model) ?? testType(probe, parts, at);
  if (at?.place === "test" && at.part?.kind.startsWith("event") && !parts.slice(at.valueIndex).some(isRecord))
    return eventData(probe, at);
  if (/^\d/.test(probe.typed)) return expected?.kind === "duration" ? samplesOf("duration", probe) : [];
  if (!probe.visible) return literalsOf(expected, probe);
  const all = [...operands(probe, probe.visible, expected), ...importable(probe, valueNames)];
  return at?.place === "test" ? all.filter(({ kind, rank }) => kind !== "param" || rank < 3) : all;
}

/** A value of an option such as `env: { TOKEN: … }`. */
function inMap(parts: readonly Part[]): boolean {
  const outer = parts.filter(isEntry).at(-2);
  return outer !== undefined && optionPlace(parts.slice(0, parts.indexOf(outer) + 1))?.option?.kind === "map";
}

const overEvents = ({ kind }: PartRow): boolean =>
  kind === "expr" || kind === "exprs" || kind === "fields" || kind === "event" || kind === "events";

/** Keys of an option record, the fields of an event in a test, or those that a `map` hands on; other records have names of their own. */
function keyItems(probe: Probe, parts: readonly Part[], at: ClausePlace | undefined): readonly Candidate[] {
  const option = optionPlace(parts);
  if (option) {
    const given = new Set(option.record?.entries.flatMap((entry) => (entry.kind === "field" ? [entry.key.text] : [])));
    const nested = innerOptions(option.options, parts);
    const old = replacedOption(probe, nested.options);
    return nested.options
      .filter(({ name, kind }) => !(nested.given ?? given).has(name) && (!old || kind === old.kind))
      .filter((row) => meansSomething(row, nested.options, parts.findLast(isRecord)))
      .map((row) => optionItem(row, probe));
  }
  const attributes = at?.row?.id === "step.attributes" ? eventType : undefined;
  const type = at?.place === "test" ? testRecordType(probe, parts, at) : attributes;
  if (!type) return copiedFields(probe, parts, at, parts.find(isDeclaration));
  const record = parts.findLast(isRecord);
  const given = new Set(record?.entries.flatMap((entry) => (entry.kind === "field" ? [entry.key.text] : [])));
  const hasColon = /^\s*:/.test(probe.text.slice(probe.word.end, probe.word.end + 20));
  return fieldsOf(type, probe, undefined)
    .filter(({ label }) => !given.has(label))
    .map((one) => {
      const key = /^[A-Za-z_]\w*$/.test(one.label) ? one.label : JSON.stringify(one.label);
      return hasColon
        ? { ...one, newText: key }
        : { ...one, newText: `${key}: $1`, isSnippet: true, triggersNext: true };
    });
}

/** Beside what the record says of the option on which it depends. */
function meansSomething(row: OptionRow, options: readonly OptionRow[], record: RecordExpression | undefined): boolean {
  if (row.only === undefined) return true;
  const { option, is } = row.only;
  const entry = record?.entries.find((each) => each.kind === "field" && each.key.text === option);
  if (entry === undefined) return is.includes(String(options.find(({ name }) => name === option)?.default));
  const { value } = entry;
  const word = value.kind === "ident" ? value.name : value.kind === "string" ? value.value : undefined;
  return word === undefined || is.includes(word);
}

/** The option whose key is changed while its value stays. */
function replacedOption({ text, word }: Probe, options: readonly OptionRow[]): OptionRow | undefined {
  const name = text.slice(word.start, word.end);
  return /^\s*:/.test(text.slice(word.end, word.end + 20)) ? options.find((one) => one.name === name) : undefined;
}

interface InnerOptions {
  readonly options: readonly OptionRow[];
  readonly given?: ReadonlySet<string>;
}

/** The made-up word is a key: its row is unknown, so that the options are those of the record it stands in. */
function innerOptions(options: readonly OptionRow[], parts: readonly Part[]): InnerOptions {
  const record = parts.findLast(isRecord);
  return {
    options,
    given: new Set(record?.entries.flatMap((entry) => (entry.kind === "field" ? [entry.key.text] : []))),
  };
}

function optionItem(row: OptionRow, probe: Probe): Candidate {
  const hasColon = /^\s*:/.test(probe.text.slice(probe.word.end, probe.word.end + 20));
  return {
    label: row.name,
    kind: "option",
    rank: row.required ? 0 : 1,
    detail: optionType(row),
    documentation: optionDoc(row),
    ...(hasColon ? {} : { newText: `${row.name}: ${optionSnippet(row, 1)}`, isSnippet: true, triggersNext: true }),
  };
}

const testType = (probe: Probe, parts: readonly Part[], at: ClausePlace | undefined): ValueType | undefined =>
  at?.place === "test" ? testRecordType(probe, parts, at) : undefined;

function nodeItems(probe: Probe, parent: Part, inner: Part, at: ClausePlace | undefined): readonly Candidate[] {
  if ("output" in parent && parent.output === inner && "node" in parent)
    return outputItems(probe, String((parent.node as { readonly text?: string }).text));
  const own = nodesOfKind(probe, nodesFor[at?.row?.id ?? ""] ?? []);
  const nothing: Candidate = {
    label: "nothing from",
    kind: "keyword",
    rank: 1,
    ...(isFollowed(probe) ? {} : { newText: "nothing from $0", isSnippet: true, triggersNext: true as const }),
  };
  return at?.part?.name === "node" && at.row?.id === "test.expect" ? [...own, nothing] : own;
}

/** `set data.|`: the fields of what `data` is before the clause. */
function pathItems(
  probe: Probe,
  path: Part,
  inner: Part,
  at: ClausePlace | undefined,
  declaration: Part | undefined,
): readonly Candidate[] {
  if (!("steps" in path) || !("root" in path)) return [];
  if (path.root === inner)
    return [
      {
        label: "data",
        kind: "variable",
        rank: 0,
        ...(/^\s*\./.test(probe.text.slice(probe.word.end))
          ? {}
          : { newText: "data.$0", isSnippet: true, triggersNext: true as const }),
      },
    ];
  let type = dataBefore(probe, at, declaration);
  for (const step of path.steps as readonly Name[]) {
    if (step === inner) break;
    const resolved: ValueType | undefined = type && resolveType(type, probe.model.types);
    type = resolved?.kind === "record" ? resolved.fields.find(({ name }) => name === step.text)?.type : undefined;
  }
  return type ? fieldsOf(type, probe, undefined).filter(({ newText, label }) => newText === label) : [];
}
