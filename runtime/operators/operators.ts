/** The operators that this runtime has. A plan with any other is refused before anything runs. */
import type { OperatorPlan } from "../../compiler/contract/runtime-config.ts";
import { emitAttributes } from "./attributes.ts";
import { emitDedupe } from "./dedupe.ts";
import { emitExpand } from "./expand.ts";
import { emitFilter } from "./filter.ts";
import { emitFlatten } from "./flatten.ts";
import { emitLog } from "./log.ts";
import { emitMap } from "./map.ts";
import type { StepEmission } from "./operator.ts";
import { emitRemove } from "./remove.ts";
import { emitSample } from "./sample.ts";
import { emitSet } from "./set.ts";
import { emitThrottle } from "./throttle.ts";
import { emitTime } from "./time.ts";
import { emitUnflatten } from "./unflatten.ts";

/** Writes one operator. Returns false for one that the runtime does not have. */
export function emitOperator(plan: OperatorPlan, step: StepEmission): boolean {
  switch (plan.op) {
    case "filter":
      emitFilter(plan, step);
      return true;
    case "map":
      emitMap(plan, step);
      return true;
    case "set":
      emitSet(plan, step);
      return true;
    case "remove":
      emitRemove(plan, step);
      return true;
    case "expand":
      emitExpand(plan, step);
      return true;
    case "flatten":
      emitFlatten(plan, step);
      return true;
    case "unflatten":
      emitUnflatten(plan, step);
      return true;
    case "throttle":
      emitThrottle(plan, step);
      return true;
    case "sample":
      emitSample(plan, step);
      return true;
    case "time":
      emitTime(plan, step);
      return true;
    case "attributes":
      emitAttributes(plan, step);
      return true;
    case "log":
      emitLog(plan, step);
      return true;
    case "dedupe":
      emitDedupe(plan, step);
      return true;
    case "container":
    case "process":
    case "code":
      step.cross();
      return true;
  }
}
