/** A step's operators and the retries of steps and sinks, as the runtime takes them. */
import type { OperatorPlan, RetryPlan } from "../../contract/runtime-config.ts";
import type { IrClause, IrNode, IrValue } from "../../ir/ir.ts";
import { clauseById } from "../../ir/rows-by-id.ts";
import type { Location } from "../../source/span.ts";
import type { At } from "./at.ts";
import { durationMs } from "./duration-text.ts";
import { optionValues } from "./option-value.ts";
import {
  clauseOf,
  constantPart,
  defaultOf,
  exprPart,
  msOf,
  msPart,
  numberPart,
  type Parts,
  partsOf,
  stringPart,
  wordPart,
} from "./parts.ts";

/** In the order written. */
export function operatorPlans(node: IrNode, at: At): readonly OperatorPlan[] {
  return node.clauses
    .filter((clause) => clauseById(clause.row)?.row.operator)
    .map((clause) => ({ at: at(originOf(clause)), ...operatorPlan(clause) }));
}

/** Code names lines of its text when it fails, so its place is that of the text. */
const originOf = ({ row, values, origin }: IrClause): Location =>
  (row === "step.code" ? values.find(([name]) => name === "source")?.[1].origin : undefined) ?? origin;

/** Without `at`; distributes over the union. */
type Bare = OperatorPlan extends infer P ? (P extends OperatorPlan ? Omit<P, "at"> : never) : never;

function operatorPlan(clause: IrClause): Bare {
  const parts = partsOf(clause);
  const tree = (name: string) => {
    const expression = exprPart(parts, name);
    if (expression === undefined) throw new Error(`bug: '${clause.keyword}' without its '${name}'`);
    return expression.tree;
  };
  const optionsPart = () => optionsOf(parts.get("options"), clause.row, "options");
  switch (clause.keyword) {
    case "filter":
      return { op: "filter", test: tree("test") };
    case "map":
      return { op: "map", value: tree("value") };
    case "set":
      return { op: "set", path: pathsOf(parts, "path")[0] ?? [], value: tree("value") };
    case "remove":
      return { op: "remove", paths: pathsOf(parts, "paths") };
    case "expand":
      return { op: "expand", list: tree("list") };
    case "flatten":
    case "unflatten":
      return { op: clause.keyword, separator: String(optionsPart().separator) };
    case "dedupe":
      return { op: "dedupe", key: tree("key"), withinMs: msPart(parts, "within") ?? 0 };
    case "throttle": {
      const rate = constantPart(parts, "rate");
      if (typeof rate !== "object" || rate === null || !("perMs" in rate))
        throw new Error("bug: 'throttle' without its rate");
      return { op: "throttle", count: rate.count, perMs: rate.perMs };
    }
    case "sample":
      return { op: "sample", fraction: numberPart(parts, "fraction") ?? 1 };
    case "time":
      return { op: "time", value: tree("value") };
    case "attributes": {
      const values = parts.get("values");
      const fields = values?.kind === "fields" ? values.values : [];
      return { op: "attributes", values: fields.map(([name, value]) => ({ name, value: value.tree })) };
    }
    case "log":
      return { op: "log", label: stringPart(parts, "label") ?? "" };
    case "container":
      return { op: "container", image: stringPart(parts, "image") ?? "", options: optionsPart() };
    case "process":
      return { op: "process", options: optionsPart() };
    case "code":
      return {
        op: "code",
        language: "javascript",
        source: stringPart(parts, "source") ?? "",
        options: optionsPart(),
      };
    default:
      throw new Error(`bug: no operator '${clause.keyword}'`);
  }
}

/** A part of kind `options`, defaults filled in; also when it was not written. */
function optionsOf(value: IrValue | undefined, row: string, part: string) {
  const rows = clauseById(row)?.row.parts.find((one) => one.name === part)?.options ?? [];
  return optionValues(value?.kind === "options" ? value.options : [], rows);
}

function pathsOf(parts: Parts, name: string): readonly (readonly string[])[] {
  const value = parts.get(name);
  return value?.kind === "paths" ? value.paths : [];
}

export function retryPlan(node: IrNode): { readonly retry?: RetryPlan } {
  const parts = clauseOf(node.clauses, "retry");
  if (parts === undefined) return {};
  const row = `${node.kind}.retry`;
  const backoff = parts.get("backoff");
  const [low, high] = (defaultOf(row, "backoff") ?? "100ms..10s").split("..").map((text) => durationMs(text) ?? 0);
  const otherwise = wordPart(parts, "else") ?? defaultOf(row, "else");
  return {
    retry: {
      count: numberPart(parts, "count") ?? 0,
      backoffMs:
        backoff?.kind === "durations" ? [msOf(backoff.from) ?? low!, msOf(backoff.to) ?? high!] : [low!, high!],
      else: otherwise === "drop" || otherwise === "fail" ? otherwise : "dead_letter",
    },
  };
}
