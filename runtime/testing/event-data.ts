/** The data of a test's event as a record of its source. `at 5s` fills the fields that the source's `time` reads and the test left out. */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import type { SourcePlan } from "../../compiler/contract/runtime-config.ts";
import { encodeJson } from "../codec/json.ts";
import { childrenOf } from "../engine/tree.ts";
import { timestampOfMillis } from "../expr/values/timestamp.ts";
import { getField, isRecordValue, withField } from "../operators/records.ts";

/** A field that gives the event's time, and how a time is written in it. */
export interface TimeField {
  readonly path: readonly string[];
  readonly unit: "text" | "milliseconds" | "seconds";
}

/** The fields of `data` that the `time` clause reads. */
export function timeFields(plan: SourcePlan): readonly TimeField[] {
  const found: TimeField[] = [];
  const visit = (tree: ExprTree, unit: TimeField["unit"]): void => {
    const path = pathOf(tree);
    if (path !== undefined && path.length > 0) found.push({ path, unit });
    else for (const child of childrenOf(tree)) visit(child, unitBelow(tree));
  };
  if (plan.time !== undefined) visit(plan.time, "text");
  return found;
}

/** `data.a.b` → `["a", "b"]`; `data` → `[]`. */
function pathOf(tree: ExprTree): readonly string[] | undefined {
  if (tree.op === "var") return tree.name === "data" ? [] : undefined;
  if (tree.op === "dyn") return pathOf(tree.of);
  if (tree.op !== "select") return undefined;
  const path = pathOf(tree.of);
  return path && [...path, tree.field];
}

function unitBelow(tree: ExprTree): TimeField["unit"] {
  if (tree.op !== "call" || !tree.args.some((arg) => arg.kind === "int")) return "text";
  return tree.fn === "timestampMillis" ? "milliseconds" : tree.fn === "timestamp" ? "seconds" : "text";
}

export function withTime(data: unknown, fields: readonly TimeField[], timeMs: number): unknown {
  return fields.reduce((filled, { path, unit }) => withValue(filled, path, timeValue(unit, timeMs)), data);
}

function timeValue(unit: TimeField["unit"], timeMs: number): unknown {
  if (unit === "milliseconds") return timeMs;
  return unit === "seconds" ? Math.floor(timeMs / 1000) : timestampOfMillis(timeMs).toString();
}

/** Leaves what is there. */
function withValue(data: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return data === undefined || data === null ? value : data;
  if (data !== undefined && !isRecordValue(data)) return data;
  const record = data ?? {};
  return withField(record, name, withValue(getField(record, name), rest, value));
}

const encoder = new TextEncoder();

/** @throws Error when the source's format has no place for such data */
export function recordBytes(data: unknown, plan: SourcePlan): Uint8Array {
  const format = plan.format.type;
  if (format === "bytes" && data instanceof Uint8Array) return data;
  if (format !== "lines" && format !== "text" && format !== "bytes") return encoder.encode(encodeJson(data));
  if (typeof data !== "string")
    throw new Error(`'${plan.name}' has the format '${format}': its data is a string, such as "to be".`);
  return encoder.encode(data);
}
