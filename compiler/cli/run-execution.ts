/** What is run, and how it is to be shown. */
import type { RuntimeConfig } from "../contract/runtime-config.ts";
import type { Terminal } from "./terminal.ts";

export interface Execution {
  readonly config: RuntimeConfig;
  /** Absolute; paths in the config are relative to it. */
  readonly baseDirectory: string;
  /** Where bad events go when the pipeline does not say; relative to the current folder. */
  readonly deadLetterFile: string;
  readonly forMs: number | undefined;
  readonly stats: boolean;
  readonly quiet: boolean;
  readonly terminal: Terminal;
}
