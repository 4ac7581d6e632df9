/**
 * Runs a stage whose sources are Kafka: as a member of the stage's consumer group, a task for each partition it is given. Who has what, who is fenced and what counts as
 * committed is Kafka's matter alone.
 */
import type { OptionValue, RuntimeConfig, SourcePlan } from "../../compiler/contract/runtime-config.ts";
import { systemClock } from "../engine/clock.ts";
import type { Log } from "../engine/connector.ts";
import type { ReasonCount } from "../engine/failures.ts";
import type { Run } from "../engine/run.ts";
import type { RunServices } from "../engine/run-services.ts";
import type { RunStats, RunSummary } from "../engine/run-stats.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import type { GroupMember } from "../kafka/client.ts";
import { partitionsOfAll } from "../kafka/existing-topics.ts";
import { type ClientServices, Clients } from "./clients.ts";
import { CommitGate } from "./commit-gate.ts";
import { isKafkaSource } from "./kafka-sources.ts";
import { writtenTopics } from "./needed-topics.ts";
import { SilentPartitions } from "./silent-partitions.ts";
import { sumReasons, sumStats } from "./sum-stats.ts";
import { Worker } from "./worker.ts";

export interface WorkerRunServices extends RunServices, ClientServices {
  /** `all`: one task has everything (on one machine); `partition`: one for each partition. */
  readonly tasks: "all" | "partition";
  /** 100 by default. */
  readonly commitEveryMs?: number;
  /** A folder for copies of changelogs, so that a restart need not read all of them again. Absolute. */
  readonly copies?: string;
  readonly sessionTimeoutMs?: number;
  /** How often the topics are looked at: whether they have more partitions. */
  readonly metadataIntervalMs?: number;
}

const defaultCommitEveryMs = 100;
/** A commit that takes longer than so many of these intervals holds up the reading. */
const commitPatience = 10;
/** That of the clients. */
const defaultSessionTimeoutMs = 10_000;

export function runWorker(config: RuntimeConfig, services: WorkerRunServices): Run {
  const run = new WorkerRun(config, services);
  return {
    done: run.run(),
    stop: () => run.stop(),
    stats: () => run.stats(),
    reasons: () => run.reasons(),
    setWatermark: () => {},
    checkpoint: async () => false,
    watermark: () => Number.NEGATIVE_INFINITY,
    isBusy: () => false,
    pause: async () => {},
    goOn: () => {},
    tellWatermarks: () => {},
  };
}

class WorkerRun {
  private readonly config: RuntimeConfig;
  private readonly services: WorkerRunServices;
  private readonly log: Log;
  private readonly startMs: number;
  private endMs: number | undefined;
  private worker: Worker | undefined;
  private readonly clients: Clients;
  private stops = 0;
  private endStopping: () => void = () => {};
  private readonly stopping = new Promise<void>((resolve) => {
    this.endStopping = resolve;
  });
  private fail: (error: unknown) => void = () => {};
  private readonly failed = new Promise<never>((_, reject) => {
    this.fail = reject;
  });
  private cancelTick: () => void = () => {};

  constructor(config: RuntimeConfig, services: WorkerRunServices) {
    this.config = config;
    this.services = services;
    this.log = services.log ?? { info: () => {}, warn: () => {} };
    this.clients = new Clients(config, services, this.log);
    this.startMs = this.clock.nowMs();
    this.failed.catch(() => {});
  }

  async run(): Promise<RunSummary> {
    try {
      await Promise.race([this.work(), this.failed]);
    } catch (error) {
      this.cancelTick();
      await this.worker?.giveUp();
      throw error;
    } finally {
      this.cancelTick();
      this.endMs = this.clock.nowMs();
      await this.clients.close();
    }
    return { ...this.stats(), reasons: this.reasons(), stopped: true };
  }

  stop(): void {
    this.stops++;
    if (this.stops > 1) this.fail(new RuntimeError("aborted", "The run was stopped before it had finished."));
    this.endStopping();
  }

  stats(): RunStats {
    const tasks = this.worker?.counts().map(({ stats }) => stats) ?? [];
    return sumStats(this.config, tasks, (this.endMs ?? this.clock.nowMs()) - this.startMs);
  }

  reasons(): readonly ReasonCount[] {
    return sumReasons(this.worker?.counts().flatMap(({ reasons }) => reasons) ?? []);
  }

  private get clock() {
    return this.services.clock ?? systemClock;
  }

  private async work(): Promise<void> {
    const { config, services } = this;
    const sources = config.nodes.filter(isKafkaSource);
    const client = await this.clients.of(oneConnection(sources));
    const topics = [...new Set(sources.map(topicOf))];
    await this.clients.makeTopics();
    const partitions = await partitionsOfAll(topics, client);
    for (const { options, topic } of writtenTopics(config))
      await partitionsOfAll([topic], await this.clients.of(options));
    const group = config.kafka?.group ?? `argo.${config.pipeline}`;
    const fail = (error: unknown) => this.fail(error);
    const { commitEveryMs = defaultCommitEveryMs } = services;
    const silent = new SilentPartitions(config, this.clock, this.log);
    const worker = new Worker(
      {
        config,
        group,
        topics,
        partitions,
        tasks: services.tasks,
        needsAll: services.tasks === "all" && keepsState(config),
        commitEveryMs,
        sessionTimeoutMs: services.sessionTimeoutMs ?? defaultSessionTimeoutMs,
      },
      {
        run: services,
        log: this.log,
        client,
        silent,
        gate: new CommitGate(this.clock, commitEveryMs * commitPatience),
        clientFor: (options) => this.clients.of(options),
        changelog: async (number) => {
          const { openChangelog } = await import("../kafka/changelog/open-changelog.ts");
          const { copies } = services;
          return openChangelog(config, client, number, { log: this.log, ...(copies === undefined ? {} : { copies }) });
        },
        partitions: () => partitionsOfAll(topics, client),
        after: (ms, action) => void this.clock.after(ms, action),
        failed: fail,
      },
    );
    this.worker = worker;
    const joined: Promise<GroupMember> = client.join({
      group,
      topics,
      ...(services.sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs: services.sessionTimeoutMs }),
      ...(services.metadataIntervalMs === undefined ? {} : { metadataIntervalMs: services.metadataIntervalMs }),
      fetch: {},
      revoked: () => guarded(fail, () => worker.revoked()),
      assigned: (those) => guarded(fail, () => worker.assigned(those, joined)),
      lost: () => guarded(fail, () => worker.lost()),
      failed: fail,
    });
    joined.catch(() => {});
    await joined;
    this.tick(worker, silent);
    await this.stopping;
    this.cancelTick();
    await worker.stop();
  }

  private tick(worker: Worker, silent: SilentPartitions): void {
    this.cancelTick = this.clock.after(this.services.commitEveryMs ?? defaultCommitEveryMs, () => {
      worker.tick().then(
        () => {
          silent.check();
          if (this.stops === 0) this.tick(worker, silent);
        },
        (error) => this.fail(error),
      );
    });
  }
}

type Options = Readonly<Record<string, OptionValue>>;

const topicOf = ({ connector }: SourcePlan): string => String(connector.options.topic);

/** The tasks of a stage read one Kafka: offsets of two cannot be committed together. */
function oneConnection(sources: readonly SourcePlan[]): Options {
  const [first, ...others] = sources;
  const textOf = ({ connector }: SourcePlan) =>
    JSON.stringify([connector.options.brokers, connector.options.tls, connector.options.sasl]);
  const other = others.find((one) => textOf(one) !== textOf(first!));
  if (other !== undefined)
    throw new RuntimeError(
      "unsupported",
      `'${first!.name}' and '${other.name}' read from two Kafkas, and offsets of both cannot be committed together. Read the second one in a pipeline of its own, and write it to a topic of the first.`,
    );
  return first!.connector.options;
}

/** Something of an event stays behind when it has gone through. */
const keepsState = ({ nodes }: RuntimeConfig): boolean =>
  nodes.some(
    (node) =>
      node.kind === "window" ||
      (node.kind === "chunk" && node.key.length > 0) ||
      (node.kind === "step" && node.operators.some(({ op }) => op === "dedupe")),
  );

async function guarded(fail: (error: unknown) => void, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    fail(error instanceof Error ? error : new Error(messageOf(error)));
  }
}
