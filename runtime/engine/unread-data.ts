/** Whether a stage looks at the data of a source at all: where nobody does, bytes go from a log to a log without having been a value. */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import type { OperatorPlan, OptionValue, SourcePlan } from "../../compiler/contract/runtime-config.ts";
import type { StageEmission } from "./stage-emission.ts";
import { mentions } from "./tree.ts";

/** Of a source of `bytes`: its records only go through steps and routes that look at their attributes, into sinks of bytes. */
export function isUnread(plan: SourcePlan, index: number, emission: StageEmission): boolean {
  if (emission.services.probe !== undefined || plan.type !== undefined) return false;
  if (plan.time !== undefined && mentions(plan.time, "data")) return false;
  return readersPass(index, plan.format.type, emission);
}

function readersPass(index: number, format: string, emission: StageEmission): boolean {
  return emission.graph.readersOf(index, "main").every(({ node, index: reader, edge }) => {
    if (edge.where !== undefined && mentions(edge.where, "data")) return false;
    if (node.kind === "sink")
      return node.format.type === format && !treesOf(node.connector.options).some((tree) => mentions(tree, "data"));
    // Several inputs of a step may be of different formats.
    if (node.kind !== "step" || node.from.length !== 1) return false;
    return node.operators.every(passes) && readersPass(reader, format, emission);
  });
}

function passes(operator: OperatorPlan): boolean {
  switch (operator.op) {
    case "filter":
      return !mentions(operator.test, "data");
    case "sample":
    case "throttle":
      return true;
    case "dedupe":
      return !mentions(operator.key, "data");
    case "time":
      return !mentions(operator.value, "data");
    case "attributes":
      return operator.values.every(({ value }) => !mentions(value, "data"));
    default:
      return false;
  }
}

function treesOf(option: OptionValue): readonly ExprTree[] {
  if (typeof option !== "object" || option === null) return [];
  if ("expr" in option) return [option.expr as ExprTree];
  return Object.values(option).flatMap((value) => treesOf(value as OptionValue));
}
