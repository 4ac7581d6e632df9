/** Constants, variables and the steps between representations: raw data, kinds, `any`. */
import type { ConstTree, Kind, VarTree } from "../../../compiler/contract/expr-tree.ts";
import { coercions } from "../coerce.ts";
import { toInt } from "../numbers.ts";
import { bytesFromBase64 } from "../values/bytes.ts";
import { boxDouble } from "../values/double.ts";
import { durationOfNanos } from "../values/duration.ts";
import { Optional } from "../values/optional.ts";
import { parseTimestamp } from "../values/timestamp.ts";
import { TypeValue } from "../values/type-value.ts";
import { toUint } from "../values/uint.ts";
import type { Emit } from "./context.ts";
import { isAtom } from "./names.ts";

export function emitConst(emit: Emit, tree: ConstTree): string {
  const text = String(tree.value);
  switch (tree.kind) {
    case "null":
      return "null";
    case "bool":
      return tree.value === true ? "true" : "false";
    case "int":
      return intText(BigInt(text));
    case "double":
      return doubleText(Number(tree.value));
    case "string":
      return JSON.stringify(text);
    case "uint":
      return emit.ref(toUint(BigInt(text)));
    case "bytes":
      return emit.ref(bytesFromBase64(text));
    case "timestamp":
      return emit.ref(parseTimestamp(text));
    case "duration":
      return emit.ref(durationOfNanos(BigInt(text)));
    case "type":
      return emit.ref(new TypeValue(text));
    default:
      return emitAnyConst(tree.value);
  }
}

function emitAnyConst(value: ConstTree["value"]): string {
  return typeof value === "number" ? doubleText(value) : JSON.stringify(value);
}

function intText(value: bigint): string {
  const int = toInt(value);
  const text = typeof int === "bigint" ? `${int}n` : String(int);
  return value < 0n ? `(${text})` : text;
}

function doubleText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (Object.is(value, -0)) return "(-0)";
  return value < 0 ? `(${value})` : String(value);
}

export function emitVariable(emit: Emit, tree: VarTree): string {
  const local = emit.local(tree.name);
  const js = local?.js ?? emit.environment.variable(tree.name);
  if (local?.form === "maybe") return `${emit.ref(Optional.of)}(${js})`;
  return local === undefined || local.form === "raw"
    ? fromRaw(emit, js, tree.kind)
    : convert(emit, js, local.form, tree.kind);
}

/** JavaScript types that settle a kind by themselves. */
const typeofByKind: Partial<Record<Kind, string>> = {
  int: "number",
  double: "number",
  string: "string",
  bool: "boolean",
};

/**
 * From data to the representation of a kind. Records, maps and `any` stay as they are: whoever uses them looks.
 * @param js evaluated once
 */
export function fromRaw(emit: Emit, js: string, kind: Kind): string {
  if (kind === "any" || kind === "record" || kind === "map" || kind === "null") return js;
  const slow = emit.ref(coercions[kind]);
  const jsType = typeofByKind[kind];
  if (jsType === undefined && kind !== "list") return `${slow}(${js})`;
  const [first, again] = twice(emit, js);
  const test = kind === "list" ? `Array.isArray(${first})` : `typeof ${first} === "${jsType}"`;
  return `(${test} ? ${again} : ${slow}(${again}))`;
}

/** The text for a first use, which may assign, and for later uses. */
export function twice(emit: Emit, js: string): readonly [string, string] {
  if (isAtom(js)) return [js, js];
  const temp = emit.temp();
  return [`(${temp} = ${js})`, temp];
}

export function convert(emit: Emit, js: string, from: Kind, to: Kind): string {
  if (from === to) return js;
  if (from === "double" && to !== "record" && to !== "map") return boxed(emit, js);
  if (to === "any" || from === "null" || (isMapKind(from) === isMapKind(to) && isMapKind(from))) return js;
  if (from === "int" && to === "double") return `(Number(${js}) + 0)`;
  return from === "any" ? `${emit.ref(coercions[to])}(${js})` : js;
}

function isMapKind(kind: Kind): boolean {
  return kind === "record" || kind === "map";
}

function boxed(emit: Emit, js: string): string {
  const number = Number(js.replace(/^\((.*)\)$/, "$1"));
  if (/^\(?-?[\d.]+\)?$/.test(js)) {
    const constant = boxDouble(number);
    return typeof constant === "number" ? js : emit.ref(constant);
  }
  return `${emit.ref(boxDouble)}(${js})`;
}
