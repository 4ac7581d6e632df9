/** One scenario with one client and one delivery, from its topics to its verdict. Every wait has an end. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../kafka/cluster.ts";
import { KafkaProxy } from "../kafka/proxy.ts";
import { Records } from "../kafka/records.ts";
import { within } from "../kafka/within.ts";
import { CarriedOutlet, HttpOutlet, type Outlet, PanesOutlet, Went } from "./outlet.ts";
import { flowWorkers, standIn } from "./programs.ts";
import { type ClientKind, type Delivery, type FaultRun, overdueMs, type Scenario } from "./scenario.ts";
import { StampedInput } from "./stamped-input.ts";
import { WorkerProcesses } from "./worker-processes.ts";

const partitions = 4;
const keyCount = 41;
const sessionTimeoutMs = 6_000;
/** The first output, from the start of the workers. */
const firstOutputMs = 40_000;
/** All output, from the end of the fault. */
const completeMs = 120_000;
/** A group has divided its partitions. */
const membersMs = 30_000;
/** A fault, besides the time that the input takes. */
const faultMs = 120_000;

export interface Case {
  readonly scenario: Scenario;
  readonly client: ClientKind;
  readonly delivery: Delivery;
  readonly records: number;
  readonly cluster: Cluster;
  /** Of its own, empty. */
  readonly folder: string;
  /** The command line; absent: the stand-in. */
  readonly entry: string | undefined;
}

export interface CaseResult {
  /** Empty: passed. */
  readonly problems: readonly string[];
  readonly faults: number;
  /** Numbers worth seeing. */
  readonly notes: readonly string[];
  readonly logs: string;
}

/** Ends everything that runs, now. Kept by the caller for Ctrl-C. */
export const running = new Set<() => void>();

export async function runCase(of: Case): Promise<CaseResult> {
  const { scenario, cluster, client, delivery, folder } = of;
  mkdirSync(folder, { recursive: true });
  const name = `${scenario.name}_${client}_${delivery}_${Math.random().toString(36).slice(2, 8)}`.replaceAll("-", "_");
  const [input, output, deadLetters] = [`${name}-in`, `${name}-out`, `${name}-dead`];
  const records = new Records(cluster.bootstrap);
  const proxies = scenario.hasProxies
    ? await Promise.all(cluster.proxies.map((ports) => KafkaProxy.listen(ports)))
    : [];
  if (scenario.shortTransactions) for (const proxy of proxies) proxy.shortenTransactions(overdueMs);
  const http = scenario.stage === "http" ? await HttpOutlet.open(partitions) : undefined;
  const made = {
    stage: scenario.stage,
    client,
    delivery,
    name,
    input,
    output,
    deadLetters,
    url: http?.url,
    sessionTimeoutMs,
    bootstrapOf: (slot: number) => proxies[slot]?.address ?? cluster.bootstrap,
    nodeArgs: scenario.hasShiftedClock ? ["--import", join(import.meta.dirname, "shifted-clock.ts")] : [],
    folder: join(folder, "program"),
  };
  const workers = new WorkerProcesses(folder);
  const end = () => workers.killAll();
  running.add(end);
  let outlet: Outlet | undefined;
  try {
    for (const topic of [input, output, deadLetters]) await records.makeTopic(topic, partitions);
    const programs = of.entry === undefined ? standIn(made) : await flowWorkers(made, of.entry);
    workers.setPrograms(
      programs.map(({ program }) => program),
      scenario.workers,
    );
    const { group } = programs.at(-1)!;
    outlet = http ?? new (scenario.stage === "windows" ? PanesOutlet : CarriedOutlet)(records, output, deadLetters);
    return await new CaseRun({ of, records, inputTopic: input, group, outlet, workers, proxies, http }).run();
  } catch (error) {
    const problems = [error instanceof Error ? error.message : String(error), ...workers.unexpected.slice(0, 3)];
    return { problems, faults: 0, notes: [], logs: workers.logs() };
  } finally {
    end();
    running.delete(end);
    await outlet?.close();
    await Promise.all(proxies.map((proxy) => proxy.close()));
  }
}

interface Parts {
  readonly of: Case;
  readonly records: Records;
  readonly inputTopic: string;
  /** Of the stage that writes the output. */
  readonly group: string;
  readonly outlet: Outlet;
  readonly workers: WorkerProcesses;
  readonly proxies: readonly KafkaProxy[];
  readonly http: HttpOutlet | undefined;
}

class CaseRun {
  private readonly parts: Parts;
  private faults = 0;
  private reading: Promise<void> | undefined;
  /** Why the output could not be looked at the last time; absent: it could. */
  private blind: string | undefined;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async run(): Promise<CaseResult> {
    const { scenario, records: count } = this.parts.of;
    const seconds = scenario.seconds * Math.max(1, count / 50_000);
    const limitMs = seconds * 1_000 + faultMs;
    const input = new StampedInput(this.parts.records, {
      topic: this.parts.inputTopic,
      records: count,
      perSecond: count / seconds,
      partitions,
      keyCount,
      poisonEvery: scenario.poisonEvery,
      silentPartition: scenario.silentPartition,
    });
    this.parts.workers.startAll();
    const produced = input.run();
    produced.catch(() => {});
    try {
      const mostEnds = 4 * this.parts.workers.running.length;
      await this.awaitOutput(
        firstOutputMs,
        () => this.parts.outlet.hasAny || this.parts.workers.unexpected.length > mostEnds,
      );
      if (!this.parts.outlet.hasAny) throw new Error("there is no output");
      await this.members(scenario.workers);
      input.beginFault();
      await within(scenario.fault(this.faultRun(input)), limitMs, "the fault did not end");
      input.endFault();
      await within(produced, limitMs, "the input could not be written");
      for (const proxy of this.parts.proxies) proxy.clear();
      if (scenario.stage === "windows") await input.closeWindows();
      const startMs = performance.now();
      const reading = this.parts.records.readAll(this.parts.inputTopic);
      const went = new Went(await within(reading, 60_000, "the input cannot be read"), input);
      const complete = await this.awaitOutput(completeMs, () => this.parts.outlet.isComplete(went));
      const tookMs = performance.now() - startMs;
      await this.parts.workers.stopAll();
      // What is written twice may come late.
      await this.reading?.catch(() => {});
      await within(this.parts.outlet.readOn(), 60_000, "the output cannot be read");
      return this.judge(went, complete, tookMs);
    } finally {
      input.stop();
    }
  }

  private faultRun(input: StampedInput): FaultRun {
    return {
      workers: this.parts.workers,
      cluster: this.parts.of.cluster,
      proxies: this.parts.proxies,
      input,
      delivery: this.parts.of.delivery,
      sessionTimeoutMs,
      http: this.parts.http,
      struck: () => {
        this.faults++;
      },
      sleep: (ms) => sleep(ms),
      members: (count) => this.members(count),
      emptyDisks: () => rmSync(join(this.parts.of.folder, "disks"), { recursive: true, force: true }),
    };
  }

  /** Until the group has so many members and all have their partitions. */
  private async members(count: number): Promise<void> {
    const { records, group } = this.parts;
    const endMs = performance.now() + membersMs;
    const found = () => records.asAdmin((admin) => admin.describeGroups([group]));
    for (;;) {
      const { groups } = await within(found(), 10_000, "the group is not described").catch(() => ({ groups: [] }));
      const state = `${groups[0]?.members.length ?? 0} members, ${groups[0]?.state}`;
      if (state === `${count} members, Stable`) return;
      if (performance.now() > endMs) throw new Error(`the group has ${state}, instead of ${count} members`);
      await sleep(100);
    }
  }

  /** @returns whether it came so far in time */
  private async awaitOutput(limitMs: number, done: () => boolean): Promise<boolean> {
    const endMs = performance.now() + limitMs;
    for (;;) {
      // A broker that is away is asked again; never twice at a time.
      this.reading ??= this.parts.outlet.readOn().finally(() => {
        this.reading = undefined;
      });
      try {
        await within(this.reading, 5_000, "the output cannot be read");
        this.blind = undefined;
      } catch (error) {
        this.blind = error instanceof Error ? error.message : String(error);
      }
      if (done()) return true;
      if (performance.now() > endMs) return false;
      await sleep(100);
    }
  }

  private judge(went: Went, complete: boolean, tookMs: number): CaseResult {
    const { scenario, delivery } = this.parts.of;
    const ends = this.parts.workers.unexpected;
    const replays = delivery === "exactly_once" || scenario.neverTwice ? 0 : this.faults + ends.length;
    const { problems, notes } = this.parts.outlet.judge(went, { replays });
    return {
      problems: [
        ...problems,
        ...(complete
          ? []
          : [`not complete after ${completeMs / 1_000} s${this.blind === undefined ? "" : ` (${this.blind})`}`]),
        ...this.parts.workers.badStops,
      ],
      faults: this.faults,
      notes: [
        ...(complete ? [`complete after ${(tookMs / 1_000).toFixed(1)} s`] : []),
        ...notes,
        ...(went.neverStored === 0 ? [] : [`${went.neverStored} records of the input were never stored`]),
        ...ends,
        ...this.parts.workers.notes,
      ],
      logs: this.parts.workers.logs(),
    };
  }
}
