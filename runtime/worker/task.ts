/**
 * One task: a run of the stage over one partition of each of its topics (or, on one machine, over all of them), with all the state that belongs to it. What it wrote,
 * what its state is and how far it has read are committed together where the delivery asks for it.
 */
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { Connector, Log, MessageSource, OpenContext } from "../engine/connector.ts";
import type { ReasonCount } from "../engine/failures.ts";
import { type Run, runPipeline } from "../engine/run.ts";
import type { RunServices } from "../engine/run-services.ts";
import type { RunStats } from "../engine/run-stats.ts";
import type { GroupMember, KafkaClient, KafkaProducer, OutgoingBatch, TopicPartition } from "../kafka/client.ts";
import { openTopicSink, topicSinkOver } from "../kafka/open-topic-sink.ts";
import { SendQueue } from "../kafka/send-queue.ts";
import type { TopicSink } from "../kafka/topic-sink.ts";
import type { CommitGate } from "./commit-gate.ts";
import { Offsets } from "./offsets.ts";
import type { SilentPartitions } from "./silent-partitions.ts";
import { TaskSource } from "./task-source.ts";
import { type Changelog, TaskStore } from "./task-store.ts";

export interface TaskPlan {
  /** The number of its partitions, or 0 for the one that has all. */
  readonly number: number;
  /** How many there are of it. */
  readonly of: number;
  readonly partitions: readonly TopicPartition[];
  readonly config: RuntimeConfig;
  readonly group: string;
  readonly commitEveryMs: number;
}

export interface TaskServices {
  readonly run: RunServices;
  readonly log: Log;
  readonly member: GroupMember;
  readonly client: KafkaClient;
  /** Where a sink's or dead letter's options say it is. */
  clientFor(options: OpenContext["options"]): Promise<KafkaClient>;
  readonly silent: Pick<SilentPartitions, "gave" | "closed">;
  /** Of the offsets that the worker commits. */
  readonly gate: CommitGate;
  /** Read to its end. Undefined where the stage keeps nothing. */
  changelog(number: number): Promise<TaskChangelog | undefined>;
}

export interface TaskChangelog extends Changelog {
  /** What it has collected, to be sent one after the other. */
  take(): readonly OutgoingBatch[];
  readonly isEmpty: boolean;
  /** The task ends in order. */
  leave(): Promise<void>;
}

/** What a task has done. */
export interface TaskCounts {
  readonly number: number;
  readonly stats: RunStats;
  readonly reasons: readonly ReasonCount[];
}

export class Task {
  readonly plan: TaskPlan;
  /** Rejects with what ended the task. */
  readonly done: Promise<void>;
  /** Taken by all sinks, to be committed by the worker; only where nothing is committed by the task itself. */
  readonly acked = new Offsets();
  readonly commitsItself: boolean;
  private readonly services: TaskServices;
  private readonly run: Run;
  private readonly passed = new Offsets();
  private readonly committer: KafkaProducer | undefined;
  private readonly outputs: SendQueue;
  private readonly producers: readonly KafkaProducer[];
  private readonly changelog: TaskChangelog | undefined;
  private hasSent = false;
  /** Settles when it stands still; undefined while it goes on. */
  private standing: Promise<void> | undefined;

  static async open(plan: TaskPlan, services: TaskServices): Promise<Task> {
    const { client, member } = services;
    const isExact = plan.config.delivery === "exactly_once";
    const keeps = plan.config.kafka?.changelog !== undefined;
    const transactionalId = `${plan.group}-${plan.number}`;
    const producers: KafkaProducer[] = [];
    let changelog: TaskChangelog | undefined;
    try {
      // Whoever had the partition before is fenced from here on, and what it left open is aborted.
      const committer = isExact || keeps ? await client.producer({ transactionalId }) : undefined;
      if (committer !== undefined) producers.push(committer);
      const outputs = isExact ? committer! : await client.producer({});
      if (!isExact) producers.push(outputs);
      changelog = keeps ? await services.changelog(plan.number) : undefined;
      const from = await positions(plan, member, client);
      if (changelog?.isEmpty === true && [...from.values()].some((offset) => offset > 0)) warnOfNoState(plan, services);
      return new Task(plan, services, { committer, outputs, producers, changelog, from });
    } catch (error) {
      changelog?.close();
      for (const producer of producers) await producer.close();
      throw error;
    }
  }

  private constructor(
    plan: TaskPlan,
    services: TaskServices,
    opened: {
      readonly committer: KafkaProducer | undefined;
      readonly outputs: KafkaProducer;
      readonly producers: readonly KafkaProducer[];
      readonly changelog: TaskChangelog | undefined;
      readonly from: ReadonlyMap<string, number>;
    },
  ) {
    this.plan = plan;
    this.services = services;
    this.committer = opened.committer;
    this.commitsItself = opened.committer !== undefined;
    this.producers = opened.producers;
    this.outputs = new SendQueue(opened.outputs);
    this.changelog = opened.changelog;
    // State of one that reads Kafka is in Kafka.
    const { state: _, ...runServices } = services.run;
    const connectors = new Map(
      [...runServices.connectors].map(([type, one]) => [type, plan.number === 0 ? one : withoutSources(one)]),
    );
    connectors.set("kafka", this.connector(runServices.connectors.get("kafka"), opened.outputs, opened.from));
    this.run = runPipeline(plan.config, {
      ...runServices,
      task: { from: `${plan.config.stage}/${plan.number}`, of: plan.of },
      connectors,
      ...(this.committer === undefined ? {} : { state: this.stateServices() }),
    });
    this.done = this.run.done.then(
      async () => {
        await this.changelog?.leave();
        await this.close();
      },
      async (error) => {
        await this.close();
        throw error;
      },
    );
    this.done.catch(() => {});
  }

  counts(): TaskCounts {
    return { number: this.plan.number, stats: this.run.stats(), reasons: this.run.reasons() };
  }

  /** Commits what can be, and stands still. Rejects with what ended the task. */
  pause(): Promise<void> {
    this.standing = this.run.pause();
    return this.standing;
  }

  get isPaused(): boolean {
    return this.standing !== undefined;
  }

  goOn(): void {
    this.standing = undefined;
    this.run.goOn();
  }

  /** Ends in order: what has been read is finished and committed. */
  async stop(): Promise<void> {
    if (this.standing !== undefined) {
      // What stands still has been committed, or is with the sinks.
      await this.standing;
      return this.drop();
    }
    this.run.stop();
    await this.done;
  }

  /** Others have its partitions: nothing more of it counts. Never fails. */
  async drop(): Promise<void> {
    this.run.stop();
    this.run.stop();
    this.run.goOn();
    await this.done.catch(() => {});
  }

  /** To those that read what it writes, where there are any: up to where it has come. */
  tellWatermarks(): void {
    this.run.tellWatermarks?.(`${this.plan.config.stage}/${this.plan.number}`, this.plan.of);
  }

  private stateServices(): NonNullable<RunServices["state"]> {
    const { plan } = this;
    return {
      store: new TaskStore(this.changelog, () => this.commit()),
      id: `${plan.group}-${plan.number}`.replace(/[^A-Za-z0-9]/g, ""),
      everyMs: plan.commitEveryMs,
      isPaced: true,
    };
  }

  /** The changelog, the offsets and, with exactly_once, the outputs since the last time: all or nothing. */
  private async commit(): Promise<void> {
    const committer = this.committer!;
    const batches = this.changelog?.take() ?? [];
    const offsets = this.passed.takeNews();
    await this.outputs.idle();
    if (batches.length === 0 && offsets.length === 0 && !this.hasSent) return;
    // All are for one partition.
    for (const batch of batches) await committer.send([batch]);
    this.hasSent = false;
    await committer.commit(offsets, this.services.member.generation);
  }

  private connector(
    plain: Connector | undefined,
    outputs: KafkaProducer,
    from: ReadonlyMap<string, number>,
  ): Connector {
    // The worker has done that for all its tasks.
    const { checkSink: _, ...others } = plain ?? { type: "kafka" };
    return {
      ...others,
      type: "kafka",
      openSource: ({ options }) => {
        const topic = String(options.topic);
        const { member } = this.services;
        const readers = this.plan.partitions
          .filter((one) => one.topic === topic)
          .map(({ partition }) => member.open({ topic, partition, offset: from.get(`${topic}/${partition}`)! }));
        return new TaskSource({
          readers,
          hasWatermarks: options.watermarks === true,
          skipsNull: options.tombstones === "skip",
          passed: this.passed,
          acked: this.acked,
          silent: this.services.silent,
          ...(this.commitsItself ? {} : { gate: this.services.gate }),
        });
      },
      openSink: (context) => this.openSink(context, outputs),
    };
  }

  private async openSink({ options }: OpenContext, outputs: KafkaProducer): Promise<TopicSink> {
    const elsewhere = await this.services.clientFor(options);
    if (elsewhere !== this.services.client) return openTopicSink(elsewhere, options);
    return topicSinkOver(outputs, options, {
      send: (batches) => {
        this.hasSent = this.plan.config.delivery === "exactly_once";
        return this.outputs.send(batches);
      },
      close: async () => {},
      isTransactional: this.plan.config.delivery === "exactly_once",
    });
  }

  private async close(): Promise<void> {
    for (const producer of this.producers) await producer.close();
    this.changelog?.close();
  }
}

/** As when the changelog was deleted; also when the stage has been given its first window. */
function warnOfNoState({ number, config, partitions }: TaskPlan, { log }: TaskServices): void {
  const topics = [...new Set(partitions.map(({ topic }) => topic))].join(", ");
  log.warn(
    { task: number, changelog: config.kafka?.changelog, topics },
    "reading goes on in the middle of the topic, and no state is kept of what was read before: windows begin anew",
  );
}

/** What is no topic has no partitions: the first task reads it, and the others find it at its end. */
function withoutSources(connector: Connector): Connector {
  const { openSource, openTable } = connector;
  if (openSource === undefined) return connector;
  const ended: MessageSource = {
    kind: "messages",
    pull: () => undefined,
    ack: () => {},
    stop: () => {},
    close: () => {},
  };
  return { ...connector, openSource: () => ended, openTable: openTable ?? openSource };
}

/** Where to begin: behind what was committed, else where the source says. */
async function positions(
  { partitions, config }: TaskPlan,
  member: GroupMember,
  client: KafkaClient,
): Promise<ReadonlyMap<string, number>> {
  const committed = await member.committed(partitions);
  const found = new Map<string, number>();
  const fresh: TopicPartition[] = [];
  for (const [at, one] of partitions.entries())
    if (committed[at]! >= 0) found.set(`${one.topic}/${one.partition}`, committed[at]!);
    else fresh.push(one);
  for (const which of ["start", "end"] as const) {
    const those = fresh.filter(({ topic }) => startOf(config, topic) === which);
    if (those.length === 0) continue;
    const offsets = await client.offsets(which, those);
    const begin = those.map((one, at) => ({ ...one, offset: offsets[at]! }));
    for (const { topic, partition, offset } of begin) found.set(`${topic}/${partition}`, offset);
    // "From now on" is said once: whoever takes the partition over goes on from here.
    await member.commit(begin);
  }
  return found;
}

function startOf({ nodes }: RuntimeConfig, topic: string): "start" | "end" {
  const source = nodes.find((node) => node.kind === "source" && node.connector.options.topic === topic);
  return source?.kind === "source" && source.connector.options.start === "latest" ? "end" : "start";
}
