/** Aggregates in `emit` and `where`: each different one gets a slot, and the expression reads its result there. */
import { aggregateByName } from "../../catalog/functions.ts";
import type { FunctionRow } from "../../catalog/rows.ts";
import type { AggregatePlan } from "../../contract/runtime-config.ts";
import type { CallExpression, Expression } from "../../syntax/ast.ts";
import { isIntLiteral, asDouble } from "./check-literal.ts";
import { bare, type Checked, type Context, fail, kind } from "./context.ts";
import { argumentMismatch, wrongArgumentCount } from "./mismatch.ts";
import { chooseOverload, parametersFor } from "./overloads.ts";

export const isAggregateName = (name: string): boolean => aggregateByName.has(name);

export function checkAggregate(e: CallExpression, context: Context): Checked {
  const row = aggregateByName.get(e.name.text)!;
  if (context.inAggregate) return misplaced("FLOW3017", e, context);
  if (!context.scope.aggregates) return misplaced("FLOW3016", e, context);
  const inner: Context = { ...context, inAggregate: true };
  const args = e.arguments.map((argument) => context.check(argument, inner));
  if (!row.overloads.some((overload) => parametersFor(overload, args.length))) return wrongArgumentCount(e, row, context);
  if (!constantsAreConstant(row, e.arguments, context)) return fail(context, "FLOW3031", e.arguments[constantAt[row.name]!]!.span, { name: row.name, parameter: row.parameters[constantAt[row.name]!]! });
  const candidates = args.map((arg, i) => ({ type: arg.type, adapts: isIntLiteral(e.arguments[i]!, context) }));
  const choice = chooseOverload(row, candidates, context.scope.types);
  if (!choice) return argumentMismatch(e, row, e.arguments, args, context);
  const plan: AggregatePlan = { fn: row.name as AggregatePlan["fn"], args: args.map((arg, i) => (choice.adapted[i] ? asDouble(arg) : arg).tree) };
  return { tree: { op: "aggregate", kind: kind(choice.result, context), slot: slotOf(plan, context.scope.aggregates) }, type: choice.result };
}

function misplaced(code: "FLOW3016" | "FLOW3017", e: CallExpression, context: Context): Checked {
  return fail(context, code, e.name.span, { name: e.name.text }, {}, { op: "call", kind: "any", fn: e.name.text, args: [] });
}

/** Which argument must be a number written out, because the state depends on it. */
const constantAt: Readonly<Record<string, number>> = { quantile: 1, top: 0 };

function constantsAreConstant(row: FunctionRow, args: readonly Expression[], context: Context): boolean {
  const at = constantAt[row.name];
  if (at === undefined) return true;
  const plain = bare(args[at]!);
  if (plain.kind === "ident") return context.locals.has(plain.name) || context.scope.params.has(plain.name);
  return plain.kind === "int" || plain.kind === "double";
}

/** The same aggregate of the same arguments is counted once. */
function slotOf(plan: AggregatePlan, aggregates: AggregatePlan[]): number {
  const text = JSON.stringify(plan);
  const at = aggregates.findIndex((each) => JSON.stringify(each) === text);
  return at >= 0 ? at : aggregates.push(plan) - 1;
}
