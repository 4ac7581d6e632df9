/** Asks every feature of the editor service about one place, and gives the ranges of the answers that lie in no text. */
import { codeActions } from "../../compiler/service/code-actions.ts";
import { codeLenses } from "../../compiler/service/code-lenses.ts";
import { completions, resolveCompletion } from "../../compiler/service/completion.ts";
import { definition, typeDefinition } from "../../compiler/service/definition.ts";
import { diagnosticsOf } from "../../compiler/service/diagnostics.ts";
import { documentLinks } from "../../compiler/service/document-links.ts";
import { foldingRanges } from "../../compiler/service/folding.ts";
import { formatDocument, formatOnType, formatRange } from "../../compiler/service/formatting.ts";
import { graphPreview } from "../../compiler/service/graph-preview.ts";
import { downstream, prepareHierarchy, upstream } from "../../compiler/service/hierarchy.ts";
import { hover } from "../../compiler/service/hover.ts";
import { inlayHints } from "../../compiler/service/inlay-hints.ts";
import { preview } from "../../compiler/service/preview.ts";
import { highlights, references } from "../../compiler/service/references.ts";
import { linkedEditing, prepareRename, rename } from "../../compiler/service/rename.ts";
import { selectionRanges } from "../../compiler/service/selection.ts";
import { semanticTokens } from "../../compiler/service/semantic-tokens.ts";
import { signatureHelp } from "../../compiler/service/signature-help.ts";
import { documentSymbols, workspaceSymbols } from "../../compiler/service/symbols.ts";
import type { Workspace } from "../../compiler/service/workspace.ts";

type Ask = (ws: Workspace, path: string, offset: number) => unknown;

/** Those that look at a place. */
export const placeFeatures: Readonly<Record<string, Ask>> = {
  hover,
  completions,
  signatureHelp,
  definition,
  typeDefinition,
  highlights,
  references: (ws, path, offset) => references(ws, path, offset, true),
  prepareRename,
  rename: (ws, path, offset) => rename(ws, path, offset, "other_name"),
  linkedEditing,
  selectionRanges,
  formatOnType,
  codeActions: (ws, path, offset) =>
    codeActions(ws, path, { start: offset, end: offset }).map((one) => ({
      ...one,
      edits: one.kind.startsWith("refactor.") ? [] : one.edits(),
    })),
  hierarchy: (ws, path, offset) =>
    prepareHierarchy(ws, path, offset).flatMap((item) => [item, ...upstream(ws, item), ...downstream(ws, item)]),
};

/** Those that look at a whole file. */
export const fileFeatures: Readonly<Record<string, Ask>> = {
  diagnosticsOf,
  documentSymbols,
  workspaceSymbols: (ws) => workspaceSymbols(ws, "a"),
  documentLinks,
  foldingRanges,
  formatDocument,
  formatRange: (ws, path, offset) => formatRange(ws, path, { start: 0, end: offset }),
  semanticTokens: (ws, path) => semanticTokens(ws, path),
  inlayHints: (ws, path) => inlayHints(ws, path),
  codeLenses,
  graphPreview,
  previews: (ws, path) => {
    for (const kind of ["resource", "runtime", "ir", "graph"] as const) {
      const { text, mappings } = preview(ws, path, kind);
      if (mappings.some(({ span }) => span.start < 0 || span.end > text.length || span.end < span.start))
        throw new Error(`a mapping of the ${kind} lies outside of it`);
    }
  },
  resolved: (ws, path, offset) =>
    completions(ws, path, offset)
      .slice(0, 3)
      .map((item) => resolveCompletion(ws, item)),
};

/** Everything in an answer that has `start` and `end` and lies outside of its file. */
export function outside(answer: unknown, ws: Workspace, path: string): readonly string[] {
  const found: string[] = [];
  const walk = (value: unknown, at: string): void => {
    if (typeof value !== "object" || value === null) return;
    if ("start" in value && "end" in value && typeof value.start === "number" && typeof value.end === "number") {
      const file = "file" in value && typeof value.file === "string" ? value.file : path;
      const { length } = ws.source(file).text;
      if (!(0 <= value.start && value.start <= value.end && value.end <= length))
        found.push(`${at} ${file} ${value.start}–${value.end} of ${length}`);
    }
    for (const [key, one] of Object.entries(value)) if (key !== "parameters") walk(one, `${at}/${key}`);
  };
  walk(answer, "");
  return found;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Answers that must be in order and apart, or each inside the next, and are not. */
export function disordered(name: string, answer: unknown): readonly string[] {
  if (!Array.isArray(answer)) return [];
  const ranges = answer.filter(
    (one): one is Range => typeof one === "object" && one !== null && "start" in one && "end" in one,
  );
  const pairs = ranges.slice(1).map((one, i) => [ranges[i]!, one] as const);
  const isWrong = ordering[name];
  return isWrong === undefined
    ? []
    : pairs
        .filter(([before, after]) => isWrong(before, after))
        .map(([a, b]) => `${a.start}–${a.end}, ${b.start}–${b.end}`);
}

type IsWrong = (before: Range, after: Range) => boolean;
const isNotApart: IsWrong = (before, after) => after.start < before.end;
const ordering: Readonly<Record<string, IsWrong>> = {
  semanticTokens: isNotApart,
  formatDocument: isNotApart,
  formatRange: isNotApart,
  formatOnType: isNotApart,
  selectionRanges: (inner, outer) => outer.start > inner.start || outer.end < inner.end,
};
