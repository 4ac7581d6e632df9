/** Which nodes of a stage live by event time, and where each takes its watermark from. Decided once; a stage without any has no plan. */
import type { EdgePlan, NodePlan, RuntimeConfig, SinkPlan } from "../../compiler/contract/runtime-config.ts";
import type { Graph } from "./graph.ts";
import { isProgram } from "./is-program.ts";

export interface TimePlan {
  /** Nodes of the sources from which a window, a chunk or a `dedupe` can be reached. */
  readonly sources: readonly number[];
  /** Of these, the sources whose watermark is followed record by record: something may be due before their end. */
  readonly followed: ReadonlySet<number>;
  /** Something that is due before the end reads the results of a window: watermarks are also held back inside the stage. */
  readonly isChained: boolean;
  /** By node: what it reads. */
  readonly inputs: readonly (readonly TimeInput[])[];
  /** By node: the sources it hangs on where no window's results are in between, else undefined. */
  readonly directSources: readonly (readonly number[] | undefined)[];
}

/** What a window refuses leaves at once, so only its results are held back until it fires. */
export interface TimeInput {
  readonly node: number;
  readonly isResult: boolean;
}

export function timePlanOf(config: RuntimeConfig, { indexByName }: Graph): TimePlan | undefined {
  const { nodes } = config;
  const needing = nodes.flatMap((node, index) => (livesByTime(node) ? [index] : []));
  if (needing.length === 0) return undefined;
  const inputs = nodes.map((node) =>
    node.kind === "source" ? [] : node.from.map((edge) => inputOf(nodes, edge, indexByName)),
  );
  const sources: (readonly number[])[] = [];
  const isBehindWindow: boolean[] = [];
  for (const [index, from] of inputs.entries()) {
    const above = from.flatMap(({ node }) => sources[node]!);
    sources.push(nodes[index]!.kind === "source" ? [index] : [...new Set(above)].sort(byNumber));
    isBehindWindow.push(
      from.some(({ node, isResult }) => isResult || hasUserCode(nodes[node]!) || isBehindWindow[node]!),
    );
  }
  const early = needing.filter((index) => !waitsForEnd(nodes[index]!));
  const firing = early.filter((index) => nodes[index]!.kind !== "sink");
  return {
    sources: [...new Set(needing.flatMap((index) => sources[index]!))].sort(byNumber),
    followed: new Set(early.flatMap((index) => sources[index]!)),
    // A firing that ends a chunk of panes is followed by a carrying of watermarks by itself.
    // What is told of a sink is carried when it is asked for.
    isChained: firing.some(
      (index) => isBehindWindow[index] && (nodes[index]!.kind !== "chunk" || nodes.some(hasUserCode)),
    ),
    inputs,
    directSources: sources.map((each, index) => (isBehindWindow[index] ? undefined : each)),
  };
}

function inputOf(nodes: readonly NodePlan[], edge: EdgePlan, indexByName: ReadonlyMap<string, number>): TimeInput {
  const node = indexByName.get(edge.node)!;
  return { node, isResult: holdsEvents(nodes[node]!) && edge.output === "main" };
}

const byNumber = (left: number, right: number): number => left - right;

/** What goes in comes out later. */
const holdsEvents = (node: NodePlan): boolean => node.kind === "window" || node.kind === "chunk";

function livesByTime(node: NodePlan): boolean {
  if (node.kind === "sink") return tellsWatermarks(node);
  return holdsEvents(node) || (node.kind === "step" && node.operators.some(({ op }) => op === "dedupe"));
}

/** To a topic between stages: who reads it takes its watermark from here. */
export const tellsWatermarks = (sink: SinkPlan): boolean => sink.connector.options.watermarks === true;

/** What comes out of it comes later, and the watermark with it. */
const hasUserCode = (node: NodePlan): boolean => node.kind === "step" && node.operators.some(isProgram);

/** Nothing of it is due before the end of the input. */
function waitsForEnd(node: NodePlan): boolean {
  if (node.kind === "chunk") return !node.window;
  return node.kind === "window" && (node.assign.kind === "global" || node.assign.kind === "count");
}
