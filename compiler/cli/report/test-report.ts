/** What the three reports of `flow test` are made from. */
import type { Branch } from "../../../runtime/testing/coverage.ts";
import type { TestResult } from "../../../runtime/testing/test-result.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { SourceText } from "../../source/source-text.ts";

export interface TestedFile {
  readonly path: string;
  readonly tests: readonly TestResult[];
  /** Why its tests could not run. */
  readonly errors: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
  /** Where asked for. */
  readonly coverage?: readonly Branch[];
}

export interface TestReport {
  readonly files: readonly TestedFile[];
  readonly durationMs: number;
  /** With those that `--filter` left out. */
  readonly testsInAll: number;
  readonly hasFilter: boolean;
}

export const hasPassed = (test: TestResult): boolean => test.failures.length === 0;

export const testsOf = (report: TestReport): readonly TestResult[] => report.files.flatMap(({ tests }) => tests);
