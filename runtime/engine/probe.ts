/**
 * Looks into a stage while it runs: every event on every edge, with its value. Where a run has one, the generated code calls it;
 * where it has none, there is no code for it and no cost. `flow test` and `flow run --trace` are built on it.
 *
 * Calls come in the order of things, depth first, and are synchronous. Data may be changed later on: keep its text, not the value.
 */
import type { EdgePlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { Current } from "./current.ts";

export interface Probe {
  /** Called once, before anything else. */
  begin(config: RuntimeConfig, current: Current): void;
  /** An event has come to a node by one of its inputs; -1: a record to a source, not decoded yet. `current` describes it. */
  came(node: number, edge: number): void;
  /** The `where` of a node's input was false, or a sibling's `where` took what `otherwise` would have taken; -1: a window's own `where` was. */
  passedBy(node: number, edge: number): void;
  /** An operator of a step has let an event pass: what it is now. */
  passed(node: number, operator: number, data: unknown): void;
  dropped(node: number, operator: number): void;
  /** A node gives an event, before any reader has it. Of `errors` the data is a BadEvent, and the time that of the record. */
  gave(node: number, output: EdgePlan["output"], data: unknown, timeMs: number): void;
  /** The event that came to a node last is with user code. What this gives is handed to `back` and `gone`. */
  left?(node: number): unknown;
  /** What comes next at the node comes of that event. */
  back?(node: number, left: unknown): void;
  /** Nothing more comes of that event. */
  gone?(left: unknown): void;
  /** A window, or a chunk, has taken an event into a group. A chunk is of all time. */
  grouped(node: number, key: unknown, startMs: number, endMs: number): void;
  /** The open chunk of a key has closed: what it gives comes next. */
  closed(node: number, key: unknown): void;
}
