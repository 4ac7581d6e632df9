/** `log "label"`: prints every event that passes. */
import type { EmitOperator } from "./operator.ts";

export const emitLog: EmitOperator<"log"> = (plan, step) => {
  const { code, services } = step;
  code.line(`${code.bind(services.log)}(${code.bind(step.node)}, ${code.bind(plan.label)}, data);`);
};
