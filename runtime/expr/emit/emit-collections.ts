/** List and record literals. */
import type { ListTree, RecordEntry, RecordTree } from "../../../compiler/contract/expr-tree.ts";
import { isPlainName, isPlainRecord, makeMap } from "../maps.ts";
import type { Emit } from "./context.ts";

export function emitList(emit: Emit, tree: ListTree): string {
  if (!tree.items.some((item) => item.optional))
    return `[${tree.items.map((item) => emit.stored(item.value)).join(", ")}]`;
  const list = emit.temp();
  emit.line(`${list} = [];`);
  for (const item of tree.items) {
    if (item.optional) {
      const content = emit.atom(emit.maybe(item.value));
      emit.line(`if (${content} !== undefined) ${list}.push(${content});`);
    } else emit.line(`${list}.push(${emit.stored(item.value)});`);
  }
  return list;
}

type FieldEntry = Extract<RecordEntry, { key: string }>;

export function emitRecord(emit: Emit, tree: RecordTree): string {
  const fields = plainFields(tree.entries);
  if (fields !== undefined) return emitPlainRecord(emit, fields);
  const [first, ...rest] = tree.entries;
  const restFields = plainFields(rest);
  if (
    first !== undefined &&
    "spread" in first &&
    restFields !== undefined &&
    !restFields.some((entry) => entry.optional)
  ) {
    const of = emit.atom(emit.boxed(first.spread));
    const values = restFields.map((entry) => [JSON.stringify(entry.key), emit.atom(emit.stored(entry.value))] as const);
    const plain = values.map(([key, value]) => `, ${key}: ${value}`).join("");
    const parts = values.map(([key, value]) => `, [${key}, ${value}]`).join("");
    return `(${emit.ref(isPlainRecord)}(${of}) ? {...${of}${plain}} : ${emit.ref(makeMap)}([[${of}]${parts}]))`;
  }
  return emitMap(emit, tree.entries);
}

/** The entries, when they are only written names that a plain object keeps in order, each once. */
function plainFields(entries: readonly RecordEntry[]): readonly FieldEntry[] | undefined {
  const fields = entries.filter((entry) => "key" in entry).filter((entry) => isPlainName(entry.key));
  const names = new Set(fields.map((entry) => entry.key));
  return names.size === entries.length ? fields : undefined;
}

function emitPlainRecord(emit: Emit, entries: readonly FieldEntry[]): string {
  const optionalAt = entries.findIndex((entry) => entry.optional);
  const written = optionalAt < 0 ? entries : entries.slice(0, optionalAt);
  const literal = `{${written.map((entry) => `${JSON.stringify(entry.key)}: ${emit.stored(entry.value)}`).join(", ")}}`;
  if (optionalAt < 0) return `(${literal})`;
  const record = emit.temp();
  emit.line(`${record} = ${literal};`);
  for (const entry of entries.slice(optionalAt)) {
    const place = `${record}[${JSON.stringify(entry.key)}]`;
    if (entry.optional) {
      const content = emit.atom(emit.maybe(entry.value));
      emit.line(`if (${content} !== undefined) ${place} = ${content};`);
    } else emit.line(`${place} = ${emit.stored(entry.value)};`);
  }
  return record;
}

function emitMap(emit: Emit, entries: readonly RecordEntry[]): string {
  if (!entries.some((entry) => "optional" in entry && entry.optional))
    return `${emit.ref(makeMap)}([${entries.map((entry) => emitPart(emit, entry)).join(", ")}])`;
  const parts = emit.temp();
  emit.line(`${parts} = [];`);
  for (const entry of entries) {
    if ("optional" in entry && entry.optional) {
      const content = emit.atom(emit.maybe(entry.value));
      emit.line(`if (${content} !== undefined) ${parts}.push([${emitKey(emit, entry)}, ${content}]);`);
    } else emit.line(`${parts}.push(${emitPart(emit, entry)});`);
  }
  return `${emit.ref(makeMap)}(${parts})`;
}

function emitPart(emit: Emit, entry: RecordEntry): string {
  if ("spread" in entry) return `[${emit.boxed(entry.spread)}]`;
  return `[${emitKey(emit, entry)}, ${emit.stored(entry.value)}]`;
}

function emitKey(emit: Emit, entry: Exclude<RecordEntry, { spread: unknown }>): string {
  return "key" in entry ? JSON.stringify(entry.key) : emit.boxed(entry.keyExpr);
}
