/** Fixes without a file: `problems.ts` adds it. */
import type { Extras } from "../../source/diagnostic.ts";
import type { Span } from "../../source/span.ts";

type Fixes = Pick<Extras, "fixes">;

export function replacement(title: string, span: Span, newText: string): Fixes {
  return { fixes: [{ title, edits: [{ file: "", start: span.start, end: span.end, newText }] }] };
}

export const insertion = (title: string, at: number, newText: string): Fixes =>
  replacement(title, { start: at, end: at }, newText);
