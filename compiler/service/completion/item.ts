/** Items of completion, before they are sorted. */
import type { ValueType } from "../../contract/value-type.ts";
import { isAssignable, isOpen } from "../../semantics/types.ts";
import type { Edit } from "../../source/diagnostic.ts";
import type { CompletionItem, CompletionKind } from "../types.ts";
import type { Probe } from "./probe.ts";

export interface Candidate {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Smaller comes first; those of one rank keep their order. */
  readonly rank: number;
  readonly detail?: string;
  readonly docKey?: string;
  readonly documentation?: string;
  /** The label when left out. */
  readonly newText?: string;
  readonly isSnippet?: boolean;
  readonly triggersNext?: true;
  readonly additionalEdits?: readonly Edit[];
}

export const snippet = (text: string): string => text.replace(/[\\$}]/g, "\\$&");

/** First what fits the expected type, then what may, then what does not fit yet. */
export function rankOf(type: ValueType | undefined, expected: ValueType | undefined, probe: Probe): number {
  if (expected === undefined || type === undefined || isOpen(expected)) return 1;
  if (isOpen(type)) return 2;
  return isAssignable(type, expected, probe.model.types) ? 0 : 3;
}

export function sorted(candidates: readonly Candidate[], span: CompletionItem["span"]): readonly CompletionItem[] {
  const seen = new Set<string>();
  return candidates
    .filter(({ label, kind }) => !seen.has(`${kind} ${label}`) && seen.add(`${kind} ${label}`))
    .map((candidate, index) => ({ candidate, index }))
    .sort((a, b) => a.candidate.rank - b.candidate.rank || a.index - b.index)
    .map(({ candidate: { rank: _, newText, isSnippet, ...rest } }, place) => ({
      ...rest,
      span: { start: span.start, end: span.end },
      newText: newText ?? rest.label,
      isSnippet: isSnippet ?? false,
      sortText: String(place).padStart(4, "0"),
    }));
}

/** `nothing from` where `from` stands already: only what lacks is written. */
export function withoutRest(candidate: Candidate, { text, word }: Probe): Candidate {
  const space = candidate.label.indexOf(" ");
  if (space < 0 || (candidate.kind !== "keyword" && candidate.kind !== "value")) return candidate;
  const rest = candidate.label.slice(space);
  const { isSnippet: _, triggersNext: __, ...plain } = candidate;
  return text.startsWith(rest, word.end) ? { ...plain, newText: candidate.label.slice(0, space) } : candidate;
}
