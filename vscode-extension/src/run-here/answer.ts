/** What the server answers to `flow.runHere`. Positions are the protocol's. */
import type { Location } from "vscode-languageserver-protocol";

export interface HereAnswer {
  /** Why it did not run, or not to its end. */
  readonly problem?: string;
  /** Where the events came from. */
  readonly from: readonly Origin[];
  /** What was wrong with some of them. */
  readonly problems: readonly string[];
  readonly nodes: readonly NodeAnswer[];
}

export type Origin =
  | { readonly test: string }
  | {
      readonly node: string;
      readonly from: "memory" | "generate" | "file" | "made up";
      readonly uri?: string;
      readonly records?: number;
    };

export interface NodeAnswer {
  readonly node: string;
  /** Events that came to it; of a source, records. */
  readonly cameIn: number;
  /** Of its name. */
  readonly at: Location | null;
  readonly outputs: readonly OutputAnswer[];
}

export interface OutputAnswer {
  readonly output: "main" | "errors" | "late";
  readonly count: number;
  /** The first ones. */
  readonly first: readonly { readonly text: string; readonly timeMs?: number; readonly isCut?: true }[];
}
