/**
 * Drops what the grammar refuses where the cursor stands: an operand before another operand, a keyword whose line goes on
 * in a way that it cannot. The parser is asked about the declaration alone, once for each shape of item.
 */
import { sourceText } from "../../source/source-text.ts";
import type { Span } from "../../source/span.ts";
import { parse } from "../../syntax/parse.ts";
import { filled } from "../snippet-text.ts";
import type { Candidate } from "./item.ts";
import type { Probe } from "./probe.ts";

/** A declaration longer than this is not parsed again: its items are offered unasked. */
const longest = 20_000;

export function fitting(probe: Probe, candidates: readonly Candidate[]): readonly Candidate[] {
  const { text, word } = probe;
  const slice = sliceAround(probe);
  if (candidates.length === 0 || slice.end - slice.start > longest) return candidates;
  const before = text.slice(slice.start, word.start);
  const after = text.slice(word.end, slice.end);
  const mistakes = (middle: string, holes: readonly number[] = []): number =>
    parse(sourceText(probe.path, before + middle + after)).diagnostics.filter(
      ({ severity, at }) =>
        severity === "error" &&
        !holes.some((hole) => at.start <= before.length + hole + 1 && before.length + hole - 1 <= at.end),
    ).length;
  const most = mistakes(text.slice(word.start, word.end));
  const known = new Map<string, boolean>();
  return candidates.filter((candidate) => {
    const shape = shapeOf(candidate);
    let fits = known.get(shape);
    if (fits === undefined) {
      fits = [filled(candidate), filled(candidate, "name")].some(({ text, holes }) => mistakes(text, holes) <= most);
      known.set(shape, fits);
    }
    return fits;
  });
}

/** Two names are refused or taken alike, two keywords are not. */
function shapeOf({ label, kind, newText = label, isSnippet }: Candidate): string {
  const isName = kind !== "keyword" && kind !== "clause" && kind !== "connector" && kind !== "value";
  return `${isSnippet === true} ${isName ? newText.replace(label, "name") : newText}`;
}

/** The declaration that the word stands in, or what is between two. */
function sliceAround({ ws, path, text, word }: Probe): Span {
  const { declarations } = ws.tree(path);
  const last = declarations.findLast(({ span }) => span.start <= word.start);
  const next = declarations.find(({ span }) => span.start > word.start && span.start >= word.end);
  const isBehind = last !== undefined && text.slice(last.span.end, word.start).includes("\n");
  const start = last === undefined ? 0 : isBehind ? last.span.end : last.span.start;
  return { start, end: Math.max(next?.span.start ?? text.length, word.end) };
}
