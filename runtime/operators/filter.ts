/** `filter test`: keeps the events for which it is true. */
import type { EmitOperator } from "./operator.ts";

export const emitFilter: EmitOperator<"filter"> = (plan, step) => {
  step.code.line(`if (!${step.expression(plan.test, "condition")}) ${step.drop()}`);
};
