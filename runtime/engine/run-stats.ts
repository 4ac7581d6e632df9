/** What a run has counted, node by node. */
import type { NodePlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { timestampOfMillis } from "../expr/values/timestamp.ts";
import type { ReasonCount } from "./failures.ts";
import type { RunState } from "./run-state.ts";
import type { SourceLoop } from "./source-services.ts";
import { countStride } from "./stage-services.ts";

export interface NodeStats {
  readonly node: string;
  readonly kind: "source" | "step" | "window" | "chunk" | "sink";
  readonly eventsIn: number;
  readonly eventsOut: number;
  readonly errors: number;
  /** Of sources and sinks. */
  readonly bytes?: number;
  /** Taken by no sink, or by no program, because its `retry … else drop` said so. */
  readonly dropped?: number;
  readonly retries?: number;
  /** Of windows: events not taken, once for each window they belonged to: it had expired, or had given its last pane. */
  readonly late?: {
    readonly lateness: number;
    readonly closedWindow: number;
    /** Names of the nodes that they went to; none: they are gone. */
    readonly readers: readonly string[];
  };
  /** Of windows: keys in windows that are held; of chunks: chunks that are open. */
  readonly open?: number;
  /** Of sources and windows that live by event time, RFC 3339: up to where all events are there. null: nothing came yet, or everything. */
  readonly watermark?: string | null;
  /** Of sources: events whose time is further in the future than is believed. */
  readonly ahead?: number;
}

export interface RunStats {
  readonly elapsedMs: number;
  readonly nodes: readonly NodeStats[];
  readonly badEvents: number;
  /** Bad events that went to the dead letter, not to a reader of `errors`. */
  readonly deadLetters: number;
}

export interface RunSummary extends RunStats {
  readonly reasons: readonly ReasonCount[];
  readonly stopped: boolean;
  /** An earlier run of the same state had come to the end: nothing was done. */
  readonly wasFinished?: boolean;
}

/** Cheap: may be called at any time. */
export function runStats(state: RunState, elapsedMs: number): RunStats {
  const loopByIndex = new Map(state.loops.map((entry) => [entry.index, entry.loop]));
  const nodes = state.config.nodes.map((node, index) => nodeStats(state, node, index, loopByIndex.get(index)));
  return { elapsedMs, nodes, badEvents: state.failures.total, deadLetters: state.deadLetter.count };
}

function nodeStats(state: RunState, node: NodePlan, index: number, loop?: SourceLoop): NodeStats {
  const { outputs, counts } = state;
  const output = node.kind === "sink" ? outputs.get(node.name) : undefined;
  const counted = counts[countStride * index] ?? 0;
  return {
    node: node.name,
    kind: node.kind,
    // Of a source the first count is of records that were no event: blank lines, the header of a csv.
    eventsIn: loop === undefined ? counted : loop.events - counted,
    eventsOut: (counts[countStride * index + 1] ?? 0) - (output?.droppedRecords ?? 0),
    errors: counts[countStride * index + 2] ?? 0,
    ...(loop === undefined ? {} : { bytes: loop.bytes }),
    ...(output === undefined
      ? {}
      : { bytes: output.takenBytes, dropped: output.droppedRecords, retries: output.retries }),
    ...(state.ports?.statsOf(index) ?? {}),
    ...timeStats(state, index),
  };
}

function timeStats(
  { time, config }: RunState,
  index: number,
): Pick<NodeStats, "late" | "open" | "watermark" | "ahead"> {
  if (time === undefined) return {};
  const window = time.windows[index];
  if (window !== undefined)
    return {
      ...(config.nodes[index]?.kind === "window"
        ? { late: { ...window.dropped, readers: lateReaders(config, index) } }
        : {}),
      open: window.openCells,
      watermark: instantText(time.inputWatermarks[index]!),
    };
  if (!time.plan.followed.has(index)) return {};
  return { watermark: instantText(time.ownWatermark(index)), ahead: time.aheadEvents[index]! };
}

function lateReaders({ nodes }: RuntimeConfig, index: number): readonly string[] {
  const name = nodes[index]?.name;
  const reads = (node: NodePlan) =>
    node.kind !== "source" && node.from.some((edge) => edge.node === name && edge.output === "late");
  return nodes.filter(reads).map((node) => node.name);
}

const instantText = (ms: number): string | null => (Number.isFinite(ms) ? timestampOfMillis(ms).toString() : null);
