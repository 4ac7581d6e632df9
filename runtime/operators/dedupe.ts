/** `dedupe key within d`: lets the first of equal events through, by event time; what it remembers is freed by the watermark. */
import { hashKey } from "../expr/hash-key.ts";
import type { EmitOperator } from "./operator.ts";
import { PassedKeys } from "./passed-keys.ts";

export const emitDedupe: EmitOperator<"dedupe"> = (plan, step) => {
  const { code, services } = step;
  const hash = `${code.bind(hashKey)}(${step.expression(plan.key, "any")})`;
  const dedupe = code.bind(services.remember(new PassedKeys(plan.withinMs)));
  code.line(`if (!${dedupe}.pass(${hash}, ${services.timeMs}, ${services.watermark})) ${step.drop()}`);
};
