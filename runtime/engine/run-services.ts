/** What a run is given from outside: connectors, secrets, time, randomness and a log. */
import type { ConnectorPlan } from "../../compiler/contract/runtime-config.ts";
import type { Clock } from "./clock.ts";
import type { Connector, Log } from "./connector.ts";

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
}
