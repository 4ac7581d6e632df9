/** What the server answers to `flow.tests` and `flow.runTests`. Positions are the protocol's. */
import type { Range } from "vscode-languageserver-protocol";

export interface FoundTest {
  readonly name: string;
  /** The whole block. */
  readonly range: Range;
}

export interface TestsAnswer {
  /** Why none of them ran. */
  readonly problem?: string;
  readonly tests: readonly TestAnswer[];
}

export interface TestAnswer {
  readonly name: string;
  /** `error`: it could not run to its end. `skipped`: it was cancelled. */
  readonly status: "passed" | "failed" | "error" | "skipped";
  readonly durationMs?: number;
  /** Processing time that its statements let pass. */
  readonly virtualMs?: number;
  readonly messages: readonly FailureAnswer[];
}

export interface FailureAnswer {
  readonly message: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly uri: string;
  readonly range: Range;
}

/** What is told by `$/progress` while the tests run. */
export type TestProgress = { readonly began: string } | { readonly ended: TestAnswer };
