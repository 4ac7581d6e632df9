/** User code as the rest of a run sees it. Loaded only for a plan that has some. */
import type { StepPlan } from "../../compiler/contract/runtime-config.ts";
import type { StagePort } from "./stage-services.ts";

export interface RunPorts {
  /** The port of an operator; the same each time. */
  of(node: number, plan: StepPlan, operator: number): StagePort;
  /** Starts all programs, and resolves when they are ready. @throws RuntimeError "user-code-unavailable" */
  open(): Promise<void>;
  /** Something is with user code, or has come back and waits to be given out. */
  readonly isBusy: boolean;
  /** Gives out what has come back, as far as there is room. False when nothing could be done. */
  release(): boolean;
  /** Of a node: events given up by `else drop`, and tries after the first; undefined where it has no user code. */
  statsOf(node: number): { readonly dropped: number; readonly retries: number } | undefined;
  /** Resolves when all that was sent has come back and has been given out; sinks may still hold it. */
  drain(): Promise<void>;
  /** Nothing is under way: programs are asked to end. */
  close(): Promise<void>;
  /** At once. */
  abort(): Promise<void>;
}
