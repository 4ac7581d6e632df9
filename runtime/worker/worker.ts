/** A member of the stage's group: opens a task for what it is given, has all stand still while the group divides anew, and closes what it has lost. */
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { Log } from "../engine/connector.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import type { GroupMember, TopicPartition } from "../kafka/client.ts";
import { KafkaError } from "../kafka/kafka-error.ts";
import { Task, type TaskCounts, type TaskPlan, type TaskServices } from "./task.ts";

export interface WorkerPlan {
  readonly config: RuntimeConfig;
  readonly group: string;
  readonly topics: readonly string[];
  /** By topic, when the worker was started. */
  readonly partitions: ReadonlyMap<string, number>;
  /** `all`: one task has everything that this member is given. */
  readonly tasks: "all" | "partition";
  /** One task needs all partitions of all topics: its windows would lack what others have. */
  readonly needsAll: boolean;
  readonly commitEveryMs: number;
  readonly sessionTimeoutMs: number;
}

export type WorkerServices = Omit<TaskServices, "member"> & {
  /** By topic, now. @throws KafkaError "unknown-topic" */
  partitions(): Promise<ReadonlyMap<string, number>>;
  /** Of the run's clock. */
  after(ms: number, action: () => void): void;
  /** Ends the worker. */
  failed(error: unknown): void;
};

const takeUpAfterMs = 500;

export class Worker {
  member: GroupMember | undefined;
  /** Of tasks that are closed. */
  private readonly past: TaskCounts[] = [];
  private readonly plan: WorkerPlan;
  private readonly services: WorkerServices;
  private readonly tasks = new Map<number, Task>();
  private isStopping = false;
  private committing: Promise<void> = Promise.resolve();
  /** What it is to have running, by number; empty while the group divides anew. */
  private owned: ReadonlyMap<number, TaskPlan> = new Map();
  /** Tasks are opened and closed one event after the other, whoever asks. */
  private lastEvent: Promise<void> = Promise.resolve();
  private readonly toTakeUp = new Set<number>();
  /** How often the group has divided. */
  private divisions = 0;

  constructor(plan: WorkerPlan, services: WorkerServices) {
    this.plan = plan;
    this.services = services;
  }

  get running(): readonly Task[] {
    return [...this.tasks.values()];
  }

  /** Of all tasks that it has, and has had. */
  counts(): readonly TaskCounts[] {
    return [...this.past, ...this.running.map((task) => task.counts())];
  }

  /** The group divides anew: everything begun is finished and committed, so that nobody does it again. */
  revoked(): Promise<void> {
    return this.inTurn(async () => {
      this.owned = new Map();
      if (this.isStopping) await Promise.allSettled(this.running.map((task) => task.done));
      else await Promise.all(this.running.map((task) => task.pause().catch(() => {})));
      await this.commitAcked();
    });
  }

  assigned(partitions: readonly TopicPartition[], joined: Promise<GroupMember>): Promise<void> {
    return this.inTurn(async () => {
      this.member = await joined;
      this.divisions++;
      const counts = await this.services.partitions();
      this.mustBeAsBefore(counts);
      if (partitions.length === 0)
        this.log.info(
          { group: this.plan.group },
          "other members of the group have all partitions: waiting for one to leave",
        );
      const plans = new Map(this.plansOf(partitions, counts).map((plan) => [plan.number, plan]));
      this.owned = plans;
      const lost = [...this.tasks].filter(([number, task]) => !isSame(plans.get(number), task.plan));
      await Promise.all(lost.map(([number, task]) => this.drop(number, task)));
      for (const task of this.tasks.values()) task.goOn();
      await Promise.all(
        [...plans.values()].filter(({ number }) => !this.tasks.has(number)).map((plan) => this.open(plan)),
      );
    });
  }

  lost(): Promise<void> {
    return this.inTurn(async () => {
      this.owned = new Map();
      this.log.warn({ group: this.plan.group }, "taken out of the group: what was in flight is left to others");
      await Promise.all([...this.tasks].map(([number, task]) => this.drop(number, task)));
    });
  }

  private inTurn(action: () => Promise<void>): Promise<void> {
    const done = this.lastEvent.then(action);
    this.lastEvent = done.catch(() => {});
    return done;
  }

  /** Offsets of tasks that do not commit by themselves, and watermarks for those that read what they write. */
  async tick(): Promise<void> {
    for (const task of this.running) if (!task.commitsItself && !task.isPaused) task.tellWatermarks();
    await this.commitAcked();
  }

  /** In order: everything read is finished and committed, then others may have it. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const ended = await Promise.allSettled(this.running.map((task) => task.stop()));
    await this.commitAcked();
    await this.member?.leave();
    const failure = ended.find((one) => one.status === "rejected" && !isLoss(one.reason));
    if (failure?.status === "rejected") throw failure.reason;
  }

  /** At once. */
  async giveUp(): Promise<void> {
    this.isStopping = true;
    await Promise.all([...this.tasks].map(([number, task]) => this.drop(number, task)));
  }

  private get log(): Log {
    return this.services.log;
  }

  /** Keys move to other partitions when a topic has more of them: what windows know of a key would stay behind. */
  private mustBeAsBefore(counts: ReadonlyMap<string, number>): void {
    const { config, partitions, tasks } = this.plan;
    if (config.kafka?.changelog === undefined || tasks === "all") return;
    for (const [topic, before] of partitions) {
      const now = counts.get(topic);
      if (now === before) continue;
      throw new RuntimeError(
        "repartitioned",
        `Topic '${topic}' had ${before} partitions and now has ${now}, so keys are in other partitions than the state of '${config.stage}' (changelog '${config.kafka.changelog}'). Nothing more was read. Write to a new topic with ${now} partitions and read that, or begin anew: stop all workers, delete the changelog topic and reset the group '${this.plan.group}'.`,
      );
    }
  }

  private plansOf(partitions: readonly TopicPartition[], counts: ReadonlyMap<string, number>): TaskPlan[] {
    const { config, group, commitEveryMs, tasks } = this.plan;
    const of = Math.max(1, ...counts.values());
    const plan = (number: number, those: readonly TopicPartition[], count: number) => ({
      number,
      of: count,
      partitions: those,
      config,
      group,
      commitEveryMs,
    });
    if (tasks === "all")
      return partitions.length === 0 || !this.hasAll(partitions, counts) ? [] : [plan(0, partitions, 1)];
    const numbers = [...new Set(partitions.map(({ partition }) => partition))].sort((a, b) => a - b);
    return numbers.map((number) =>
      plan(
        number,
        partitions.filter(({ partition }) => partition === number),
        of,
      ),
    );
  }

  /** Where not, nothing is read: who has the others may be a run before, which the group waits for until its session is over. */
  private hasAll(partitions: readonly TopicPartition[], counts: ReadonlyMap<string, number>): boolean {
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const missing = this.plan.needsAll ? all - partitions.length : 0;
    if (missing === 0) return true;
    const { group, sessionTimeoutMs } = this.plan;
    this.log.warn(
      { group, missing, of: all },
      "another member of the group has partitions that are needed here: waiting for it to leave",
    );
    const { divisions } = this;
    this.services.after(sessionTimeoutMs + 5_000, () => {
      if (this.divisions === divisions && !this.isStopping) this.services.failed(groupShared(group, missing, all));
    });
    return false;
  }

  private async open(plan: TaskPlan): Promise<void> {
    if (this.isStopping || this.member === undefined) return;
    let task: Task;
    try {
      task = await Task.open(plan, { ...this.services, member: this.member });
    } catch (error) {
      if (isLoss(error)) this.takeUpLater(plan.number);
      else this.services.failed(error);
      return;
    }
    if (this.isStopping) return task.drop();
    this.tasks.set(plan.number, task);
    task.done.catch((error) => this.ended(plan, task, error));
  }

  private ended(plan: TaskPlan, task: Task, error: unknown): void {
    // What sinks have taken of one that is stopped is still to be committed.
    if (this.tasks.get(plan.number) !== task || this.isStopping) return;
    this.forget(plan.number, task);
    if (!isLoss(error)) {
      this.services.failed(error);
      return;
    }
    this.log.warn(
      { task: plan.number, error: messageOf(error) },
      "a task was fenced: what it had in flight is dropped",
    );
    this.takeUpLater(plan.number);
  }

  /**
   * Somebody else had the transactional id, or the transaction took too long. Where others have the partition by now the group says so; else it is taken up again, from what was
   * committed last. Not at once: a worker that stood still learns of its loss with its next heartbeat.
   */
  private takeUpLater(number: number): void {
    if (this.toTakeUp.has(number)) return;
    this.toTakeUp.add(number);
    this.services.after(takeUpAfterMs, () => {
      this.toTakeUp.delete(number);
      void this.inTurn(async () => {
        const plan = this.owned.get(number);
        if (plan !== undefined && !this.tasks.has(number)) await this.open(plan);
      });
    });
  }

  private async drop(number: number, task: Task): Promise<void> {
    this.forget(number, task);
    await task.drop();
  }

  private forget(number: number, task: Task): void {
    this.tasks.delete(number);
    this.past.push(task.counts());
  }

  /** One at a time. */
  private commitAcked(): Promise<void> {
    this.committing = this.committing.then(() => this.commitAckedNow());
    return this.committing;
  }

  private async commitAckedNow(): Promise<void> {
    const { member } = this;
    if (member === undefined) return;
    const news = this.running.map((task) => ({ task, offsets: task.commitsItself ? [] : task.acked.takeNews() }));
    const offsets = news.flatMap((each) => each.offsets);
    if (offsets.length === 0) return;
    this.services.gate.begin();
    try {
      await member.commit(offsets);
    } catch (error) {
      // The next commit, in this generation or none, says how it went on.
      for (const each of news) each.task.acked.giveBack(each.offsets);
      if (!isLoss(error)) this.services.failed(error);
    } finally {
      this.services.gate.end();
    }
  }
}

const groupShared = (group: string, missing: number, all: number): RuntimeError =>
  new RuntimeError(
    "group-shared",
    `Another process reads with the group '${group}' and has ${missing} of the ${all} partitions, but windows, chunks and dedupe need all of them in one process. Give this run a group of its own ('group: "…"' in the kafka clause of the source), or deploy the pipeline.`,
  );

/** Somebody else has what it was working on. */
const isLoss = (error: unknown): boolean =>
  error instanceof KafkaError && (error.kind === "fenced" || error.kind === "rebalanced");

const isSame = (plan: TaskPlan | undefined, other: TaskPlan): boolean =>
  plan !== undefined && plan.of === other.of && samePartitions(plan.partitions, other.partitions);

const samePartitions = (some: readonly TopicPartition[], others: readonly TopicPartition[]): boolean =>
  some.length === others.length &&
  some.every((one) => others.some((other) => other.topic === one.topic && other.partition === one.partition));
