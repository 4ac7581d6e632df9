/** Applies the fixes of diagnostics to texts. Knows no files. */
import type { Edit } from "../source/diagnostic.ts";
import type { Findings } from "./report/findings.ts";

/** The first fix of each diagnostic, in order; one that overlaps an earlier one waits for the next round. */
export function applyFixes(findings: Findings): {
  readonly texts: ReadonlyMap<string, string>;
  readonly applied: number;
} {
  const taken: Edit[] = [];
  let applied = 0;
  for (const { fixes } of findings.diagnostics) {
    const fix = fixes[0];
    if (
      fix === undefined ||
      fix.edits.some((edit) => !findings.sources.has(edit.file) || taken.some((other) => overlaps(edit, other)))
    )
      continue;
    taken.push(...fix.edits);
    applied++;
  }
  const texts = new Map<string, string>();
  for (const file of new Set(taken.map((edit) => edit.file))) {
    const edits = taken.filter((edit) => edit.file === file).sort((a, b) => b.start - a.start || b.end - a.end);
    let text = findings.sources.get(file)!.text;
    for (const { start, end, newText } of edits) text = text.slice(0, start) + newText + text.slice(end);
    texts.set(file, text);
  }
  return { texts, applied };
}

/** Touching counts: two insertions at one place have no order. */
const overlaps = (a: Edit, b: Edit): boolean => a.file === b.file && a.start <= b.end && b.start <= a.end;
