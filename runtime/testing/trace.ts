/** What a probe has seen, as trees: the way of a record, and the way of each result of a window. */
import type { EdgePlan } from "../../compiler/contract/runtime-config.ts";

export type TraceOutput = EdgePlan["output"];

export interface TraceEntry {
  readonly kind: "record" | "came" | "passed_by" | "passed" | "dropped" | "grouped" | "gave";
  /** Of its node among those of the plan. */
  readonly node: number;
  /** Of the input for `came` and `passed_by`, of the operator for `passed` and `dropped`. */
  readonly index: number;
  readonly parent: TraceEntry | undefined;
  readonly children: TraceEntry[];
  /** `gave`. */
  readonly output?: TraceOutput;
  /** JSON: data after an operator or as given; the key of a group. */
  readonly text?: string;
  /** `gave`: of the event. */
  readonly timeMs?: number;
  /** `grouped`, `gave` of `late`: by which it was judged. */
  readonly watermarkMs?: number;
  /** `record`. */
  readonly position?: string;
  /** `grouped`. */
  readonly window?: { readonly startMs: number; readonly endMs: number };
}

export function rootOf(entry: TraceEntry): TraceEntry {
  let root = entry;
  while (root.parent !== undefined) root = root.parent;
  return root;
}

/** The entry and everything below it, in the order of things. */
export function* walk(entry: TraceEntry): Generator<TraceEntry> {
  yield entry;
  for (const child of entry.children) yield* walk(child);
}
