/**
 * Fixes that the editor offers beside those of the checker: each mends its diagnostic, but which one was meant is for the user to
 * say, so none of them is applied unasked.
 */
import type { Diagnostic } from "../../source/diagnostic.ts";
import { applyEdits, laidOut } from "../refactor/lay-out.ts";
import type { Edit } from "../types.ts";
import type { Analysis, Workspace } from "../workspace.ts";
import { mistakeOf, type Proposal } from "./mend.ts";
import { menders } from "./menders.ts";

/** Trying one takes a check of the file. */
const mostTried = 6;
const mostOffered = 3;

export function mends(ws: Workspace, diagnostic: Diagnostic, analysis: Analysis): readonly Proposal[] {
  const ways = menders[diagnostic.code];
  if (!ways || diagnostic.fixes.length > 0) return [];
  const { path, source } = analysis;
  const mistake = mistakeOf(diagnostic, analysis);
  const before = analysis.allDiagnostics.map(({ code }) => code);
  return ways
    .flatMap((way) => way(mistake))
    .slice(0, mostTried)
    .filter(
      ({ edits }) =>
        edits.length > 0 && isBetter(before, problems(ws, path, applyEdits(source.text, edits)), diagnostic),
    )
    .slice(0, mostOffered)
    .map(({ title, edits }) => ({ title, edits: tidy(path, source.text, edits) }));
}

/** What does not parse elsewhere cannot be laid out, and is left as it is. */
const tidy = (path: string, text: string, edits: readonly Edit[]): readonly Edit[] => laidOut(path, text, edits);

const problems = (ws: Workspace, path: string, text: string): readonly string[] =>
  ws.checkAs(path, text, () => {}).diagnostics.map(({ code }) => code);

/** The mistake is gone and no other has come. Mistakes of the deployment are not found by this check. */
function isBetter(before: readonly string[], after: readonly string[], { code }: Diagnostic): boolean {
  const left = [...before];
  for (const one of after) {
    const at = left.indexOf(one);
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return !before.includes(code) || left.includes(code);
}
