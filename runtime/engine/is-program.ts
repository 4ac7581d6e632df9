/** Which operators are user code. */
import type { OperatorPlan, StepPlan } from "../../compiler/contract/runtime-config.ts";

export type ProgramOperator = Extract<OperatorPlan, { readonly op: "container" | "process" | "code" }>;

export function isProgram(operator: OperatorPlan): operator is ProgramOperator {
  return operator.op === "container" || operator.op === "process" || operator.op === "code";
}

/** Whether the results of the operator have the declared type of the step: the last that is user code. */
export const isTyped = ({ type, operators }: StepPlan, operator: number): boolean =>
  type !== undefined && operator === operators.findLastIndex(isProgram);
