/** Every place where a name is used. */
import type { Location } from "../source/span.ts";
import { nameAt, usesEverywhereInSteps } from "./names.ts";
import { atOnce, type Steps } from "./steps.ts";
import { bare } from "./syntax-path.ts";
import type { Highlight } from "./types.ts";
import type { Workspace } from "./workspace.ts";

export const references = (
  ws: Workspace,
  path: string,
  offset: number,
  includeDeclaration: boolean,
): readonly Location[] => atOnce(referencesInSteps(ws, path, offset, includeDeclaration));

export function* referencesInSteps(
  ws: Workspace,
  path: string,
  offset: number,
  includeDeclaration: boolean,
): Steps<readonly Location[]> {
  const thing = nameAt(ws, path, offset);
  if (!thing) return [];
  const uses = yield* usesEverywhereInSteps(ws, thing);
  const isDeclaration = (use: Location): boolean => use.file === thing.at.file && use.start === thing.at.start;
  const others = uses.filter((use) => !isDeclaration(use));
  return includeDeclaration ? [thing.at, ...others] : others;
}

/** In this file; the declaration is a write. */
export function highlights(ws: Workspace, path: string, offset: number): readonly Highlight[] {
  const thing = nameAt(ws, path, offset);
  if (!thing) return [];
  const reads = thing.uses.filter((use) => use.file === path && use.start !== thing.at.start);
  const write = thing.at.file === path ? [{ ...bare(thing.at), kind: "write" as const }] : [];
  const all: Highlight[] = [...write, ...reads.map((use) => ({ ...bare(use), kind: "read" as const }))];
  return all.sort((a, b) => a.start - b.start);
}
