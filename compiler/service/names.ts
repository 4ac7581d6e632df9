/** What the name at an offset means: where it is declared, and everywhere it is used, in all files of the workspace. */
import type { RecordField, TypeTable, ValueType } from "../contract/value-type.ts";
import { typeOrigins } from "../ir/type-origins.ts";
import type { Model, ModelSymbol } from "../semantics/model.ts";
import { fieldOf, resolveType } from "../semantics/types.ts";
import type { Location, Span } from "../source/span.ts";
import type { SelectExpression } from "../syntax/ast.ts";
import { localAt } from "./locals.ts";
import { bare, holds, type Part, pathBefore } from "./syntax-path.ts";
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

const isSelect = (part: Part | undefined): part is SelectExpression => part?.kind === "select";

function fieldThing({ tree, model }: Analysis, offset: number): NamedThing | undefined {
  const select = pathBefore(tree, offset).at(-2);
  if (!isSelect(select) || !holds(select.field.span, offset)) return undefined;
  const field = fieldIn(model.typeOf.get(select.of), select.field.text, model.types);
  const at = field && fieldOrigins(model).get(field);
  if (!at) return undefined;
  const thing = { kind: "field" as const, name: select.field.text, origin: bare(select.field.span), at, whole: at };
  return { ...thing, uses: usesOfField(model, field) };
}

export function fieldIn(type: ValueType | undefined, name: string, types: TypeTable): RecordField | undefined {
  const resolved = type && resolveType(type, types);
  if (resolved?.kind === "optional") return fieldIn(resolved.of, name, types);
  return resolved?.kind === "record" ? fieldOf(resolved, name) : undefined;
}

function usesOfField(model: Model, field: RecordField): readonly Location[] {
  const found: Location[] = [];
  for (const e of model.typeOf.keys()) {
    if (e.kind === "select" && fieldIn(model.typeOf.get(e.of), e.field.text, model.types) === field)
      found.push(locationIn(model.path, e.field.span));
  }
  return found;
}

const originsByModel = new WeakMap<Model, ReadonlyMap<RecordField, Location>>();

/** Where the fields of declared types are written. Types that are made of others share their fields. */
function fieldOrigins(model: Model): ReadonlyMap<RecordField, Location> {
  const known = originsByModel.get(model);
  if (known) return known;
  const places = typeOrigins(model.symbols);
  const found = new Map<RecordField, Location>();
  const walk = (type: ValueType, path: string): void => {
    if (type.kind === "list") walk(type.element, path);
    else if (type.kind === "map") walk(type.value, path);
    else if (type.kind === "union") for (const member of type.members) walk(member, path);
    else if (type.kind === "record") {
      for (const field of type.fields) {
        const inner = `${path}/${field.name}`;
        const at = places[inner];
        if (at) found.set(field, at);
        walk(field.type, inner);
      }
    }
  };
  for (const [name, type] of Object.entries(model.types)) walk(type, name);
  originsByModel.set(model, found);
  return found;
}

const shared: ReadonlySet<string> = new Set(["type", "fn", "param"]);

/** All places where the thing is used, in all files of the workspace; each once. */
export function usesEverywhere(ws: Workspace, thing: NamedThing): readonly Location[] {
  const found = new Map<string, Location>();
  const add = (uses: readonly Location[]): void => {
    for (const use of uses) found.set(`${use.file}:${use.start}`, use);
  };
  add(thing.uses);
  if (thing.symbol && shared.has(thing.symbol.kind)) {
    for (const path of filesThatRead(ws, thing.at.file)) {
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
export function filesThatRead(ws: Workspace, file: string): readonly string[] {
  const importsOf = new Map(ws.allPaths().map((path) => [path, importedFiles(ws, path)]));
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
