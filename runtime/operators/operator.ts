/**
 * What an operator is to the code generator: a function from its plan to the statements that work on the variable `data`. One file
 * per operator; `operators.ts` is their list. An emitter knows nothing of batches, sources or sinks.
 *
 * The statements run inside a `try` whose failure makes the event bad.
 */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import type { OperatorPlan } from "../../compiler/contract/runtime-config.ts";
import type { StageCode } from "../engine/stage-code.ts";
import type { Ownership } from "./ownership.ts";
import type { PassedKeys } from "./passed-keys.ts";

/** What the emitters of one step share while it is written. */
export interface StepEmission {
  readonly code: StageCode;
  /** The step's name. */
  readonly node: string;
  /** Who may change `data` in place: an emitter that replaces or shares data says so here. */
  ownership: Ownership;
  /**
   * Writes the statements that compute `tree` and returns the JavaScript expression of its value, to be evaluated at most once: in the
   * representation of `any`, which is what `data` holds, of its kind, or as a JavaScript boolean.
   */
  expression(tree: ExprTree, form: "any" | "typed" | "condition"): string;
  /**
   * Ends the present function and begins the next: everything written after it handles `data` = the name that `deliver` passes on.
   * `deliver(call)` writes the statements, outside of any `try`, that call it, where `call("x")` is the statement for one element `x`.
   * `locals` are declared at the head of the present function, so that both its `try` and `deliver` see them.
   */
  split(deliver: (call: (element: string) => string) => void, ...locals: readonly string[]): void;
  /**
   * Ends the present function: the event goes out to user code, and everything written after it handles what comes back.
   */
  cross(): void;
  /** The statement that drops the present event, with nothing to follow. */
  drop(): string;
  /** The engine's services to operators. */
  readonly services: OperatorServices;
}

/** What the engine gives to emitters. The first six are texts of JavaScript. */
export interface OperatorServices {
  /** The id of the present event. */
  readonly eventId: string;
  /** Variables: the event's time, the attributes set on it, and which element of an `expand` it is. */
  readonly eventTime: string;
  /** The event's time as whole milliseconds, in a stage that lives by event time. */
  readonly timeMs: string | undefined;
  /** The watermark of the step's input; "-Infinity" in a stage that does not live by event time. */
  readonly watermark: string;
  readonly attributes: string;
  readonly element: string;
  /** Makes the source wait once `count` events have passed within `perMs`. */
  throttle(node: string, count: number, perMs: number): { pass(): void };
  /** Keeps what a `dedupe` remembers where checkpoints find it. */
  remember(keys: PassedKeys): PassedKeys;
  log(node: string, label: string, data: unknown): void;
  /** The JSON text of data, exact. */
  toJson(data: unknown): string;
}

export type OperatorOf<Op extends OperatorPlan["op"]> = Extract<OperatorPlan, { readonly op: Op }>;
export type EmitOperator<Op extends OperatorPlan["op"]> = (plan: OperatorOf<Op>, step: StepEmission) => void;
