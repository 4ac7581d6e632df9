/**
 * What stands around the nodes and tests of a file: types, functions, params and tables. Which of them are not what they were at
 * the last check, and what looks at one of those, by way of others too.
 */
import type { TypeTable, ValueType } from "../../contract/value-type.ts";
import type { Declared, SymbolEntry } from "../program.ts";
import { sameType } from "./same-type.ts";

export interface Surroundings {
  /** What everything depends on: by identity. */
  readonly files: readonly unknown[];
  readonly types: TypeTable;
  /** In order of declaration. */
  readonly things: readonly Thing[];
}

interface Thing {
  readonly kind: SymbolEntry["kind"];
  readonly name: string;
  /** A tree: kept by the parser as long as it says the same. */
  readonly declaration: object;
  readonly table: { readonly row: ValueType; readonly key: ValueType } | undefined;
  readonly comesLater: boolean | undefined;
  /** Made from another file, whose text may be another. */
  readonly isRead: boolean;
}

export function surroundingsOf({ program, names, types, params, functions, tables }: Declared): Surroundings {
  const thing = ({ kind, name, declaration }: SymbolEntry): Thing => ({
    kind,
    name,
    declaration: (kind === "fn" ? functions.get(name) : undefined) ?? declaration,
    table: kind === "table" ? tables.get(name) : undefined,
    comesLater: params.get(name)?.comesLater,
    isRead: "definition" in declaration && declaration.definition.kind === "from",
  });
  const isAround = ({ kind }: SymbolEntry): boolean => kind === "fn" || kind === "param" || kind === "table";
  return {
    files: program.files.flatMap(({ path, tree }) => [
      path,
      ...tree.declarations.filter(({ kind }) => kind === "pipeline"),
    ]),
    types,
    things: [...names.types.values(), ...[...names.values.values()].filter(isAround)].map(thing),
  };
}

/** Undefined when it may be everything. */
export function changedNames(last: Surroundings | undefined, now: Surroundings): ReadonlySet<string> | undefined {
  if (last === undefined || !sameItems(last.files, now.files)) return undefined;
  if (last.types !== now.types && now.things.some(({ isRead }) => isRead)) return undefined;
  const isNamedAlike =
    last.things.length === now.things.length &&
    now.things.every(({ kind, name }, i) => last.things[i]!.kind === kind && last.things[i]!.name === name);
  if (!isNamedAlike) return undefined;
  const changed = new Set(now.things.filter((thing, i) => !isSame(thing, last.things[i]!)).map(({ name }) => name));
  for (let before = 0; before < changed.size; ) {
    before = changed.size;
    for (const { name, declaration } of now.things)
      if (!changed.has(name) && mentions(declaration, changed)) changed.add(name);
  }
  return mentions(now.files, changed) ? undefined : changed;
}

function isSame(a: Thing, b: Thing): boolean {
  if (a.comesLater !== b.comesLater) return false;
  if (!a.table || !b.table) return a.declaration === b.declaration && a.table === b.table;
  return sameType(a.table.row, b.table.row) && sameType(a.table.key, b.table.key);
}

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);

/** Whether one of the names stands somewhere in plain data, such as a tree or a type. */
export function mentions(data: unknown, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  const stack = [data];
  while (stack.length > 0) {
    const at = stack.pop();
    if (typeof at === "string" && names.has(at)) return true;
    if (typeof at !== "object" || at === null || ArrayBuffer.isView(at)) continue;
    for (const value of at instanceof Map ? at.values() : Object.values(at))
      if (typeof value === "string" || typeof value === "object") stack.push(value);
  }
  return false;
}
