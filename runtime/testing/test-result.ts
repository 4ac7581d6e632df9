/** What a test came to. Plain data, in the order of its statements: the reports are made from it. */
import type { TestPlace } from "../../compiler/contract/test-plan.ts";

export interface TestResult {
  readonly name: string;
  readonly place: TestPlace;
  /** None: it passed. */
  readonly failures: readonly TestFailure[];
  readonly durationMs: number;
  /** Processing time that its statements let pass. */
  readonly virtualMs: number;
  /** How often each branch was taken, by the recorder's names. */
  readonly counts: ReadonlyMap<string, number>;
}

export interface TestFailure {
  readonly place: TestPlace;
  readonly message: string;
  /** Of an expectation: what differs. */
  readonly difference?: TestDifference;
}

/** Values as the language writes them. */
export interface TestDifference {
  readonly missing: readonly Missing[];
  readonly unexpected: readonly Unexpected[];
  readonly different: readonly Different[];
  /** All are there, in another order. */
  readonly isReordered: boolean;
}

export interface Missing {
  readonly place: TestPlace;
  readonly value: string;
  /** Why it is not there, as far as the engine knows. */
  readonly why: readonly string[];
}

export interface Unexpected {
  readonly value: string;
  /** The test's event that it came of. */
  readonly from?: string;
}

export interface Different {
  readonly place: TestPlace;
  readonly expected: string;
  readonly actual: string;
  readonly fields: readonly { readonly path: string; readonly expected: string; readonly actual: string }[];
}
