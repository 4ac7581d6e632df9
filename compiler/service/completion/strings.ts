/** Items inside quotes: files, choices, values of a union, and what the workspace says elsewhere for the same option. */

import { resolveType } from "../../semantics/types.ts";
import type { StringLiteral } from "../../syntax/ast.ts";
import { clausePlace, isEntry, optionPlace } from "../catalogue-at.ts";
import { isCall } from "../hover.ts";
import { importedFiles } from "../names.ts";
import { relativePath } from "../relative-path.ts";
import { allParts, type Part, pathAt } from "../syntax-path.ts";
import type { CompletionItem } from "../types.ts";
import type { Workspace } from "../workspace.ts";
import { expectedType } from "./expected-type.ts";
import { type Candidate, sorted } from "./item.ts";

/** Undefined outside of quotes. */
export function stringItems(ws: Workspace, path: string, offset: number): readonly CompletionItem[] | undefined {
  const parts = pathAt(ws.tree(path), offset);
  const index = parts.findLastIndex(isString);
  const literal = parts[index];
  if (!literal || !isString(literal) || offset <= literal.span.start || offset > literal.span.end) return undefined;
  const { raw } = literal;
  if (/^[rb"']?["']{3}|^[rb]/.test(raw)) return [];
  const isClosed = raw.length > 1 && raw.endsWith(raw[0]!);
  if (isClosed && offset === literal.span.end) return undefined;
  const span = { start: literal.span.start + 1, end: literal.span.end - (isClosed ? 1 : 0) };
  const quote = raw[0]!;
  const texts = candidates(ws, path, parts.slice(0, index + 1), literal, offset);
  return sorted(
    texts
      .filter(({ label }) => !/["'\\\n]/.test(label))
      .map((one) => (isClosed ? one : { ...one, newText: one.label + quote })),
    span,
  );
}

const isString = (part: Part | undefined): part is StringLiteral => part?.kind === "string" && "raw" in part;

function candidates(
  ws: Workspace,
  path: string,
  parts: readonly Part[],
  literal: StringLiteral,
  offset: number,
): readonly Candidate[] {
  const declaration = parts[1];
  if (declaration?.kind === "import") return fileItems(ws, path);
  if (declaration?.kind === "type") {
    const definition = parts.find((part) => part.kind === "from" && "path" in part && part.path === literal);
    const isSchema = definition !== undefined && "from" in definition && definition.from === "schema";
    return definition === undefined
      ? []
      : pathItems(ws, path, offset, literal, isSchema ? /\.json$/ : /\.(nd)?jsonl?$/);
  }
  if (declaration?.kind === "test") return [];
  const parent = parts.at(-2);
  if (parent && isCall(parent) && parent.name.text === "secret")
    return elsewhere(
      ws,
      (part, before) =>
        isCall(before) &&
        before.name.text === "secret" &&
        before.arguments.indexOf(part) === parent.arguments.indexOf(literal),
      literal,
    );
  const option = optionPlace(parts);
  if (option?.option && option.entry) {
    if (option.option.choices)
      return option.option.choices.map(({ name, doc }) => ({
        label: name,
        kind: "value",
        rank: 0,
        documentation: doc,
      }));
    const { text } = option.entry.key;
    if (text === "path" && clausePlace(parts)?.connector?.name === "file")
      return pathItems(ws, path, offset, literal, /\.(nd)?jsonl?(\.gz)?$|\.(csv|txt|log)(\.gz)?$/);
    return elsewhere(ws, (_, before) => isEntry(before) && before.key.text === text, literal);
  }
  const { model } = ws.file(path);
  const expected = expectedType(parts, model);
  const resolved = expected && resolveType(expected, model.types);
  const members = resolved?.kind === "union" ? resolved.members : resolved ? [resolved] : [];
  return members.flatMap((one): Candidate[] =>
    one.kind === "literal" && typeof one.value === "string" ? [{ label: one.value, kind: "value", rank: 0 }] : [],
  );
}

/** What lies in the folder that is written so far, and folders. */
function pathItems(
  ws: Workspace,
  path: string,
  offset: number,
  literal: StringLiteral,
  isFile: RegExp,
): readonly Candidate[] {
  const typed = ws.source(path).text.slice(literal.span.start + 1, offset);
  const folder = typed.slice(0, typed.lastIndexOf("/") + 1);
  return ws
    .inFolder(ws.host.resolve(path, folder === "" ? "." : folder))
    .filter((name) => name.endsWith("/") || isFile.test(name))
    .map((name) => ({
      label: folder + name,
      kind: "file",
      rank: name.endsWith("/") ? 2 : 1,
      ...(name.endsWith("/") ? { triggersNext: true as const } : {}),
    }));
}

/** Files that are not imported yet and do not import this one. */
function fileItems(ws: Workspace, path: string): readonly Candidate[] {
  const already = new Set(importedFiles(ws, path));
  return ws
    .allPaths()
    .filter(
      (other) =>
        other !== path && !already.has(other) && other.endsWith(".flow") && !importedFiles(ws, other).includes(path),
    )
    .map((other) => ({ label: relativePath(path, other), kind: "file", rank: 1 }));
}

const mostFiles = 200;

/** Strings in the same role in files of the workspace, open ones first: topics, brokers, names of secrets. */
function elsewhere(
  ws: Workspace,
  isSame: (part: StringLiteral, before: Part) => boolean,
  self: StringLiteral,
): readonly Candidate[] {
  const found = new Set<string>();
  for (const path of flowPaths(ws).slice(0, mostFiles)) {
    for (const part of allParts(ws.tree(path))) {
      for (const inner of stringsIn(part))
        if (inner !== self && isSame(inner, part) && inner.value !== "") found.add(inner.value);
    }
  }
  return [...found].sort().map((label) => ({ label, kind: "value", rank: 1 }));
}

const flowPaths = (ws: Workspace): readonly string[] =>
  ws.allPaths().filter((path) => ws.isOpen(path) || path.endsWith(".flow"));

/** The strings directly in an entry, in its list, or among the arguments of a call. */
function stringsIn(part: Part): readonly StringLiteral[] {
  if (isCall(part)) return part.arguments.filter(isString);
  if (!isEntry(part)) return [];
  const { value } = part;
  return value.kind === "list"
    ? value.items.map((item) => item.value).filter(isString)
    : isString(value)
      ? [value]
      : [];
}
