/** What the extension and the page of the graph say to each other. Both look over what they hear: neither trusts the other. */
import { type Graph, graphOf, isRecord } from "./graph-data.ts";

export type ToPage =
  | { readonly type: "graph"; readonly graph: Graph; readonly pinned: boolean }
  /** The node that the cursor is in. */
  | { readonly type: "current"; readonly name: string | undefined }
  | { readonly type: "pinned"; readonly pinned: boolean }
  /** There is nothing to draw, and why. */
  | { readonly type: "nothing"; readonly reason: string };

/** A thing in the picture, by name: the page knows no places. */
export type Target =
  | { readonly kind: "node"; readonly name: string }
  | { readonly kind: "edge"; readonly id: string }
  /** A problem of a node, or one that lies in none. */
  | { readonly kind: "problem"; readonly name: string | undefined; readonly index: number };

export type FromPage =
  | { readonly type: "ready" }
  /** `focus`: the editor takes the keyboard. */
  | { readonly type: "reveal"; readonly target: Target; readonly focus: boolean }
  | { readonly type: "pin"; readonly pinned: boolean };

export function toPageOf(value: unknown): ToPage | undefined {
  if (!isRecord(value)) return undefined;
  if (value.type === "graph") {
    const graph = graphOf(value.graph);
    return graph && { type: "graph", graph, pinned: value.pinned === true };
  }
  if (value.type === "current")
    return { type: "current", name: typeof value.name === "string" ? value.name : undefined };
  if (value.type === "pinned") return { type: "pinned", pinned: value.pinned === true };
  if (value.type === "nothing" && typeof value.reason === "string") return { type: "nothing", reason: value.reason };
  return undefined;
}

export function fromPageOf(value: unknown): FromPage | undefined {
  if (!isRecord(value)) return undefined;
  if (value.type === "ready") return { type: "ready" };
  if (value.type === "pin" && typeof value.pinned === "boolean") return { type: "pin", pinned: value.pinned };
  if (value.type !== "reveal" || typeof value.focus !== "boolean") return undefined;
  const target = targetOf(value.target);
  return target && { type: "reveal", target, focus: value.focus };
}

function targetOf(value: unknown): Target | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, name, id, index } = value;
  if (kind === "node" && typeof name === "string") return { kind, name };
  if (kind === "edge" && typeof id === "string") return { kind, id };
  if (kind === "problem" && typeof index === "number" && Number.isInteger(index) && index >= 0)
    return { kind, name: typeof name === "string" ? name : undefined, index };
  return undefined;
}

/** What VS Code keeps of the page over a reload. */
export interface Kept {
  readonly uri: string;
  readonly pinned: boolean;
}

export function keptOf(value: unknown): Kept | undefined {
  if (!isRecord(value) || typeof value.uri !== "string") return undefined;
  return { uri: value.uri, pinned: value.pinned === true };
}
