/** One scenario with one client and one delivery, from its topics to its verdict. Every wait has an end. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../kafka/cluster.ts";
import { KafkaProxy } from "../kafka/proxy.ts";
import { Records } from "../kafka/records.ts";
import { CarriedOutlet, HttpOutlet, type Outlet, PanesOutlet, type Went } from "./outlet.ts";
import { flowWorkers, standIn } from "./programs.ts";
import { type ClientKind, type Delivery, type FaultRun, overdueMs, type Scenario } from "./scenario.ts";
import { StampedInput } from "./stamped-input.ts";
import { within } from "./within.ts";
import { WorkerProcesses } from "./worker-processes.ts";

const partitions = 4;
const keyCount = 41;
const sessionTimeoutMs = 6_000;
/** The first output, from the start of the workers. */
const firstOutputMs = 40_000;
/** All output, from the end of the fault. */
const completeMs = 90_000;
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
  const http = scenario.stage === "http" ? await HttpOutlet.open() : undefined;
  const program = {
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
    const programs = of.entry === undefined ? standIn(program) : await flowWorkers(program, of.entry);
    workers.setPrograms(programs, scenario.workers);
    outlet = http ?? new (scenario.stage === "windows" ? PanesOutlet : CarriedOutlet)(records, output, deadLetters);
    return await new CaseRun(of, records, input, outlet, workers, proxies, http).run();
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

class CaseRun {
  private readonly of: Case;
  private readonly records: Records;
  private readonly inputTopic: string;
  private readonly outlet: Outlet;
  private readonly workers: WorkerProcesses;
  private readonly proxies: readonly KafkaProxy[];
  private readonly http: HttpOutlet | undefined;
  private faults = 0;

  constructor(
    of: Case,
    records: Records,
    inputTopic: string,
    outlet: Outlet,
    workers: WorkerProcesses,
    proxies: readonly KafkaProxy[],
    http: HttpOutlet | undefined,
  ) {
    this.of = of;
    this.records = records;
    this.inputTopic = inputTopic;
    this.outlet = outlet;
    this.workers = workers;
    this.proxies = proxies;
    this.http = http;
  }

  async run(): Promise<CaseResult> {
    const { scenario, records: count } = this.of;
    const seconds = scenario.seconds * Math.max(1, count / 50_000);
    const limitMs = seconds * 1_000 + faultMs;
    const input = new StampedInput(this.records, {
      topic: this.inputTopic,
      records: count,
      perSecond: count / seconds,
      partitions,
      keyCount,
      poisonEvery: scenario.poisonEvery,
      silentPartition: scenario.silentPartition,
    });
    this.workers.startAll();
    let isProducing = true;
    const produced = input.run().finally(() => {
      isProducing = false;
    });
    produced.catch(() => {});
    try {
      const mostEnds = 4 * this.workers.running.length;
      await this.awaitOutput(firstOutputMs, () => this.outlet.hasAny || this.workers.unexpected.length > mostEnds);
      if (!this.outlet.hasAny) throw new Error("there is no output");
      input.goOn();
      await within(scenario.fault(this.faultRun(input, () => isProducing)), limitMs, "the fault did not end");
      await within(produced, limitMs, "the input could not be written");
      for (const proxy of this.proxies) proxy.clear();
      if (scenario.stage === "windows") await input.closeWindows();
      const startMs = performance.now();
      const went = { records: await this.records.readAll(this.inputTopic), input };
      const complete = await this.awaitOutput(completeMs, () => this.outlet.isComplete(went));
      const tookMs = performance.now() - startMs;
      await this.workers.stopAll();
      // What is written twice may come late.
      await this.awaitOutput(0, () => false);
      return this.judge(went, complete, tookMs);
    } finally {
      input.stop();
    }
  }

  private faultRun(input: StampedInput, isProducing: () => boolean): FaultRun {
    return {
      workers: this.workers,
      cluster: this.of.cluster,
      proxies: this.proxies,
      input,
      delivery: this.of.delivery,
      sessionTimeoutMs,
      get isProducing() {
        return isProducing();
      },
      http: this.http,
      struck: () => {
        this.faults++;
      },
      sleep: (ms) => sleep(ms),
      emptyDisks: () => rmSync(join(this.of.folder, "disks"), { recursive: true, force: true }),
    };
  }

  /** @returns whether it came so far in time */
  private async awaitOutput(limitMs: number, done: () => boolean): Promise<boolean> {
    const endMs = performance.now() + limitMs;
    for (;;) {
      // A broker that is away is asked again.
      await within(this.outlet.readOn(), 30_000, "the output cannot be read").catch(() => {});
      if (done()) return true;
      if (performance.now() > endMs) return false;
      await sleep(100);
    }
  }

  private judge(went: Went, complete: boolean, tookMs: number): CaseResult {
    const { scenario, delivery } = this.of;
    const ends = this.workers.unexpected;
    const replays = delivery === "exactly_once" || scenario.neverTwice ? 0 : this.faults + ends.length;
    const { problems, notes } = this.outlet.judge(went, { replays });
    return {
      problems: [
        ...problems,
        ...(complete ? [] : [`not complete after ${completeMs / 1_000} s`]),
        ...this.workers.badStops,
      ],
      faults: this.faults,
      notes: [...(complete ? [`complete after ${(tookMs / 1_000).toFixed(1)} s`] : []), ...notes, ...ends],
      logs: this.workers.logs(),
    };
  }
}
