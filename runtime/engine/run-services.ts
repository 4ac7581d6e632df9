/** What a run is given from outside: connectors, secrets, time, randomness and a log. */
import type { ConnectorPlan } from "../../compiler/contract/runtime-config.ts";
import type { StateStore } from "../state/state-store.ts";
import type { OpenUserCode } from "../user-code/user-code.ts";
import type { SpillPlan } from "../windows/spill.ts";
import type { Clock } from "./clock.ts";
import type { Connector, Log } from "./connector.ts";
import type { Probe } from "./probe.ts";
import type { Table } from "./tables.ts";
import type { Task } from "./told-watermark.ts";

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
  /** Which of how many tasks of its stage the run is, where several share the work: named in the watermarks that it tells. */
  readonly task?: Task;
  /** Is told of every event on its way. */
  readonly probe?: Probe;
  /** Tables by name, ready: they are then not read, and may be changed while the run goes on. */
  readonly tables?: ReadonlyMap<string, Table>;
  /** Keeps state, so that a run goes on where the last one was stopped or killed. Absent: every run begins anew. */
  readonly state?: StateServices;
  /** Starts programs of users. Absent where none can be started: a plan that names one is refused. */
  readonly userCode?: OpenUserCode;
  /** Lets cells of windows leave memory when they are many. Absent: all stay. */
  readonly spill?: SpillServices;
}

export interface SpillServices {
  /** Of all windows together, about so many stay in memory. */
  readonly cells: number;
  /** @param failed ends the run */
  plan(cells: number, failed: (error: unknown) => void): SpillPlan;
}

export interface StateServices {
  /** Open; closed by whoever opened it. */
  readonly store: StateStore;
  /** Names the state: letters and digits, the same each time. */
  readonly id: string;
  /** Of the run's clock, between checkpoints. */
  readonly everyMs: number;
  /** A checkpoint costs something: one that nobody waits for comes at its time, also where the run has nothing else to do. */
  readonly isPaced?: true;
  /** After the first one only `Run.checkpoint` takes checkpoints, and the end. For tests of crashes. */
  readonly onlyWhenAsked?: true;
  /** Nodes whose state is dropped. */
  readonly reset?: ReadonlySet<string>;
}
