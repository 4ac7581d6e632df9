/** What the name at an offset means: where it is declared, and everywhere it is used, in all files of the workspace. */
import type { Model, ModelSymbol } from "../semantics/model.ts";
import type { Location, Span } from "../source/span.ts";
import { type FieldUse, fieldUses } from "./fields.ts";
import { localAt } from "./locals.ts";
import { atOnce, type Steps } from "./steps.ts";
import { bare, holds } from "./syntax-path.ts";
import type { Analysis, Workspace } from "./workspace.ts";

export interface NamedThing {
  readonly kind: ModelSymbol["kind"] | "variable" | "field";
  readonly name: string;
  /** What stands at the offset. */
  readonly origin: Span;
  /** Its name where it is declared, and the whole declaration. */
  readonly at: Location;
  readonly whole: Location;
  /** Without the declaration, in this file and in those that it imports. */
  readonly uses: readonly Location[];
  readonly symbol?: ModelSymbol;
}

export function nameAt(ws: Workspace, path: string, offset: number): NamedThing | undefined {
  const analysis = ws.file(path);
  return symbolAt(analysis, offset) ?? localThing(analysis, offset) ?? fieldThing(analysis, offset);
}

export const locationIn = (file: string, span: Span): Location => ({ file, ...bare(span) });

function symbolAt({ model, path }: Analysis, offset: number): NamedThing | undefined {
  const touches = (one: Location): boolean => one.file === path && holds(one, offset) && one.end > one.start;
  for (const symbol of model.symbols) {
    const origin = touches(symbol.at) ? symbol.at : symbol.uses.find(touches);
    if (origin) return symbolThing(symbol, origin);
  }
  return undefined;
}

export function symbolThing(symbol: ModelSymbol, origin: Span): NamedThing {
  return {
    kind: symbol.kind,
    name: symbol.name,
    origin: bare(origin),
    at: locationIn(symbol.at.file, symbol.at),
    whole: locationIn(symbol.at.file, symbol.declaration.span),
    uses: symbol.uses.map((use) => locationIn(use.file, use)),
    symbol,
  };
}

function localThing({ tree, path }: Analysis, offset: number): NamedThing | undefined {
  const local = localAt(tree, offset);
  if (!local) return undefined;
  const origin = [local.declaration, ...local.uses].find((span) => holds(span, offset)) ?? local.declaration;
  return {
    kind: "variable",
    name: local.name,
    origin: bare(origin),
    at: locationIn(path, local.declaration),
    whole: locationIn(path, local.whole),
    uses: local.uses.map((use) => locationIn(path, use)),
  };
}

function fieldThing({ model, path, source }: Analysis, offset: number): NamedThing | undefined {
  const use = /[\w"'`]/.test(source.text.slice(Math.max(0, offset - 1), offset + 1)) && fieldUseAt(model, offset);
  const at = use ? use.declared : undefined;
  if (!use || !at) return undefined;
  const isSame = ({ declared }: FieldUse): boolean => declared?.file === at.file && declared.start === at.start;
  const uses = fieldUses(model)
    .filter((one) => isSame(one) && !(path === at.file && one.at.start === at.start))
    .map((one) => one.at);
  return { kind: "field", name: use.name.text, origin: bare(use.name.span), at, whole: at, uses };
}

/** The place that names a field at the offset; the field may be declared nowhere. */
export const fieldUseAt = (model: Model, offset: number): FieldUse | undefined =>
  fieldUses(model).find(({ name }) => holds(name.span, offset));

const shared: ReadonlySet<string> = new Set(["type", "fn", "param"]);

/** Files that import the one of the thing know it too. */
export const isShared = ({ kind, symbol }: NamedThing): boolean =>
  kind === "field" || (symbol !== undefined && shared.has(symbol.kind));

/** All places where the thing is used, in all files of the workspace; each once. */
export const usesEverywhere = (ws: Workspace, thing: NamedThing): readonly Location[] =>
  atOnce(usesEverywhereInSteps(ws, thing));

export function* usesEverywhereInSteps(ws: Workspace, thing: NamedThing): Steps<readonly Location[]> {
  const found = new Map<string, Location>();
  const add = (uses: readonly Location[]): void => {
    for (const use of uses) found.set(`${use.file}:${use.start}`, use);
  };
  add(thing.uses);
  if (isShared(thing)) {
    const readers = yield* filesThatReadInSteps(ws, thing.at.file);
    for (const [i, path] of readers.entries()) {
      yield { done: i, of: readers.length };
      if (thing.kind === "field") {
        for (const { declared, at } of fieldUses(ws.file(path).model))
          if (declared?.file === thing.at.file && declared.start === thing.at.start) add([at]);
        continue;
      }
      const same = ws
        .file(path)
        .model.symbols.find(
          ({ at, name }) => at.file === thing.at.file && name === thing.name && at.start === thing.at.start,
        );
      if (same) add(same.uses.map((use) => locationIn(use.file, use)));
    }
  }
  return [...found.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.start - b.start));
}

/** The file itself, and those that import it, straight or through others. Only trees are looked at. */
export function* filesThatReadInSteps(ws: Workspace, file: string): Steps<readonly string[]> {
  const importsOf = new Map<string, readonly string[]>();
  const paths = ws.allPaths();
  for (const [i, path] of paths.entries()) {
    importsOf.set(path, importedFiles(ws, path));
    yield { done: i, of: paths.length };
  }
  const found = new Set([file]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [path, imports] of importsOf) {
      if (found.has(path) || !imports.some((one) => found.has(one))) continue;
      found.add(path);
      grew = true;
    }
  }
  return [...found];
}

export const importedFiles = (ws: Workspace, path: string): readonly string[] =>
  ws
    .tree(path)
    .declarations.flatMap((one) =>
      one.kind === "import" && one.path.kind === "string" ? [ws.host.resolve(path, one.path.value)] : [],
    );
