/** Why an expected event is not there, as far as the trace of the test's events tells: where each of them ended on its way to the node. */
import type { EdgePlan, NodePlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { EventStep, ExpectStep } from "../../compiler/contract/test-plan.ts";
import { isRecordValue } from "../operators/records.ts";
import { durationText } from "./duration-text.ts";
import { decodeSafely, reasonOf } from "./reasons.ts";
import type { Recorder } from "./recorder.ts";
import { rootOf, type TraceEntry, walk } from "./trace.ts";
import { entriesOf, numberOf } from "./values.ts";

export interface ExplainContext {
  readonly config: RuntimeConfig;
  readonly recorder: Recorder;
  /** The test's events by the position of their record. */
  readonly events: ReadonlyMap<string, EventStep>;
  /** By node. */
  watermark(node: string): number;
}

/** Reasons that are shown; the rest is counted. */
const shownReasons = 3;

export function whyMissing(step: ExpectStep, expected: unknown, context: ExplainContext): readonly string[] {
  const { config, recorder } = context;
  const target = config.nodes.findIndex((node) => node.name === step.node);
  if (target < 0) return [];
  const onTheWay = ancestorsOf(target, config);
  const roots = recorder.roots.filter((root) => onTheWay.has(root.node));
  if (roots.length === 0) return [noEvent(onTheWay, config)];
  const wanted = new Set(scalarsIn(expected));
  const ends = roots.flatMap((root) => endsOf(root, target, step, wanted, onTheWay, context));
  const best = ends.reduce((most, { score }) => Math.max(most, score), 0);
  const eventsByReason = new Map<string, string[]>();
  // Of a hundred events, those that have most in common with what is expected.
  for (const { reason, event } of ends.filter((end) => end.score === best))
    eventsByReason.set(reason, [...(eventsByReason.get(reason) ?? []), event]);
  const lines = [...eventsByReason].map(([reason, events]) => `${listed(events)}: ${reason}`);
  const rest = lines.length - shownReasons;
  return rest > 0 ? [...lines.slice(0, shownReasons), `and ${rest} more`] : lines;
}

/** The test's event that an event came of; of a result of a window, the window. */
export function originOf(entry: TraceEntry, context: ExplainContext): string | undefined {
  const root = rootOf(entry);
  return root === entry ? undefined : eventText(root, context);
}

/** The node and all that it hangs on. */
function ancestorsOf(target: number, { nodes }: RuntimeConfig): ReadonlySet<number> {
  const found = new Set<number>();
  const open = [target];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (found.has(index)) continue;
    found.add(index);
    for (const edge of edgesOf(nodes[index])) open.push(nodes.findIndex((node) => node.name === edge.node));
  }
  return found;
}

const edgesOf = (node: NodePlan | undefined): readonly EdgePlan[] =>
  node === undefined || node.kind === "source" ? [] : node.from;

function noEvent(onTheWay: ReadonlySet<number>, { nodes }: RuntimeConfig): string {
  const sources = [...onTheWay].flatMap((index) => (nodes[index]?.kind === "source" ? [`'${nodes[index].name}'`] : []));
  return `no event has come to ${sources.join(" or ")} yet`;
}

/** Values that are neither record nor list; a text's words count too. */
function scalarsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(scalarsIn);
  if (isRecordValue(value)) return entriesOf(value).flatMap(([, item]) => scalarsIn(item));
  if (typeof value === "string") return [value, ...value.split(/\s+/)];
  const number = numberOf(value);
  return number === undefined ? [] : [`number ${number}`];
}

const eventText = (root: TraceEntry, { events, config }: ExplainContext): string => {
  if (root.kind !== "record") return `a result of '${config.nodes[root.node]?.name}'`;
  const step = events.get(root.position ?? "");
  return step === undefined ? "an event" : `'${step.source} at ${durationText(step.timeMs)}' (line ${step.place.line})`;
};

function listed(events: readonly string[]): string {
  const unique = [...new Set(events)];
  return unique.length <= 3 ? unique.join(", ") : `${unique.slice(0, 2).join(", ")} and ${unique.length - 2} more`;
}

// Where an event ended

interface End {
  readonly reason: string;
  readonly event: string;
  /** How much it has in common with what is expected. */
  readonly score: number;
}

/** Where an event, or each element of it, ended. Of one that came through in part only what is like the expected. */
function endsOf(
  root: TraceEntry,
  target: number,
  { output }: ExpectStep,
  wanted: ReadonlySet<string>,
  onTheWay: ReadonlySet<number>,
  context: ExplainContext,
): readonly End[] {
  const entries = [...walk(root)].filter((entry) => onTheWay.has(entry.node));
  const cameThrough = entries.some(
    (entry) => entry.kind === "gave" && entry.node === target && entry.output === output,
  );
  const event = eventText(root, context);
  return entries.flatMap((entry) => {
    const { config, watermark, recorder } = context;
    const isOpen = (one: TraceEntry) => recorder.isOpen(one);
    const reason = reasonOf(entry, { node: target, output }, { config, watermark, isOpen });
    if (reason === undefined) return [];
    const own = inCommon(wanted, lastData(entry));
    if (cameThrough && own === 0) return [];
    return [{ reason, event, score: own * 1000 + inCommon(wanted, root.text) }];
  });
}

/** What the event was when it ended. */
function lastData(entry: TraceEntry): string | undefined {
  for (let at = entry.parent; at !== undefined; at = at.parent) if (at.text !== undefined) return at.text;
  return undefined;
}

function inCommon(wanted: ReadonlySet<string>, text: string | undefined): number {
  const found = new Set(scalarsIn(decodeSafely(text)));
  return [...wanted].filter((value) => found.has(value)).length;
}
