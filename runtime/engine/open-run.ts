/** Opens a run: sinks first, then tables, then sources, so that nothing is read before there is a place for it. */
import type { NodePlan, RuntimeConfig, SourcePlan } from "../../compiler/contract/runtime-config.ts";
import type { RecordDecoder } from "../codec/format.ts";
import { decodeJson as parseJson, encodeJson as toJson } from "../codec/json.ts";
import { Throttle } from "../operators/throttle.ts";
import type { SpillPlan } from "../windows/spill.ts";
import type { Kept } from "./checkpoints.ts";
import { compileStage } from "./compile-stage.ts";
import type { RecordSource, SourceConnector } from "./connector.ts";
import { graphOf } from "./graph.ts";
import { isProgram } from "./is-program.ts";
import { keepCounts, keepTime, openCheckpoints, tellRepeats } from "./keep-state.ts";
import { deadLetterFormat, deadLetterState, openOutput } from "./open-output.ts";
import type { Output } from "./output.ts";
import { ProcessingTimers } from "./processing-timers.ts";
import { Progress } from "./progress.ts";
import { reachedBy } from "./reached-by.ts";
import { TableRefresher } from "./refresh-tables.ts";
import { loadRunCodecs, type RunCodecs } from "./run-codecs.ts";
import { runMeanwhile } from "./run-meanwhile.ts";
import type { LoopEntry, RunState } from "./run-state.ts";
import { SourceChannels } from "./source-channels.ts";
import { sourceLoop } from "./source-loop.ts";
import type { SourceLoop, SourceServices } from "./source-services.ts";
import { countStride, type Stage } from "./stage-services.ts";
import { readTables, type Table, type TableServices } from "./tables.ts";
import { roundLength } from "./turn-order.ts";

/** By source: the decoder of the part that is being read. */
type Decoders = Map<string, { decoder: RecordDecoder }>;

/** Undefined when an earlier run of the same state had come to the end of all input. */
export async function openRun(state: RunState): Promise<Stage | undefined> {
  const { config } = state;
  if (config.nodes.some((node) => node.kind === "step" && node.operators.some(isProgram))) {
    const { Ports } = await import("./ports/ports.ts");
    state.ports = new Ports(state, state.openUserCode);
  }
  const codecs = await loadRunCodecs(config);
  const { indexByName } = graphOf(config);
  state.connections.check();
  openCheckpoints(state);
  keepCounts(state);
  state.probe?.begin(config, state.current);
  const { checkpoints } = state;
  if (checkpoints?.phase === "done") return undefined;
  await openOutputs(state, codecs);
  if (checkpoints?.phase === "ending") return undefined;
  const decoders: Decoders = new Map();
  const stage = newStage(state, await openTables(state, codecs), decoders);
  state.refusedAt = (node, bad, stands) => {
    const index = indexByName.get(node)!;
    state.counts[countStride * index + 1]!--;
    state.counts[countStride * index + 2]!++;
    // It is an event of its own: not the one that is being worked on now.
    const origin = { position: () => bad.position, text: () => bad.text ?? "", pane: undefined };
    const nowMs = state.clock.nowMs();
    const outer = state.current.enter(index, node, origin, nowMs);
    if (stands !== undefined) {
      // It keeps its key and headers.
      state.current.records = stands.block;
      state.current.record = stands.record;
      state.current.timeMs = stands.block.timestamps[stands.record]!;
    }
    stage.refused(index, state.failures.count(bad), nowMs);
    state.current.leave(outer);
  };
  openTime(state, stage);
  await state.ports?.open();
  keepTime(state);
  await openSources(state, stage, codecs, decoders);
  // From now on it is known where each output is to be cut back to.
  await checkpoints?.take();
  tellRepeats(state);
  if (state.stopping) state.stop();
  return stage;
}

function openTime(state: RunState, { time }: Stage): void {
  state.time = time;
  if (time === undefined || !state.config.nodes.some(waitsForProcessingTime)) return;
  state.timers = new ProcessingTimers(time, {
    clock: state.clock,
    mustWait: () => isPaused(state) || state.deadLetter.isFull || state.checkpoints?.isBusy === true,
    failed: (error) => state.fail(error),
    woke: () => state.wake(),
  });
}

/** Windows stop giving results. */
function isPaused({ gates, clock }: RunState, node = -1): boolean {
  return gates.isFullBehind(node) || gates.windows.heldMs(clock) > 0;
}

function waitsForProcessingTime(node: NodePlan): boolean {
  if (node.kind === "chunk") return node.everyMs !== undefined;
  return node.kind === "window" && JSON.stringify(node.trigger).includes('"after_processing_time"');
}

async function openOutputs(state: RunState, codecs: RunCodecs): Promise<void> {
  const outputs = new Map<string, Output>();
  state.outputs = outputs;
  for (const node of state.config.nodes) {
    if (node.kind === "sink") outputs.set(node.name, await openOutput(state, node, codecs.encoder(node.format)));
  }
  state.progress = new Progress();
  for (const [index, { name }] of state.config.nodes.entries()) {
    const output = outputs.get(name);
    if (output !== undefined) state.progress.heldBy(index, output);
  }
  state.progress.heldBy(Number.POSITIVE_INFINITY, state.deadLetter);
  const { errors } = state.config;
  if (errors.policy === "dead_letter" && errors.connector !== undefined)
    await state.connections.checkSink("dead_letter", errors.connector, deadLetterFormat);
  const deadLetter = state.checkpoints?.saved(deadLetterState);
  if (deadLetter !== undefined) await state.deadLetter.reopen();
}

async function openTables(state: RunState, codecs: RunCodecs): Promise<ReadonlyMap<string, Table>> {
  if (state.tables !== undefined) return state.tables;
  const services: TableServices = {
    open: (plan) => state.connections.openTable(plan.name, plan.connector, plan.format),
    decoder: (plan) => codecs.decoder(plan.format, plan.type),
    parseJson,
    nowMs: () => state.clock.nowMs(),
    bad: (event) => {
      // A run that goes on has told of it already.
      if (state.checkpoints?.saved("counts") === undefined) state.deadLetter.put(state.failures.count(event));
    },
  };
  const tables = await readTables(state.config, services);
  const { clock, log } = state;
  if (state.config.tables.some(({ refreshMs }) => refreshMs !== undefined))
    state.refresher = new TableRefresher(state.config, tables, { clock, log, tables: services });
  return tables;
}

function newStage(state: RunState, tables: ReadonlyMap<string, Table>, decoders: Decoders): Stage {
  const { config } = state;
  const graph = graphOf(config);
  return compileStage(config, {
    pipeline: config.pipeline,
    current: state.current,
    tables,
    refreshed: state.refresher?.holders,
    sinks: state.outputs,
    decoders: { get: (name) => decoderOf(decoders, name) },
    counts: state.counts,
    bad: (node, operator, error) => {
      state.counts[countStride * node + 2]!++;
      return state.failures.bad(node, operator, error);
    },
    deadLetter: (bad) => state.deadLetter.put(bad, state.current),
    probe: state.probe,
    throttle: (node, count, perMs) => {
      const { sources, windows, programs } = reachedBy(node, config, graph);
      const gates = [
        ...[...sources, ...programs].map((source) => state.gates.of(source)),
        ...(windows ? [state.gates.windows] : []),
      ];
      const holdBack = (ms: number) => {
        for (const gate of gates) gate.waitUntil(ms);
      };
      return new Throttle(count, perMs, () => state.clock.elapsedMs(), holdBack);
    },
    nowMs: () => state.clock.nowMs(),
    isPaused: (node) => isPaused(state, node),
    port: (node, plan, operator) => state.ports!.of(node, plan, operator),
    hold: (node, taking) => state.progress.heldBy(node, taking),
    spill: spillPlan(state),
    gates: state.gates,
    log: (node, label, data) => state.log.info({ node, label, data: toJson(data) }, "event"),
    parseJson,
    toJson,
  });
}

/** Each window has an equal part of what may be in memory. */
function spillPlan(state: RunState): SpillPlan | undefined {
  const { spill, config } = state;
  const windows = config.nodes.filter(({ kind }) => kind === "window").length;
  return spill?.plan(spill.cells / Math.max(1, windows), (error) => state.fail(error));
}

async function openSources(state: RunState, stage: Stage, codecs: RunCodecs, decoders: Decoders): Promise<void> {
  const intoWindow = sourcesOfWindows(state.config);
  for (const [index, node] of state.config.nodes.entries()) {
    if (node.kind !== "source") continue;
    const stateName = `source/${node.name}`;
    const kept = state.checkpoints?.contextOf(stateName);
    const source = await state.connections.openSource(node.name, node.connector, node.format, kept);
    const through = throughOf(state, source, intoWindow.has(node.name));
    const newDecoder = () => {
      const decoder = codecs.decoder(node.format, node.type);
      if (decoder !== undefined) decoderOf(decoders, node.name).decoder = decoder;
      return decoder;
    };
    const came = () => {
      entry.idleLeftMs = undefined;
      state.time?.becameActive(index);
    };
    const loop = newLoop(state, stage, source, { node, index, came, through, newDecoder });
    const isWaitedFor = source.kind === "bytes" && state.connections.isReplayable(node.connector.type);
    const entry: LoopEntry = {
      loop,
      index,
      gate: state.gates.of(index),
      waiting: false,
      cancelHeld: () => {},
      isWaitedFor,
      cancelIdle: () => {},
      idleAtMs: undefined,
      idleLeftMs: undefined,
    };
    state.checkpoints?.keep(stateName, keptLoop(entry, state));
    state.loops.push(entry);
  }
}

/** What becomes of an acknowledgement. */
function throughOf(state: RunState, source: SourceConnector, isIntoWindow: boolean): SourceServices["through"] {
  const { checkpoints } = state;
  // One that comes later says all that the one before it said.
  const keyOf = (partition: string | undefined) => {
    if (source.kind === "bytes") return source;
    return partition === undefined ? {} : entryOf(keys, partition, () => ({}));
  };
  const keys = new Map<string, object>();
  if (checkpoints !== undefined) {
    if (source.kind === "messages" && source.acknowledges === false) return () => {};
    return (acknowledge, partition) => checkpoints.through(keyOf(partition), acknowledge);
  }
  // What a window holds is given when the run ends; messages are not kept so long by whoever sent them.
  if (isIntoWindow && source.kind !== "messages")
    return (acknowledge, partition) => void state.held.set(keyOf(partition), acknowledge);
  return (acknowledge) => state.progress.through(acknowledge);
}

/** Where a source stands, and how long it has been waited for. */
function keptLoop(entry: LoopEntry, { clock, stateServices }: RunState): Kept {
  const { loop } = entry;
  // A task that others may take over counts what it has done itself.
  const counts = () =>
    stateServices?.isPaced === true ? { events: 0, bytes: 0 } : { events: loop.events, bytes: loop.bytes };
  return {
    save: () => ({
      position: loop.position(),
      ...counts(),
      idleLeftMs: entry.idleAtMs === undefined ? entry.idleLeftMs : Math.max(0, entry.idleAtMs - clock.elapsedMs()),
    }),
    restore: (saved) => {
      const { position, events, bytes, idleLeftMs } = saved as Readonly<Record<string, unknown>>;
      loop.restore(position);
      loop.events = Number(events);
      loop.bytes = Number(bytes);
      if (typeof idleLeftMs === "number") entry.idleLeftMs = idleLeftMs;
    },
  };
}

interface LoopPlan {
  readonly node: SourcePlan;
  readonly index: number;
  readonly came: () => void;
  readonly through: SourceServices["through"];
  readonly newDecoder: () => RecordDecoder | undefined;
}

function newLoop(state: RunState, stage: Stage, source: SourceConnector, plan: LoopPlan): SourceLoop {
  const { node, index, came, through, newDecoder } = plan;
  return sourceLoop(source, {
    node: { index, name: node.name, format: node.format },
    taker: { take: stage.sources[node.name]!, bad: (error) => stage.fail(index, 0, error) },
    current: state.current,
    gate: state.gates.of(index),
    nowMs: () => state.clock.nowMs(),
    came,
    through,
    newDecoder,
    channelsOf: (log) => openChannels(state, log, index, node.watermark?.idleMs),
    goesOnLater: state.goesOnLater,
    ...(state.goesOnLater && isOneOfSeveral(state.config) ? { roundLength } : {}),
  });
}

/** One partition is the source itself, unless others tell of its watermark. */
function openChannels(
  state: RunState,
  { partitions, hasWatermarks }: RecordSource,
  index: number,
  idleMs: number | undefined,
): SourceChannels | undefined {
  const { time, clock } = state;
  if (time === undefined || (partitions.length === 1 && hasWatermarks !== true)) return undefined;
  if (!time.plan.sources.includes(index)) return undefined;
  const meanwhile = (action: () => void) => runMeanwhile(state, action);
  const channels = new SourceChannels(time, index, partitions, hasWatermarks === true, { clock, idleMs, meanwhile });
  time.channels[index] = channels;
  return channels;
}

const isOneOfSeveral = ({ nodes }: RuntimeConfig): boolean => nodes.filter(({ kind }) => kind === "source").length > 1;

/** Names of the sources from which a window or a chunk can be reached. */
function sourcesOfWindows(config: RuntimeConfig): ReadonlySet<string> {
  const reaches = new Set<string>();
  for (const node of [...config.nodes].reverse()) {
    if (node.kind === "source") continue;
    const holds = node.kind === "window" || node.kind === "chunk";
    if (holds || reaches.has(node.name)) for (const edge of node.from) reaches.add(edge.node);
  }
  return reaches;
}

function decoderOf<T>(map: Map<string, { decoder: T }>, name: string): { decoder: T } {
  return entryOf(map, name, () => ({}) as { decoder: T });
}

function entryOf<T>(map: Map<string, T>, name: string, make: () => T): T {
  const found = map.get(name) ?? make();
  map.set(name, found);
  return found;
}
