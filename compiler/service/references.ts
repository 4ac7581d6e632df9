/** Every place where a name is used. */
import type { Location } from "../source/span.ts";
import { madeFieldAt, samePlaces } from "./made-fields.ts";
import { locationIn, nameAt, usesEverywhereInSteps } from "./names.ts";
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
  if (!thing) return madeReferences(ws, path, offset, includeDeclaration);
  const uses = yield* usesEverywhereInSteps(ws, thing);
  const isDeclaration = (use: Location): boolean => use.file === thing.at.file && use.start === thing.at.start;
  const others = uses.filter((use) => !isDeclaration(use));
  return includeDeclaration ? [thing.at, ...others] : others;
}

/** In this file; the declaration is a write. */
export function highlights(ws: Workspace, path: string, offset: number): readonly Highlight[] {
  const thing = nameAt(ws, path, offset);
  if (!thing) return madeHighlights(ws, path, offset);
  const reads = thing.uses.filter((use) => use.file === path && use.start !== thing.at.start);
  const write = thing.at.file === path ? [{ ...bare(thing.at), kind: "write" as const }] : [];
  const all: Highlight[] = [...write, ...reads.map((use) => ({ ...bare(use), kind: "read" as const }))];
  return all.sort((a, b) => a.start - b.start);
}

/** Of a field that no type declares, in its own file; the makers are its declarations. */
function madeReferences(ws: Workspace, path: string, offset: number, includeDeclaration: boolean): readonly Location[] {
  const tree = ws.tree(path);
  const made = madeFieldAt(tree, offset);
  if (!made) return [];
  const makers = new Set(made.makers.map(({ start }) => start));
  return samePlaces(tree, made)
    .filter(({ start }) => includeDeclaration || !makers.has(start))
    .map((span) => locationIn(path, span));
}

function madeHighlights(ws: Workspace, path: string, offset: number): readonly Highlight[] {
  const tree = ws.tree(path);
  const made = madeFieldAt(tree, offset);
  if (!made) return [];
  const makers = new Set(made.makers.map(({ start }) => start));
  return samePlaces(tree, made).map((span) => ({ ...span, kind: makers.has(span.start) ? "write" : "read" }));
}
