/** Opens what the plan's connectors name, and remembers the sinks until they have been committed or told to take back what they can. */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import type { ConnectorPlan, FormatPlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { encodeJson as toJson } from "../codec/json.ts";
import { compileExpression } from "../expr/compile-expression.ts";
import type { Clock } from "./clock.ts";
import type { KeptContext, Log, OpenContext, SinkConnector, SourceConnector } from "./connector.ts";
import type { RunServices } from "./run-services.ts";
import { messageOf, RuntimeError } from "./runtime-error.ts";
import { withSecrets } from "./secrets.ts";

export class Connections {
  private readonly config: RuntimeConfig;
  private readonly services: RunServices;
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly opened: { readonly sink: SinkConnector; done: boolean }[] = [];

  constructor(config: RuntimeConfig, services: RunServices, clock: Clock, log: Log) {
    this.config = config;
    this.services = services;
    this.clock = clock;
    this.log = log;
  }

  /** @throws RuntimeError "unsupported" when a connector is not there */
  check(): void {
    for (const node of [...this.config.nodes, ...(this.services.tables === undefined ? this.config.tables : [])]) {
      if (!("connector" in node)) continue;
      if (!this.services.connectors.has(node.connector.type)) throw noConnector(node.name, node.connector.type);
    }
  }

  /** A source of it gives the same again in the next run. */
  /** Why a source cannot be read again, in words; undefined when it can. */
  forgets({ type, options }: ConnectorPlan): string | undefined {
    return this.services.connectors.get(type)?.forgets?.(options);
  }

  isReplayable(type: string): boolean {
    return this.services.connectors.get(type)?.replayable === true;
  }

  withSecrets(options: ConnectorPlan["options"]): ConnectorPlan["options"] {
    return withSecrets(options, this.services);
  }

  get baseDirectory(): string {
    return this.services.baseDirectory;
  }

  async openSink(node: string, plan: ConnectorPlan, format: FormatPlan, kept?: KeptContext): Promise<SinkConnector> {
    const connector = this.services.connectors.get(plan.type);
    if (connector?.openSink === undefined) throw noConnector(node, plan.type);
    const sink = await connector.openSink(this.context(node, plan, format, kept));
    this.opened.push({ sink, done: false });
    return sink;
  }

  /** A sink that is opened later, if at all. */
  async checkSink(node: string, plan: ConnectorPlan, format: FormatPlan): Promise<void> {
    await this.services.connectors.get(plan.type)?.checkSink?.(this.context(node, plan, format));
  }

  async openSource(
    node: string,
    plan: ConnectorPlan,
    format: FormatPlan,
    kept?: KeptContext,
  ): Promise<SourceConnector> {
    const connector = this.services.connectors.get(plan.type);
    if (connector?.openSource === undefined) throw noConnector(node, plan.type);
    return connector.openSource(this.context(node, plan, format, kept));
  }

  async openTable(node: string, plan: ConnectorPlan, format: FormatPlan): Promise<SourceConnector> {
    const connector = this.services.connectors.get(plan.type);
    return connector?.openTable === undefined
      ? this.openSource(node, plan, format)
      : connector.openTable(this.context(node, plan, format));
  }

  /** All sinks flush before the first one commits. */
  async commit(): Promise<void> {
    for (const { sink } of this.opened) await sink.flush();
    for (const each of this.opened) {
      await each.sink.commit();
      each.done = true;
    }
  }

  /** Tells the sinks that were not committed. Never fails. */
  async abort(): Promise<void> {
    for (const each of this.opened) {
      if (!each.done) await quietly(() => each.sink.abort(), this.log);
    }
  }

  /** Instead of `commit` and `abort`, for a run that goes on later. Sinks that cannot are told to end as they do when a run fails, or ends well. */
  async leave(failed: boolean): Promise<void> {
    for (const { sink, done } of this.opened) {
      if (done) continue;
      if (sink.leave !== undefined) await quietly(() => sink.leave?.(), this.log);
      else if (failed) await quietly(() => sink.abort(), this.log);
      else {
        await sink.flush();
        await sink.commit();
      }
    }
  }

  private context(node: string, plan: ConnectorPlan, format: FormatPlan, kept?: KeptContext): OpenContext {
    return {
      pipeline: this.config.pipeline,
      node,
      options: withSecrets(plan.options, this.services),
      format,
      baseDirectory: this.services.baseDirectory,
      clock: this.clock,
      log: this.log,
      replayable: this.config.nodes.every(
        (each) => each.kind !== "source" || this.services.connectors.get(each.connector.type)?.replayable === true,
      ),
      ...(kept === undefined ? {} : { kept }),
      compile: (expression: ExprTree, variables: readonly string[]) => compileExpression(expression, variables),
      toJson,
    };
  }
}

/** Closes something after a failure: a second failure is only logged. */
export async function quietly(action: () => unknown, log: Log): Promise<void> {
  try {
    await action();
  } catch (error) {
    log.warn({ error: messageOf(error) }, "could not close");
  }
}

function noConnector(node: string, type: string): RuntimeError {
  return new RuntimeError(
    "unsupported",
    `'${node}' needs the connector '${type}', which this runtime does not have in this place.`,
  );
}
