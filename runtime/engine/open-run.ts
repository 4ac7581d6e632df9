/** Opens a run: sinks first, then tables, then sources, so that nothing is read before there is a place for it. */
import type { RuntimeConfig, SourcePlan } from "../../compiler/contract/runtime-config.ts";
import type { RecordDecoder } from "../codec/format.ts";
import { decodeJson as parseJson, encodeJson as toJson } from "../codec/json.ts";
import { Throttle } from "../operators/throttle.ts";
import { compileStage, refuseUnsupported } from "./compile-stage.ts";
import type { SourceConnector } from "./connector.ts";
import { graphOf } from "./graph.ts";
import { openOutput } from "./open-output.ts";
import { Progress } from "./progress.ts";
import { loadRunCodecs, type RunCodecs } from "./run-codecs.ts";
import type { Output, RunState } from "./run-state.ts";
import { type SourceLoop, sourceLoop } from "./source-loop.ts";
import { countStride, type Stage } from "./stage-services.ts";
import { readTables, type Table } from "./tables.ts";

/** By source: the decoder of the part that is being read. */
type Decoders = Map<string, { decoder: RecordDecoder }>;

export async function openRun(state: RunState): Promise<Stage> {
  const { config } = state;
  refuseUnsupported(config);
  const codecs = await loadRunCodecs(config);
  const { indexByName } = graphOf(config);
  state.connections.check();
  await openOutputs(state, codecs);
  const decoders: Decoders = new Map();
  const stage = newStage(state, await openTables(state, codecs), decoders);
  state.refusedAt = (node, bad) => {
    const index = indexByName.get(node)!;
    state.counts[countStride * index + 1]!--;
    state.counts[countStride * index + 2]!++;
    stage.refused(index, state.failures.count(bad));
  };
  await openSources(state, stage, codecs, decoders);
  if (state.stopping) state.stop();
  return stage;
}

async function openOutputs(state: RunState, codecs: RunCodecs): Promise<void> {
  const outputs = new Map<string, Output>();
  state.outputs = outputs;
  for (const node of state.config.nodes) {
    if (node.kind === "sink") outputs.set(node.name, await openOutput(state, node, codecs.encoder(node.format)));
  }
  state.progress = new Progress([...outputs.values(), state.deadLetter]);
}

function openTables(state: RunState, codecs: RunCodecs): Promise<ReadonlyMap<string, Table>> {
  return readTables(state.config, {
    open: (plan) => state.connections.openTable(plan.name, plan.connector, plan.format),
    decoder: (plan) => codecs.decoder(plan.format, plan.type),
    parseJson,
    nowMs: () => state.clock.nowMs(),
    bad: (event) => state.deadLetter.put(state.failures.count(event)),
  });
}

function newStage(state: RunState, tables: ReadonlyMap<string, Table>, decoders: Decoders): Stage {
  const { config } = state;
  return compileStage(config, {
    pipeline: config.pipeline,
    current: state.current,
    tables,
    sinks: state.outputs,
    decoders: { get: (name) => entry(decoders, name) },
    counts: state.counts,
    bad: (node, operator, error) => {
      state.counts[countStride * node + 2]!++;
      return state.failures.bad(node, operator, error);
    },
    deadLetter: (bad) => state.deadLetter.put(bad),
    throttle: (_node, count, perMs) =>
      new Throttle(
        count,
        perMs,
        () => state.clock.nowMs(),
        (ms) => state.gate.waitUntil(ms),
      ),
    log: (node, label, data) => state.log.info({ node, label, data: toJson(data) }, "event"),
    parseJson,
    toJson,
  });
}

async function openSources(state: RunState, stage: Stage, codecs: RunCodecs, decoders: Decoders): Promise<void> {
  const intoWindow = sourcesOfWindows(state.config);
  for (const [index, node] of state.config.nodes.entries()) {
    if (node.kind !== "source") continue;
    const source = await state.connections.openSource(node.name, node.connector, node.format);
    const through = intoWindow.has(node.name)
      ? (acknowledge: () => void) => hold(state, source, acknowledge)
      : (acknowledge: () => void) => state.progress.through(acknowledge);
    const newDecoder = () => {
      const decoder = codecs.decoder(node.format, node.type);
      if (decoder !== undefined) entry(decoders, node.name).decoder = decoder;
      return decoder;
    };
    const loop = newLoop(state, stage, source, { node, index, through, newDecoder });
    state.loops.push({ loop, index, waiting: false });
  }
}

interface LoopPlan {
  readonly node: SourcePlan;
  readonly index: number;
  readonly through: (acknowledge: () => void) => void;
  readonly newDecoder: () => RecordDecoder | undefined;
}

function newLoop(state: RunState, stage: Stage, source: SourceConnector, plan: LoopPlan): SourceLoop {
  const { node, index, through, newDecoder } = plan;
  return sourceLoop(source, {
    node: { index, name: node.name, format: node.format },
    taker: { take: stage.sources[node.name]!, bad: (error) => stage.fail(index, 0, error) },
    current: state.current,
    gate: state.gate,
    nowMs: () => state.clock.nowMs(),
    through,
    newDecoder,
  });
}

/** Keeps an acknowledgement until the windows have given what they hold. */
function hold(state: RunState, source: SourceConnector, acknowledge: () => void): void {
  if (source.kind === "messages") {
    if (source.acknowledges !== false) state.held.set({}, acknowledge);
  } else state.held.set(source, acknowledge);
}

/** Names of the sources from which a window can be reached. */
function sourcesOfWindows(config: RuntimeConfig): ReadonlySet<string> {
  const reaches = new Set<string>();
  for (const node of [...config.nodes].reverse()) {
    if (node.kind === "source") continue;
    if (node.kind === "window" || reaches.has(node.name)) for (const edge of node.from) reaches.add(edge.node);
  }
  return reaches;
}

function entry<T>(map: Map<string, { decoder: T }>, name: string): { decoder: T } {
  const found = map.get(name);
  if (found !== undefined) return found;
  const made = {} as { decoder: T };
  map.set(name, made);
  return made;
}
