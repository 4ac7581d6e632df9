/**
 * A `test` block as what is to be done with a run of its pipeline: plain JSON, in the order written. Values are expression trees of
 * constants, evaluated by the runtime, so that an expression means in a test what it means in a step.
 * Times are milliseconds since the start of the test, which is 1970-01-01T00:00:00Z.
 */
import type { ExprTree } from "./expr-tree.ts";

/** A place in a .flow file: offsets for code frames, line and column from 1 for reports. */
export interface TestPlace {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

export interface TestPlan {
  readonly name: string;
  /** Of its title. */
  readonly place: TestPlace;
  readonly steps: readonly TestStep[];
}

export type TestOutput = "main" | "errors" | "late";

export type TestStep = { readonly place: TestPlace } & (
  | EventStep
  /** Of one source, or of all. */
  | { readonly kind: "watermark"; readonly source?: string; readonly timeMs: number }
  /** Processing time. */
  | { readonly kind: "advance"; readonly byMs: number }
  | { readonly kind: "restart" }
  /** The input ends: of one source, or of all. */
  | { readonly kind: "end"; readonly source?: string }
  | { readonly kind: "table"; readonly table: string; readonly rows: readonly ExpectedValue[] }
  | ExpectStep
);

export interface EventStep {
  readonly kind: "event";
  readonly place: TestPlace;
  readonly source: string;
  readonly timeMs: number;
  readonly data: ExprTree;
}

export interface ExpectStep {
  readonly kind: "expect";
  readonly place: TestPlace;
  readonly node: string;
  readonly output: TestOutput;
  /** Empty: `expect nothing from`. */
  readonly events: readonly ExpectedValue[];
  /** Fields left out must be absent. */
  readonly exactly: boolean;
  readonly inAnyOrder: boolean;
}

export interface ExpectedValue {
  readonly place: TestPlace;
  readonly value: ExprTree;
}
