/** All user code of a run: starts it, gives out in turn what came back, and ends it. */
import type { RetryPlan, StepPlan } from "../../../compiler/contract/runtime-config.ts";
import { decodeJson, encodeJson } from "../../codec/json.ts";
import type { OpenUserCode, UserCode, UserCodePlan } from "../../user-code/user-code.ts";
import { systemClock } from "../clock.ts";
import { quietly } from "../connections.ts";
import { isProgram, type ProgramOperator } from "../is-program.ts";
import type { Probe } from "../probe.ts";
import type { RunPorts } from "../run-ports.ts";
import type { RunState } from "../run-state.ts";
import { RuntimeError } from "../runtime-error.ts";
import { Port, type PortServices } from "./port.ts";

/** For a step that says nothing: three more tries within some seconds, then it is a bad event. */
export const defaultPortRetry: RetryPlan = { count: 3, backoffMs: [200, 10_000], else: "dead_letter" };

/** The event loop gets a turn at least this often. */
const longestTurnMs = 10;

interface Placed {
  readonly port: Port;
  /** Of the node, and of the operator in it. */
  readonly index: number;
  readonly number: number;
  readonly operator: ProgramOperator;
}

export class Ports implements RunPorts {
  private readonly state: RunState;
  private readonly openUserCode: OpenUserCode | undefined;
  private readonly placed: Placed[] = [];
  private readonly cancels = new Map<Port, () => void>();

  constructor(state: RunState, openUserCode: OpenUserCode | undefined) {
    this.state = state;
    this.openUserCode = openUserCode;
  }

  of(index: number, node: StepPlan, number: number): Port {
    const known = this.placed.find((one) => one.index === index && one.number === number);
    if (known !== undefined) return known.port;
    const operator = node.operators[number]!;
    if (!isProgram(operator)) throw new Error(`bug: ${operator.op} is no user code`);
    const port = this.newPort(index, node, number);
    this.placed.push({ port, index, number, operator });
    this.placed.sort((left, right) => left.index - right.index || left.number - right.number);
    return port;
  }

  private newPort(index: number, node: StepPlan, number: number): Port {
    const { state } = this;
    const { probe } = state;
    const port: Port = new Port(node.name, node.retry ?? defaultPortRetry, {
      pipeline: state.config.pipeline,
      current: state.current,
      random: state.random,
      clock: systemClock,
      parseJson: decodeJson,
      toJson: encodeJson,
      inputWatermarkMs: () => this.inputWatermarkMs(index, number),
      carry: () => state.time?.settleFrom(index) ?? false,
      failed: (error) => state.fail(error),
      filled: () => state.gates.portFilled(port, index),
      drained: () => state.gates.portDrained(port),
      woke: () => state.wake(),
      ...(probe === undefined ? {} : { probe: watched(probe, index, number) }),
    });
    return port;
  }

  /** Behind another port of the same step an event stands where it came into that. */
  private inputWatermarkMs(index: number, number: number): number {
    const before = this.placed.findLast((one) => one.index === index && one.number < number);
    if (before !== undefined) return before.port.presentMs;
    const { time } = this.state;
    if (time === undefined) return Number.NEGATIVE_INFINITY;
    const sources = time.plan.directSources[index];
    return sources === undefined
      ? time.inputWatermarks[index]!
      : Math.min(...sources.map((one) => time.watermarks[one]!));
  }

  async open(): Promise<void> {
    for (const { port, index } of this.placed) this.state.time?.heldBy(index, () => port.holdMs());
    // A secret that lacks is found before anything is started.
    const plans = this.placed.map(({ port, operator }) => this.planOf(port.node, operator));
    const started = await Promise.allSettled(this.placed.map((one, index) => this.start(one, plans[index]!)));
    for (const one of started) if (one.status === "rejected") throw one.reason;
  }

  private async start({ port, operator }: Placed, plan: UserCodePlan): Promise<void> {
    const { state, openUserCode } = this;
    if (openUserCode === undefined)
      throw new RuntimeError(
        "unsupported",
        `'${port.node}' (${operator.at}) is a program of its own, and none can be started here. Use 'flow run' or 'flow test'.`,
      );
    const code = await openUserCode(plan, {
      answered: (unit, outcome) => port.dispatch.answered(unit, outcome),
      widened: () => port.dispatch.send(),
      failed: (error) => state.fail(error),
      log: state.log,
      clock: systemClock,
      random: state.random,
    });
    if (state.failure !== undefined) await code.abort();
    else port.dispatch.start(code);
  }

  private planOf(node: string, operator: ProgramOperator): UserCodePlan {
    const { config, connections } = this.state;
    const options = connections.withSecrets(operator.options);
    const code = operator.op === "code" ? { language: operator.language, source: operator.source } : undefined;
    return {
      node,
      at: operator.at,
      pipeline: config.pipeline,
      baseDirectory: connections.baseDirectory,
      options,
      ...(code === undefined ? {} : { code }),
    };
  }

  get isBusy(): boolean {
    return this.placed.some(({ port }) => !port.isEmpty || port.canRelease);
  }

  /** Gives out what has come back, as far as there is room, last port first. False when nothing could be done. */
  release(): boolean {
    if (this.placed.length === 0 || !this.mayGive()) return false;
    const start = performance.now();
    let worked = false;
    for (const { port, index } of this.placed.toReversed()) {
      while (port.canRelease && !this.isBlocked(port, index) && port.release()) {
        worked = true;
        if (performance.now() - start > longestTurnMs) return true;
      }
    }
    return worked;
  }

  /** Not in the middle of what a window gives, unless that waits for room in a port before it. */
  private mayGive(): boolean {
    const { time, gates, deadLetter, failure, clock } = this.state;
    if (failure !== undefined || gates.areSinksFull || deadLetter.isFull) return false;
    if (time?.pending !== true) return true;
    if (gates.windows.heldMs(clock) > 0 && !this.state.stopping) return false;
    time.resume();
    return !time.pending || gates.isFull;
  }

  private isBlocked(port: Port, index: number): boolean {
    const { state } = this;
    if (state.failure !== undefined || state.gates.isFullBehind(index) || state.deadLetter.isFull) return true;
    const heldMs = state.stopping ? 0 : state.gates.of(index).heldMs(state.clock);
    if (heldMs > 0) {
      this.cancels.get(port)?.();
      this.cancels.set(
        port,
        state.clock.after(heldMs, () => state.wake()),
      );
    }
    return heldMs > 0;
  }

  statsOf(node: number): { readonly dropped: number; readonly retries: number } | undefined {
    const ports = this.placed.filter(({ index }) => index === node).map(({ port }) => port);
    if (ports.length === 0) return undefined;
    return {
      dropped: ports.reduce((sum, { droppedRecords }) => sum + droppedRecords, 0),
      retries: ports.reduce((sum, { dispatch }) => sum + dispatch.retries, 0),
    };
  }

  async drain(): Promise<void> {
    const { state } = this;
    while (this.isBusy && state.failure === undefined) {
      if (this.release()) {
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      for (const output of state.outputs.values()) output.push();
      if (state.time?.pending === true && !state.gates.isFull) state.time.resume();
      else await state.nextWake();
    }
  }

  async close(): Promise<void> {
    this.stopTimers();
    await Promise.all(this.programs((program) => program.close()));
  }

  async abort(): Promise<void> {
    this.stopTimers();
    await Promise.all(this.programs((program) => program.abort()));
  }

  private programs(end: (program: UserCode) => Promise<void>): Promise<void>[] {
    const programs = this.placed.flatMap(({ port }) => port.dispatch.program ?? []);
    return programs.map((program) => quietly(() => end(program), this.state.log));
  }

  private stopTimers(): void {
    for (const cancel of this.cancels.values()) cancel();
    for (const { port } of this.placed) port.dispatch.stopTimers();
  }
}

/** The same event, later. */
function watched(probe: Probe, index: number, number: number): NonNullable<PortServices["probe"]> {
  return {
    left: () => probe.left?.(index),
    back: (seen) => probe.back?.(index, seen),
    gone: (seen, hadResults) => {
      if (hadResults === false) {
        probe.back?.(index, seen);
        probe.dropped(index, number);
      }
      probe.gone?.(seen);
    },
  };
}
