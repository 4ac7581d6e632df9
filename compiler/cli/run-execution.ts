/** What is run, and how it is to be shown. */
import type { RuntimeConfig } from "../contract/runtime-config.ts";
import type { StateOptions } from "./run-state.ts";
import type { KafkaOptions } from "./start-run.ts";
import type { Terminal } from "./terminal.ts";

export interface Execution {
  readonly config: RuntimeConfig;
  /** Absolute; paths in the config are relative to it. */
  readonly baseDirectory: string;
  /** Where bad events go when the pipeline does not say; relative to the current folder. */
  readonly deadLetterFile: string;
  readonly forMs: number | undefined;
  /** Undefined: nothing is kept. */
  readonly state: StateOptions | undefined;
  /** So many keys in open windows stay in memory. */
  readonly memoryCells: number;
  /** So many events are followed through the nodes. */
  readonly trace: number | undefined;
  readonly kafka: KafkaOptions;
  readonly stats: boolean;
  readonly quiet: boolean;
  readonly terminal: Terminal;
}
