/** A name that is declared in another file of the workspace: its import mends the mistake. */
import type { Diagnostic } from "../../source/diagnostic.ts";
import { importEdit, namesElsewhere } from "../completion/auto-import.ts";
import { applyEdits } from "../refactor/lay-out.ts";
import type { Edit } from "../types.ts";
import type { Analysis, Workspace } from "../workspace.ts";
import type { Proposal } from "./mend.ts";

const kindsOf: Readonly<Record<string, readonly string[]>> = {
  FLOW2002: ["type"],
  FLOW2030: ["param"],
  FLOW3004: ["fn"],
};
const mostOffered = 3;

export function importMends(ws: Workspace, diagnostic: Diagnostic, analysis: Analysis): readonly Proposal[] {
  const kinds = kindsOf[diagnostic.code];
  if (!kinds) return [];
  const { path, source, model } = analysis;
  const wanted = source.text.slice(diagnostic.at.start, diagnostic.at.end);
  return namesElsewhere(ws, path, model)
    .filter(({ name, kind }) => name === wanted && kinds.includes(kind))
    .slice(0, mostOffered)
    .map(({ written }) => ({
      title: `Import '${wanted}' from ${JSON.stringify(written)}`,
      edits: [importEdit(ws, path, written)],
    }))
    .filter(({ edits }) => isMended(ws, diagnostic, analysis, edits));
}

/** There is one such mistake less. What the type of the name brings to light is another matter. */
function isMended(ws: Workspace, { code }: Diagnostic, analysis: Analysis, edits: readonly Edit[]): boolean {
  const { path, source, allDiagnostics } = analysis;
  const count = (all: readonly Diagnostic[]): number => all.filter((one) => one.code === code).length;
  return count(ws.checkAs(path, applyEdits(source.text, edits), () => {}).diagnostics) < count(allDiagnostics);
}
