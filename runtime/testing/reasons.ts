/** Where an event ended, in words: the end of the sentence `'sales at 5s' (line 7): …`. */
import type { NodePlan, RuntimeConfig, WindowPlan } from "../../compiler/contract/runtime-config.ts";
import { decodeJson } from "../codec/json.ts";
import { isRecordValue } from "../operators/records.ts";
import { durationText } from "./duration-text.ts";
import type { TraceEntry, TraceOutput } from "./trace.ts";
import { entriesOf, printValue } from "./values.ts";

/** What an `expect` looks at. */
export interface Target {
  readonly node: number;
  readonly output: TraceOutput;
}

export interface ReasonContext {
  readonly config: RuntimeConfig;
  /** Of the input of a node, now. */
  watermark(node: string): number;
  /** What was taken into a chunk waits in it still. */
  isOpen(entry: TraceEntry): boolean;
}

/** What JSON cannot be read from is shown as it is: a record as it came. */
export function decodeSafely(text: string | undefined): unknown {
  try {
    return decodeJson(text ?? "null");
  } catch {
    return text;
  }
}

/** Undefined when it did not end there. */
export function reasonOf(
  entry: TraceEntry,
  { node: target, output }: Target,
  { config, watermark, isOpen }: ReasonContext,
): string | undefined {
  const node = config.nodes[entry.node]!;
  switch (entry.kind) {
    case "dropped": {
      const operator = node.kind === "step" ? node.operators[entry.index] : undefined;
      return `dropped by '${operator?.op}' of '${node.name}' (${operator?.at})`;
    }
    case "passed_by": {
      if (entry.index < 0) return `refused by its 'where' (${node.at})`;
      const edge = node.kind === "source" ? undefined : node.from[entry.index];
      return edge?.otherwise === true
        ? `not for '${node.name}', which takes what no other 'where' took (${node.at})`
        : `not for '${node.name}', whose 'where' is false (${node.at})`;
    }
    case "gave":
      if (entry.output === output && entry.node === target) return undefined;
      if (entry.output === "errors") return errorReason(entry, node);
      if (entry.output === "late") return lateReason(entry, node);
      return output === "errors" && entry.node === target ? `no error: '${node.name}' gave ${shown(entry)}` : undefined;
    case "grouped":
      if (node.kind === "chunk") return isOpen(entry) ? openChunk(entry, node) : undefined;
      return output === "late" && entry.node === target
        ? `in time for ${windowText(entry)}${watermarkText(entry.watermarkMs, ", as the watermark was at")}`
        : openReason(entry, node, watermark(node.name));
    default:
      return undefined;
  }
}

function errorReason(entry: TraceEntry, node: NodePlan): string {
  const bad = decodeSafely(entry.text);
  const [reason, at] = isRecordValue(bad)
    ? ["reason", "at"].map((name) => String(entriesOf(bad).find(([field]) => field === name)?.[1] ?? ""))
    : ["", ""];
  return `gone to '${node.name}.errors': ${reason} (${at})`;
}

function lateReason({ timeMs = 0, watermarkMs = Number.NaN }: TraceEntry, node: NodePlan): string {
  const closed = node.kind === "window" ? closedMs(node, timeMs) : undefined;
  const by = closed !== undefined && watermarkMs > closed ? ` by ${durationText(watermarkMs - closed)}` : "";
  return `too late for the window '${node.name}'${by}${watermarkText(watermarkMs, ", as the watermark was at")}`;
}

const watermarkText = (ms = Number.NaN, words: string): string =>
  Number.isFinite(ms) ? `${words} ${durationText(ms)}` : "";

/** When the last window that an event of this time belongs to is freed. */
function closedMs({ assign, latenessMs }: WindowPlan, timeMs: number): number | undefined {
  if (assign.kind === "session") return timeMs + assign.gapMs + latenessMs;
  if (assign.kind !== "fixed" && assign.kind !== "sliding") return undefined;
  const everyMs = assign.kind === "fixed" ? assign.sizeMs : assign.everyMs;
  const startMs = Math.floor((timeMs - assign.offsetMs) / everyMs) * everyMs + assign.offsetMs;
  return startMs + assign.sizeMs + latenessMs;
}

function openReason(entry: TraceEntry, node: NodePlan, watermarkMs: number): string | undefined {
  if (entry.window === undefined || watermarkMs >= entry.window.endMs) return undefined;
  const at = watermarkText(watermarkMs, "the watermark is at") || "there is no watermark yet";
  return `in ${windowText(entry)} of '${node.name}', which is still open: ${at}`;
}

function openChunk({ text }: TraceEntry, node: NodePlan): string {
  const key = text === undefined || text === "null" ? "" : ` of ${text}`;
  return `in a chunk${key} of '${node.name}', which is still open`;
}

/** `the window of "a" [0s, 1m)`. */
function windowText({ window, text }: TraceEntry): string {
  const key = text === undefined || text === "null" ? "" : ` of ${text}`;
  const isBounded = window !== undefined && Number.isFinite(window.startMs);
  return `the window${key}${isBounded ? ` [${timeText(window.startMs)}, ${timeText(window.endMs)})` : ""}`;
}

const shown = ({ text }: TraceEntry): string => printValue(decodeSafely(text));

/** From the test's start where it is near that. */
const timeText = (ms: number): string =>
  Math.abs(ms) < 10_000_000_000 ? durationText(ms) : new Date(ms).toISOString();
