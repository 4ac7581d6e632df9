/** Aggregates in `emit` and `where`: each different one gets a slot, and the expression reads its result there. */
import { aggregateByName } from "../../catalog/functions.ts";
import type { FunctionRow } from "../../catalog/rows.ts";
import type { AggregatePlan } from "../../contract/runtime-config.ts";
import type { CallExpression } from "../../syntax/ast.ts";
import { asDouble, isIntLiteral } from "./check-literal.ts";
import { type Checked, type Context, fail, kind } from "./context.ts";
import { argumentMismatch, wrongArgumentCount } from "./mismatch.ts";
import { chooseOverload, parametersFor } from "./overloads.ts";

export const isAggregateName = (name: string): boolean => aggregateByName.has(name);

export function checkAggregate(e: CallExpression, context: Context): Checked {
  const row = aggregateByName.get(e.name.text)!;
  if (context.inAggregate) return misplaced("FLOW3017", e, context);
  if (!context.scope.aggregates) return misplaced("FLOW3016", e, context);
  const inner: Context = { ...context, inAggregate: true };
  const args = e.arguments.map((argument) => context.check(argument, inner));
  if (!row.overloads.some((overload) => parametersFor(overload, args.length)))
    return wrongArgumentCount(e, row, context);
  const varying = varyingConstant(row, args);
  if (varying) {
    const parameters = { name: row.name, parameter: row.parameters[varying.at]!, range: varying.range };
    return fail(context, "FLOW3031", e.arguments[varying.at]!.span, parameters);
  }
  const candidates = args.map((arg, i) => ({ type: arg.type, adapts: isIntLiteral(e.arguments[i]!, context) }));
  const choice = chooseOverload(row, candidates, context.scope.types);
  if (!choice) return argumentMismatch(e, row, e.arguments, args, context);
  const plan: AggregatePlan = {
    fn: row.name as AggregatePlan["fn"],
    args: args.map((arg, i) => (choice.adapted[i] ? asDouble(arg) : arg).tree),
  };
  return {
    tree: { op: "aggregate", kind: kind(choice.result, context), slot: slotOf(plan, context.scope.aggregates) },
    type: choice.result,
  };
}

function misplaced(code: "FLOW3016" | "FLOW3017", e: CallExpression, context: Context): Checked {
  return fail(
    context,
    code,
    e.name.span,
    { name: e.name.text },
    {},
    { op: "call", kind: "any", fn: e.name.text, args: [] },
  );
}

interface ConstantArgument {
  readonly at: number;
  readonly least: number;
  readonly greatest: number;
  readonly range: string;
}
/** Which argument must be known beforehand, because what is kept depends on it. */
const constantArguments: Readonly<Record<string, ConstantArgument>> = {
  quantile: { at: 1, least: 0, greatest: 1, range: "between 0 and 1" },
  top: { at: 0, least: 1, greatest: 10_000, range: "from 1 to 10000" },
};

/** The constant argument, when it varies or is out of range; of another type it is reported as such. */
function varyingConstant(row: FunctionRow, args: readonly Checked[]): ConstantArgument | undefined {
  const wanted = constantArguments[row.name];
  const checked = wanted && args[wanted.at];
  if (!checked || checked.type.kind === "unknown") return undefined;
  const { tree } = checked;
  if (tree.op !== "const") return wanted;
  if (tree.kind !== "int" && tree.kind !== "double") return undefined;
  const value = Number(tree.value);
  return value >= wanted.least && value <= wanted.greatest ? undefined : wanted;
}

/** The same aggregate of the same arguments is counted once. */
function slotOf(plan: AggregatePlan, aggregates: AggregatePlan[]): number {
  if (aggregates.every(({ fn }) => fn !== plan.fn)) return aggregates.push(plan) - 1;
  const text = JSON.stringify(plan);
  const at = aggregates.findIndex((each) => JSON.stringify(each) === text);
  return at >= 0 ? at : aggregates.push(plan) - 1;
}
