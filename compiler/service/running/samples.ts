/**
 * The records that a source or table has when a pipeline runs in the editor: what stands in the file itself, else a local file, else made up from
 * its type. Nothing else is ever read: no network, no secret.
 */
import type { TypeTable, ValueType } from "../../contract/value-type.ts";
import type { ModelNode } from "../../semantics/model.ts";
import type { Analysis, Workspace } from "../workspace.ts";
import { madeUp } from "./made-up.ts";

export interface Samples {
  readonly node: string;
  readonly from: "memory" | "generate" | "file" | "made up";
  /** The file that was read. */
  readonly path?: string;
  /** Absent for what the node's own options hold. */
  readonly records?: readonly string[];
  /** The records are in the node's own format; else JSON, or texts where the format has texts. */
  readonly isRaw: boolean;
}

export interface SampleLimits {
  /** Records of a file. */
  readonly most: number;
  /** Records that are made up. */
  readonly madeUp: number;
}

export function samplesOf(ws: Workspace, analysis: Analysis, node: ModelNode, limits: SampleLimits): Samples {
  const { name, connector } = node;
  const type = connector?.row.name;
  if (type === "memory" && connector?.options.has("events")) return { node: name, from: "memory", isRaw: false };
  if (type === "generate") return { node: name, from: "generate", isRaw: false };
  return (
    fromOwnFile(ws, node, limits.most) ??
    fromSampleOfType(ws, analysis, node, limits.most) ??
    invented(analysis, node, limits)
  );
}

/** A `file` without a glob and not compressed. */
function fromOwnFile(ws: Workspace, node: ModelNode, most: number): Samples | undefined {
  const path = node.connector?.row.name === "file" ? node.connector.options.get("path")?.value : undefined;
  if (typeof path !== "string" || /[*?[\]{}]|\.gz$|^-$/.test(path)) return undefined;
  return fromFile(ws, ws.host.resolve(node.file, path), node, true, most);
}

/** `type Order from sample("orders.ndjson")`. */
function fromSampleOfType(ws: Workspace, { sources }: Analysis, node: ModelNode, most: number): Samples | undefined {
  const { declaredType } = node;
  if (declaredType?.kind !== "ref") return undefined;
  for (const file of sources.keys()) {
    for (const declaration of ws.tree(file).declarations) {
      if (declaration.kind !== "type" || declaration.name.text !== declaredType.name) continue;
      const { definition } = declaration;
      if (definition.kind === "from" && definition.from === "sample" && definition.path.kind === "string")
        return fromFile(ws, ws.host.resolve(file, definition.path.value), node, false, most);
    }
  }
  return undefined;
}

/** A longer text is not looked at whole. */
const longestText = 1_000_000;

function fromFile(ws: Workspace, path: string, node: ModelNode, isOwn: boolean, most: number): Samples | undefined {
  const text = ws.host.readFile(path)?.slice(0, longestText);
  if (text === undefined) return undefined;
  const format = isOwn ? node.format.row.name : "json";
  const records =
    format === "text" || format === "bytes" ? [text] : format === "json" ? jsonRecords(text) : lines(text);
  const isRaw = format === "csv" || format === "cloudevents";
  return { node: node.name, from: "file", path, records: records.slice(0, most + (format === "csv" ? 1 : 0)), isRaw };
}

const lines = (text: string): readonly string[] => text.split(/\r?\n/).filter((line) => line.trim() !== "");

/** Newline-delimited, one list, or one record over several lines. */
function jsonRecords(text: string): readonly string[] {
  if (!/^\s*[[{]\s*\n|^\s*\[/.test(text)) return lines(text);
  try {
    const whole: unknown = JSON.parse(text);
    return (Array.isArray(whole) ? whole : [whole]).map((one) => JSON.stringify(one));
  } catch {
    return lines(text);
  }
}

const textFormats: ReadonlySet<string> = new Set(["lines", "text", "bytes"]);

function invented({ model }: Analysis, node: ModelNode, limits: SampleLimits): Samples {
  const isText = textFormats.has(node.format.row.name);
  const type = node.declaredType ?? node.inputType;
  const records = Array.from({ length: limits.madeUp }, (_, i) =>
    isText ? `${node.name} ${i + 1}` : JSON.stringify(madeUp(type, model.types, i)),
  );
  return {
    node: node.name,
    from: "made up",
    records: saysNothing(type, model.types) && !isText ? [] : records,
    isRaw: false,
  };
}

/** Nothing is known of such a record. */
function saysNothing(type: ValueType, types: TypeTable): boolean {
  const whole = type.kind === "ref" ? (types[type.name] ?? type) : type;
  return whole.kind === "any" || whole.kind === "unknown";
}
