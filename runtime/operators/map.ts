/** `map value`: replaces `data`. */
import type { EmitOperator } from "./operator.ts";
import { Ownership } from "./ownership.ts";

export const emitMap: EmitOperator<"map"> = (plan, step) => {
  step.code.line(`data = ${step.expression(plan.value, "any")};`);
  step.ownership = plan.value.op === "record" ? Ownership.root : Ownership.none;
};
