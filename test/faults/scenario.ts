/** What a scenario is: a stage, its workers, a fault, and what may come out. Data and one function; how it is run is in `run-case.ts`. */
import type { Cluster } from "../kafka/cluster.ts";
import type { KafkaProxy } from "../kafka/proxy.ts";
import type { StampedInput } from "./stamped-input.ts";
import type { WorkerProcesses } from "./worker-processes.ts";

export type Delivery = "at_least_once" | "exactly_once";
export const deliveries: readonly Delivery[] = ["at_least_once", "exactly_once"];
export type ClientKind = "native" | "kafkajs";
export const clients: readonly ClientKind[] = ["native", "kafkajs"];

/** `carry`: records go through as they are. `windows`: counts by key and 2 s. `http`: to an HTTP server. */
export type StageKind = "carry" | "windows" | "http";

/** A transaction that takes longer is aborted by the broker, where the scenario has `shortTransactions`. */
export const overdueMs = 3_000;

export interface Scenario {
  readonly name: string;
  /** What happens, as the end of a sentence: "a worker is …". */
  readonly says: string;
  readonly stage: StageKind;
  /** So many of each stage run when the fault begins: 0, 1, … write the output; those of the stage before begin at `upstream`. */
  readonly workers: number;
  /** The input takes so long; longer with more records than 20,000. */
  readonly seconds: number;
  /** A cluster of its own with so many brokers; absent: the one that all share. */
  readonly brokers?: 3;
  /** Each worker reaches the broker through its own proxy. */
  readonly hasProxies?: true;
  /** Transactions through these proxies may take only `overdueMs`. */
  readonly shortTransactions?: true;
  /** Workers run under a clock that can be shifted. */
  readonly hasShiftedClock?: true;
  readonly deliveries?: readonly Delivery[];
  /** Duplicates even in at_least_once mean failure. */
  readonly neverTwice?: true;
  /** Each so many-th record cannot be read. */
  readonly poisonEvery?: number;
  /** This partition of the input gets no records. */
  readonly silentPartition?: number;
  /** Begins when the first output is there; the case goes on when it has settled and all input is written. */
  fault(run: FaultRun): Promise<void>;
}

/** A case while it runs, as its fault sees it. */
export interface FaultRun {
  readonly workers: WorkerProcesses;
  readonly cluster: Cluster;
  /** By worker, where the scenario has proxies. */
  readonly proxies: readonly KafkaProxy[];
  readonly input: StampedInput;
  readonly delivery: Delivery;
  /** A worker that is silent for longer is taken out of the group. */
  readonly sessionTimeoutMs: number;
  readonly http: HttpSwitch | undefined;
  /** A fault struck; in at_least_once each may bring one batch of each partition again. */
  struck(): void;
  sleep(ms: number): Promise<void>;
  /** Until the group of the stage that writes the output has so many members, all with their partitions. */
  members(count: number): Promise<void>;
  /** What workers keep on their disks is gone. */
  emptyDisks(): void;
}

/** The HTTP server of the stage `http`. */
export interface HttpSwitch {
  /** Refuses connections until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
}
