/**
 * Runs one stage in this process: opens what the plan names, pulls batches through the generated function, acknowledges what has been taken, and ends well
 * or not at all.
 *
 * Ends by itself when all sources end. `stop()` lets what has been read finish. This engine keeps no state from run to run, so windows give what they
 * hold in both cases; what reached a window is acknowledged after the window's results were taken.
 */

import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import type { ConnectorPlan, FormatPlan, OptionValue, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { ValueType } from "../../compiler/contract/value-type.ts";
import type { Format, FormatContext, RecordDecoder, RecordEncoder } from "../codec/format.ts";
import { loadFormats } from "../codec/formats.ts";
import { decodeJson as parseJson, encodeJson as toJson } from "../codec/json.ts";
import { compileExpression } from "../expr/compile-expression.ts";
import { Throttle } from "../operators/throttle.ts";
import { type BadEvent, originalOf } from "./bad-event.ts";
import { type Clock, sleep, systemClock } from "./clock.ts";
import { compileStage, refuseUnsupported } from "./compile-stage.ts";
import type { Connector, Log, OpenContext, SinkConnector, SourceConnector } from "./connector.ts";
import { Current } from "./current.ts";
import { DeadLetter } from "./dead-letter.ts";
import { Failures, type ReasonCount } from "./failures.ts";
import { Gate } from "./gate.ts";
import { graphOf } from "./graph.ts";
import { Progress } from "./progress.ts";
import { messageOf, RuntimeError } from "./runtime-error.ts";
import { ByteOutput, MessageOutput, type OutputServices } from "./sink-output.ts";
import { type SourceLoop, sourceLoop } from "./source-loop.ts";
import { countStride, type Stage } from "./stage-services.ts";
import { readTables } from "./tables.ts";

export interface RunServices {
  /** By catalogue name. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Against which relative paths are resolved. Absolute. */
  readonly baseDirectory: string;
  /** Where bad events go when neither an `errors` reader nor the pipeline says. Absent: the first one ends the run. */
  readonly deadLetter?: ConnectorPlan;
  /** The value of `secret(name, key)`; undefined when there is none. */
  secret?(name: string, key: string): string | undefined;
  readonly clock?: Clock;
  /** 0 ≤ x < 1. */
  readonly random?: () => number;
  readonly log?: Log;
}

export interface Run {
  /** Rejects with what ended the run. Sinks have then been told to take back what they can. */
  readonly done: Promise<RunSummary>;
  /**
   * The first call drains: what has been read finishes, then the run ends well; what a throttle holds back is left unacknowledged. The second
   * gives up at once.
   */
  stop(): void;
  /** Cheap: may be called at any time. */
  stats(): RunStats;
}

export interface NodeStats {
  readonly node: string;
  readonly kind: "source" | "step" | "window" | "chunk" | "sink";
  readonly eventsIn: number;
  readonly eventsOut: number;
  readonly errors: number;
  /** Of sources and sinks. */
  readonly bytes?: number;
  /** Taken by no sink because its `retry … else drop` said so. */
  readonly dropped?: number;
  readonly retries?: number;
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
}

export function runPipeline(config: RuntimeConfig, services: RunServices): Run {
  const run = new PipelineRun(config, services);
  return { done: run.run(), stop: () => run.stop(), stats: () => run.stats() };
}

type Output = ByteOutput | MessageOutput;

/** The event loop gets a turn at least this often, for signals and for sinks that wait. */
const longestTurnMs = 10;

class PipelineRun {
  private readonly config: RuntimeConfig;
  private readonly services: RunServices;
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly current = new Current();
  private readonly gate = new Gate();
  private readonly abort = new AbortController();
  private readonly failures: Failures;
  private readonly deadLetter: DeadLetter;
  private readonly counts: Float64Array;
  private readonly startMs: number;
  private outputs: ReadonlyMap<string, Output> = new Map();
  /** Those that are not in the generated code, by name. */
  private formats: ReadonlyMap<string, Format> = new Map();
  private loops: { readonly loop: SourceLoop; readonly index: number; waiting: boolean }[] = [];
  private progress = new Progress([]);
  /** Acknowledgements that wait for windows, by source and part: of byte sources only the last counts. */
  private readonly held = new Map<unknown, () => void>();
  private readonly opened: { readonly sink: SinkConnector; done: boolean }[] = [];
  private failure: { readonly error: unknown } | undefined;
  private rejectFailed: (error: unknown) => void = () => {};
  private readonly failed = new Promise<never>((_, reject) => {
    this.rejectFailed = reject;
  });
  private stopping = false;
  private endMs: number | undefined;
  private wake: () => void = () => {};

  constructor(config: RuntimeConfig, services: RunServices) {
    this.config = config;
    this.services = services;
    this.clock = services.clock ?? systemClock;
    this.log = services.log ?? silentLog;
    this.counts = new Float64Array(countStride * config.nodes.length);
    this.failures = new Failures(config.nodes, this.current, config.errors.policy);
    this.startMs = this.clock.nowMs();
    this.failed.catch(() => {});
    const plan = config.errors.policy === "fail" ? undefined : (config.errors.connector ?? services.deadLetter);
    this.deadLetter = new DeadLetter(plan === undefined ? undefined : () => this.openDeadLetter(plan), (error) =>
      this.fail(error),
    );
  }

  async run(): Promise<RunSummary> {
    try {
      // Whatever is waited for, a failure ends the waiting.
      await Promise.race([this.work(), this.failed]);
    } catch (error) {
      await this.giveUp();
      throw this.failure?.error ?? error;
    } finally {
      this.endMs = this.clock.nowMs();
    }
    return { ...this.stats(), reasons: this.failures.reasons(), stopped: this.stopping };
  }

  private async work(): Promise<void> {
    const stage = await this.open();
    await this.pump();
    await this.closeWindows(stage);
    await this.finish();
  }

  stop(): void {
    if (this.stopping) this.fail(new RuntimeError("aborted", "The run was stopped before it had finished."));
    this.stopping = true;
    for (const { loop } of this.loops) {
      loop.stop();
      loop.source.stop();
    }
    this.wake();
  }

  stats(): RunStats {
    const loopByIndex = new Map(this.loops.map((entry) => [entry.index, entry.loop]));
    const nodes = this.config.nodes.map((node, index): NodeStats => {
      const output = node.kind === "sink" ? this.outputs.get(node.name) : undefined;
      const loop = loopByIndex.get(index);
      const counted = this.counts[countStride * index] ?? 0;
      return {
        node: node.name,
        kind: node.kind,
        // Of a source the first count is of records that were no event: blank lines, the header of a csv.
        eventsIn: loop === undefined ? counted : loop.events - counted,
        eventsOut: (this.counts[countStride * index + 1] ?? 0) - (output?.droppedRecords ?? 0),
        errors: this.counts[countStride * index + 2] ?? 0,
        ...(loop === undefined ? {} : { bytes: loop.bytes }),
        ...(output === undefined
          ? {}
          : { bytes: output.takenBytes, dropped: output.droppedRecords, retries: output.retries }),
      };
    });
    const elapsedMs = (this.endMs ?? this.clock.nowMs()) - this.startMs;
    return { elapsedMs, nodes, badEvents: this.failures.total, deadLetters: this.deadLetter.count };
  }

  // Opening: sinks first, then tables, then sources, so that nothing is read before there is a place for it.

  private async open(): Promise<Stage> {
    const { config } = this;
    refuseUnsupported(config);
    this.formats = await loadFormats(
      [...config.nodes, ...config.tables].flatMap((each) => ("format" in each ? [each.format.type] : [])),
    );
    const graph = graphOf(config);
    this.checkConnectors();
    const outputs = new Map<string, Output>();
    this.outputs = outputs;
    for (const node of config.nodes) {
      if (node.kind !== "sink") continue;
      const encoder = this.encoder(node.format);
      const sink = await this.openSink(node.name, node.connector, node.format);
      outputs.set(node.name, this.output(sink, node.name, node.format, encoder, node.retry));
    }
    this.progress = new Progress([...outputs.values(), this.deadLetter]);
    const tables = await readTables(config, {
      open: (plan) => this.openTable(plan.name, plan.connector, plan.format),
      decoder: (plan) => this.decoder(plan.format, plan.type),
      parseJson,
      nowMs: () => this.clock.nowMs(),
      bad: (event) => this.deadLetter.put(this.failures.count(event)),
    });
    const decoders = new Map<string, { decoder: RecordDecoder }>();
    const stage = compileStage(config, {
      pipeline: config.pipeline,
      current: this.current,
      tables,
      sinks: outputs,
      decoders: { get: (name) => entry(decoders, name) },
      counts: this.counts,
      bad: (node, operator, error) => {
        this.counts[countStride * node + 2]!++;
        return this.failures.bad(node, operator, error);
      },
      deadLetter: (bad) => this.deadLetter.put(bad),
      throttle: (_node, count, perMs) =>
        new Throttle(
          count,
          perMs,
          () => this.clock.nowMs(),
          (ms) => this.gate.waitUntil(ms),
        ),
      log: (node, label, data) => this.log.info({ node, label, data: toJson(data) }, "event"),
      parseJson,
      toJson,
    });
    this.refusedAt = (node, bad) => {
      const index = graph.indexByName.get(node)!;
      this.counts[countStride * index + 1]!--;
      this.counts[countStride * index + 2]!++;
      stage.refused(index, this.failures.count(bad));
    };
    const intoWindow = sourcesOfWindows(config);
    for (const [index, node] of config.nodes.entries()) {
      if (node.kind !== "source") continue;
      const source = await this.openSource(node.name, node.connector, node.format);
      const take = stage.sources[node.name]!;
      const hold = intoWindow.has(node.name);
      const loop = sourceLoop(source, {
        node: { index, name: node.name, format: node.format },
        taker: { take, bad: (error) => stage.fail(index, 0, error) },
        current: this.current,
        gate: this.gate,
        nowMs: () => this.clock.nowMs(),
        through: (acknowledge) => (hold ? this.hold(source, acknowledge) : this.progress.through(acknowledge)),
        newDecoder: () => {
          const decoder = this.decoder(node.format, node.type);
          if (decoder !== undefined) entry(decoders, node.name).decoder = decoder;
          return decoder;
        },
      });
      this.loops.push({ loop, index, waiting: false });
    }
    if (this.stopping) {
      this.stopping = false;
      this.stop();
    }
    return stage;
  }

  private refusedAt: (node: string, bad: BadEvent) => void = () => {};

  private checkConnectors(): void {
    for (const node of [...this.config.nodes, ...this.config.tables]) {
      if (!("connector" in node)) continue;
      if (!this.services.connectors.has(node.connector.type)) throw noConnector(node.name, node.connector.type);
    }
  }

  private async openSink(node: string, plan: ConnectorPlan, format: FormatPlan): Promise<SinkConnector> {
    const connector = this.services.connectors.get(plan.type);
    if (connector?.openSink === undefined) throw noConnector(node, plan.type);
    const sink = await connector.openSink(this.context(node, plan, format));
    this.opened.push({ sink, done: false });
    return sink;
  }

  private async openSource(node: string, plan: ConnectorPlan, format: FormatPlan): Promise<SourceConnector> {
    const connector = this.services.connectors.get(plan.type);
    if (connector?.openSource === undefined) throw noConnector(node, plan.type);
    return connector.openSource(this.context(node, plan, format));
  }

  private async openTable(node: string, plan: ConnectorPlan, format: FormatPlan): Promise<SourceConnector> {
    const connector = this.services.connectors.get(plan.type);
    return connector?.openTable === undefined
      ? this.openSource(node, plan, format)
      : connector.openTable(this.context(node, plan, format));
  }

  /** A file is added to: what an earlier run kept there is not lost. */
  private async openDeadLetter(plan: ConnectorPlan): Promise<Output> {
    const format: FormatPlan = { type: "json", options: {} };
    const keeping = { ...plan, options: { ...plan.options, append: true } };
    const sink = await this.openSink("dead_letter", keeping, format);
    return this.output(sink, "dead_letter", format, undefined, undefined);
  }

  private output(
    sink: SinkConnector,
    node: string,
    format: FormatPlan,
    encoder: RecordEncoder | undefined,
    retry: ConstructorParameters<typeof ByteOutput>[4],
  ): Output {
    const services: OutputServices = {
      clock: this.clock,
      random: this.services.random ?? Math.random,
      gate: this.gate,
      current: this.current,
      progressed: () => {
        this.progress.check();
        this.wake();
      },
      failed: (error) => this.fail(error),
      refused: (name, reason, position, record) => this.refuse(name, reason, position, record),
      signal: this.abort.signal,
    };
    return sink.kind === "bytes"
      ? new ByteOutput(sink, node, format, encoder, retry, services)
      : new MessageOutput(sink, node, format, encoder, retry, services);
  }

  private refuse(name: string, reason: string, position: string, record: Uint8Array): void {
    if (name === "dead_letter")
      throw new RuntimeError("dead-letter-unavailable", `The dead letter refuses bad events: ${reason}`);
    const node = this.config.nodes.find((each) => each.name === name);
    this.refusedAt(name, {
      node: name,
      at: node?.at ?? "",
      reason,
      position,
      ...originalOf(record),
    });
  }

  private context(node: string, plan: ConnectorPlan, format: FormatPlan): OpenContext {
    return {
      pipeline: this.config.pipeline,
      node,
      options: this.withSecrets(plan.options),
      format,
      baseDirectory: this.services.baseDirectory,
      clock: this.clock,
      log: this.log,
      replayable: this.config.nodes.every(
        (each) => each.kind !== "source" || this.services.connectors.get(each.connector.type)?.replayable === true,
      ),
      compile: (expression: ExprTree, variables: readonly string[]) => compileExpression(expression, variables),
      toJson,
    };
  }

  private withSecrets(options: ConnectorPlan["options"]): ConnectorPlan["options"] {
    return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, this.withSecret(value)]));
  }

  private withSecret(value: OptionValue): OptionValue {
    if (typeof value !== "object" || value === null || "expr" in value) return value;
    if (Array.isArray(value)) return value.map((item: OptionValue) => this.withSecret(item));
    const secret = secretOf(value);
    if (secret === undefined) return this.withSecrets(value as ConnectorPlan["options"]);
    const found = this.services.secret?.(secret.name, secret.key);
    if (found === undefined)
      throw new RuntimeError("bad-config", `There is no secret '${secret.name}' with the key '${secret.key}'.`);
    return found;
  }

  private decoder(format: FormatPlan, type: ValueType | undefined): RecordDecoder | undefined {
    return this.formats.get(format.type)?.decoder(this.formatContext(format, type));
  }

  private encoder(format: FormatPlan): RecordEncoder | undefined {
    return this.formats.get(format.type)?.encoder(this.formatContext(format, undefined));
  }

  private formatContext(format: FormatPlan, type: ValueType | undefined): FormatContext {
    const { types } = this.config;
    const resolve = (of: ValueType): ValueType =>
      of.kind === "ref" && Object.hasOwn(types, of.name) ? resolve(types[of.name]!) : of;
    return {
      options: format.options,
      type: type === undefined ? undefined : resolve(type),
      resolve,
      parseJson,
      toJson,
    };
  }

  // Working

  /** Gives the sources turns, one after the other, until all have ended. */
  private async pump(): Promise<void> {
    const live = new Set(this.loops);
    let turnStart = performance.now();
    while (live.size > 0) {
      let worked = false;
      for (const entry of live) {
        if (entry.waiting) continue;
        worked = true;
        if (this.gate.paused || this.deadLetter.isFull) await this.whenReady();
        this.throwIfFailed();
        if (this.stopping && this.gate.waitUntilMs > 0) {
          // A throttle would have it wait: what is left was not acknowledged, so its sender still has it.
          entry.loop.leaveRest();
          live.delete(entry);
          continue;
        }
        const more = entry.loop.turn();
        if (more === false) live.delete(entry);
        else if (more !== true) this.waitFor(entry, more, live);
      }
      this.throwIfFailed();
      if (!worked) await this.idle();
      if (!worked || performance.now() - turnStart > longestTurnMs) {
        await nextTask();
        turnStart = performance.now();
      }
    }
  }

  private waitFor(entry: { waiting: boolean }, more: Promise<boolean>, live: Set<unknown>): void {
    entry.waiting = true;
    more
      .then((goesOn) => {
        entry.waiting = false;
        if (!goesOn) live.delete(entry);
      })
      .catch((error) => this.fail(error))
      .finally(() => this.wake());
  }

  /** Every source waits for input: what has been collected goes out, so that nobody waits for a block to fill. */
  private async idle(): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    let awake = false;
    woken.then(() => {
      awake = true;
    });
    await nextTask();
    if (!awake) {
      for (const output of this.outputs.values()) output.push();
      this.deadLetter.push();
      // A sink that took it at once has told nobody.
      this.progress.check();
    }
    await woken;
  }

  /** Room in the outputs, and the time that a throttle asks for. */
  private async whenReady(): Promise<void> {
    await this.deadLetter.whenOpen();
    while (this.gate.isFull && this.failure === undefined) await this.nextWake();
    const waitMs = this.gate.waitUntilMs - this.clock.nowMs();
    if (waitMs > 0 && !this.stopping) {
      for (const output of this.outputs.values()) output.push();
      // A timer left behind would keep the process alive after its end.
      const over = new AbortController();
      await Promise.race([sleep(this.clock, waitMs, over.signal), this.nextWake()]);
      over.abort();
      if (this.gate.waitUntilMs > this.clock.nowMs() && !this.stopping && this.failure === undefined)
        return this.whenReady();
    }
    if (this.gate.waitUntilMs <= this.clock.nowMs()) this.gate.waited();
  }

  private nextWake(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private hold(source: SourceConnector, acknowledge: () => void): void {
    if (source.kind === "messages") {
      if (source.acknowledges !== false) this.held.set({}, acknowledge);
    } else this.held.set(source, acknowledge);
  }

  private async closeWindows(stage: Stage): Promise<void> {
    for (const window of stage.windows) {
      const { current } = this;
      current.node = window.node;
      current.nodeName = window.name;
      current.part = window.name;
      current.offset = 0;
      current.message = undefined;
      current.attributes = undefined;
      current.element = undefined;
      current.bytes = undefined;
      current.timeMs = this.clock.nowMs();
      while (window.close(500)) {
        if (this.gate.paused) await this.whenReady();
        this.throwIfFailed();
      }
    }
  }

  // Ending

  private async finish(): Promise<void> {
    await this.drain();
    for (const { sink } of this.opened) await sink.flush();
    for (const each of this.opened) {
      await each.sink.commit();
      each.done = true;
    }
    for (const acknowledge of this.held.values()) acknowledge();
    for (const { loop } of this.loops) await loop.close(false);
  }

  /** Sinks may refuse what they are given, which makes more for other sinks and the dead letter; nodes are in topological order. */
  private async drain(): Promise<void> {
    do {
      for (const output of this.outputs.values()) await output.drain();
      await this.deadLetter.drain();
      this.throwIfFailed();
    } while ([...this.outputs.values(), this.deadLetter].some((output) => output.putRecords > output.takenRecords));
    this.progress.check();
  }

  private async giveUp(): Promise<void> {
    this.abort.abort();
    for (const each of this.opened) {
      if (!each.done) await quietly(() => each.sink.abort(), this.log);
    }
    for (const { loop } of this.loops) await quietly(() => loop.close(true), this.log);
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.rejectFailed(error);
    this.abort.abort();
    this.wake();
  }

  private throwIfFailed(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }
}

const silentLog: Log = { info: () => {}, warn: () => {} };

function noConnector(node: string, type: string): RuntimeError {
  return new RuntimeError(
    "unsupported",
    `'${node}' needs the connector '${type}', which this runtime does not have in this place.`,
  );
}

function secretOf(value: OptionValue): { readonly name: string; readonly key: string } | undefined {
  if (typeof value !== "object" || value === null || !("secret" in value)) return undefined;
  const { secret } = value as { readonly secret: unknown };
  if (typeof secret !== "object" || secret === null || !("name" in secret) || !("key" in secret)) return undefined;
  return { name: String(secret.name), key: String(secret.key) };
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

const nextTask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function quietly(action: () => unknown, log: Log): Promise<void> {
  try {
    await action();
  } catch (error) {
    log.warn({ error: messageOf(error) }, "could not close");
  }
}
