/**
 * What an editor asks of a runner, and what the runner tells while it works. A runner is a worker that has the engine; it knows no texts, no
 * protocol and nothing outside: plans in, outcomes out, all of it plain data that can be cloned.
 */
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { TestOutput, TestPlan } from "../../compiler/contract/test-plan.ts";
import type { TestFailure } from "../testing/test-result.ts";

export type RunRequest = TestsRequest | HereRequest;

/** Runs tests one after the other: each has the machine to itself, and one that never ends is known by name. */
export interface TestsRequest {
  readonly kind: "tests";
  readonly config: RuntimeConfig;
  readonly plans: readonly TestPlan[];
}

/** Runs a pipeline once, on the events of a test or on samples, and says what came out of each node. */
export interface HereRequest {
  readonly kind: "here";
  /** As for a test; sources and tables that are `memory` or `generate` have their data in their options. */
  readonly config: RuntimeConfig;
  /** The events of this test are sent; its expectations are not looked at. */
  readonly plan?: TestPlan;
  /** Records by source and rows by table, as text; only for those whose data is not in their options. */
  readonly samples: readonly SampleRecords[];
  /** Records of a source, at most. */
  readonly mostRecords: number;
  /** Events of an output that are told, at most; all are counted. */
  readonly mostShown: number;
}

export interface SampleRecords {
  readonly node: string;
  readonly records: readonly string[];
  /** In the node's own format; else JSON, or texts where the format has texts. */
  readonly isRaw: boolean;
}

export type RunMessage =
  | { readonly kind: "ready" }
  /** Of the plan at this place in the request. */
  | { readonly kind: "began"; readonly plan: number }
  | { readonly kind: "tested"; readonly plan: number; readonly outcome: TestOutcome }
  | { readonly kind: "here"; readonly outcome: HereOutcome }
  /** The request is done with; the next one may come. With what went wrong, where we are at fault. */
  | { readonly kind: "done"; readonly problem?: string };

export interface TestOutcome {
  /** None: it passed. */
  readonly failures: readonly TestFailure[];
  readonly durationMs: number;
  readonly virtualMs: number;
}

export interface HereOutcome {
  /** In the order of the plan: a node's inputs come before it. */
  readonly nodes: readonly NodeOutcome[];
  /** What ended the run before its time, or kept an event from being made, in words. */
  readonly problems: readonly string[];
}

export interface NodeOutcome {
  readonly node: string;
  /** Events that came to it; of a source, records. */
  readonly cameIn: number;
  /** Of a sink, `main` is what it would have written. Outputs that gave nothing are left out, but not `main`. */
  readonly outputs: readonly OutputOutcome[];
}

export interface OutputOutcome {
  readonly output: TestOutput;
  readonly count: number;
  /** JSON texts, the first ones. */
  readonly first: readonly ShownEvent[];
}

export interface ShownEvent {
  readonly text: string;
  /** Event time. */
  readonly timeMs?: number;
  /** The text was longer. */
  readonly isCut?: true;
}
