/**
 * Runs a stage with no broker and a clock moved by hand: text in, text out. For tests. Sources and sinks are the `memory` connector's, whatever
 * the plan says.
 */
import type { NodePlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { builtInConnectors } from "../connectors/index.ts";
import { type MemoryBroker, memoryBroker } from "../connectors/memory.ts";
import type { OpenUserCode } from "../user-code/user-code.ts";
import { type ManualClock, manualClock, settle } from "./clock.ts";
import type { Log, Message, OutputMessage, Refusal } from "./connector.ts";
import { type Run, runPipeline } from "./run.ts";
import type { StateServices } from "./run-services.ts";
import type { RunSummary } from "./run-stats.ts";

export interface DriveOptions {
  readonly startMs?: number;
  /** Asked before each batch that a sink takes: may throw, wait or refuse. */
  readonly sinks?: Readonly<
    Record<
      string,
      (batch: readonly OutputMessage[]) => undefined | readonly Refusal[] | Promise<undefined | readonly Refusal[]>
    >
  >;
  /** No place for bad events that nothing reads. */
  readonly noDeadLetter?: true;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly userCode?: OpenUserCode;
  readonly state?: StateServices;
}

export interface Drive {
  readonly run: Run;
  readonly clock: ManualClock;
  /** Gives events to a source, as JSON; a string is given as it is, so it may be any text. Resolves when the engine rests. */
  send(source: string, ...events: readonly unknown[]): Promise<void>;
  sendMessage(source: string, message: Message): Promise<void>;
  /** Ends all sources and waits for the end of the run. */
  finish(): Promise<RunSummary>;
  advanceMs(ms: number): Promise<void>;
  /** What a sink has taken, as JSON values. */
  received(sink: string): unknown[];
  receivedText(sink: string): readonly string[];
  receivedMessages(sink: string): readonly OutputMessage[];
  /** Numbers of the events acknowledged to a source, from 0. */
  acked(source: string): number[];
  /** What the dead letter keeps. */
  deadLetters(): unknown[];
  readonly logged: { readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[];
}

export function drive(config: RuntimeConfig, options: DriveOptions = {}): Drive {
  const broker = memoryBroker();
  const clock = manualClock(options.startMs ?? 0);
  const logged: Drive["logged"] = [];
  const write: Log["info"] = (fields, message) => void logged.push({ fields, message });
  const sources = config.nodes.filter((node) => node.kind === "source").map((node) => node.name);
  const inputs = new Map(sources.map((name) => [name, broker.input(name)]));
  for (const [name, answer] of Object.entries(options.sinks ?? {})) broker.onSend(name, answer);
  const run = runPipeline(inMemory(config), {
    connectors: builtInConnectors(broker.connector),
    baseDirectory: "/",
    clock,
    random: () => 0.5,
    log: { info: write, warn: write },
    ...(options.userCode === undefined ? {} : { userCode: options.userCode }),
    ...(options.state === undefined ? {} : { state: options.state }),
    ...(options.noDeadLetter ? {} : { deadLetter: { type: "memory", options: {} } }),
    secret: (name, key) => options.secrets?.[`${name}/${key}`],
  });
  // The end is looked at by `finish`; until then a failure waits.
  run.done.catch(() => {});
  const input = (source: string) => inputs.get(source) ?? missing(source);
  return {
    run,
    clock,
    send: async (source, ...events) => {
      for (const event of events) input(source).push(typeof event === "string" ? event : JSON.stringify(event));
      await settle();
    },
    sendMessage: async (source, message) => {
      input(source).push(message);
      await settle();
    },
    finish: () => {
      for (const each of inputs.values()) each.end();
      return run.done;
    },
    advanceMs: async (ms) => {
      await clock.advance(ms);
      await settle();
    },
    received: (sink) => values(broker, sink),
    receivedText: (sink) => broker.receivedText(sink),
    receivedMessages: (sink) => broker.received(sink),
    acked: (source) => input(source).acknowledged.map((position) => Number(position.replace("pushed/", ""))),
    deadLetters: () => values(broker, "dead_letter"),
    logged,
  };
}

function missing(source: string): never {
  throw new Error(`the plan has no source '${source}'`);
}

const values = (broker: MemoryBroker, sink: string): unknown[] =>
  broker.receivedText(sink).map((text): unknown => JSON.parse(text));

function inMemory(config: RuntimeConfig): RuntimeConfig {
  const memory = { type: "memory", options: {} };
  const withMemory = (node: NodePlan): NodePlan =>
    node.kind === "sink" || (node.kind === "source" && node.connector.type !== "memory")
      ? { ...node, connector: memory }
      : node;
  return { ...config, nodes: config.nodes.map(withMemory) };
}
