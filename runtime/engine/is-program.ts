/** Which operators are user code. */
import type { OperatorPlan } from "../../compiler/contract/runtime-config.ts";

export type ProgramOperator = Extract<OperatorPlan, { readonly op: "container" | "process" | "code" }>;

export function isProgram(operator: OperatorPlan): operator is ProgramOperator {
  return operator.op === "container" || operator.op === "process" || operator.op === "code";
}
