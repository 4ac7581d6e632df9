/** Checks an expression for a clause: its type, its tree, the aggregates in it and the text that the custom resource shows. */
import type { ExprTree } from "../contract/expr-tree.ts";
import type { AggregatePlan } from "../contract/runtime-config.ts";
import type { ValueType } from "../contract/value-type.ts";
import type { Report } from "../source/diagnostic.ts";
import type { Expression as Syntax } from "../syntax/ast.ts";
import { printExpression } from "../syntax/print.ts";
import { checkExpression } from "./expressions/check-expression.ts";
import type { ExpressionScope } from "./expressions/scope.ts";
import { type Inlining, inline } from "./inline.ts";
import type { CheckedExpression } from "./model.ts";
import { type Declared, use } from "./program.ts";
import type { Variables } from "./scopes.ts";

export interface ExpressionPlace {
  readonly file: string;
  readonly report: Report;
  readonly variables: Variables;
  readonly eventVariables?: Variables;
  readonly aggregates?: AggregatePlan[];
  /** Told of each alias that is used. */
  readonly useVariable?: (name: string, span: { readonly start: number; readonly end: number }) => void;
}

/** What the expression must be, and how a message begins that says it is not. */
export interface Expected {
  readonly type: ValueType;
  readonly what: string;
}

export function checkedExpression(
  e: Syntax,
  place: ExpressionPlace,
  declared: Declared,
  expected?: Expected,
): CheckedExpression {
  return checkedIn(scopeOf(place, declared), e, place, declared, expected);
}

/** The same where the scope of the place is at hand: several expressions share one. */
export function checkedIn(
  scope: ExpressionScope,
  e: Syntax,
  place: ExpressionPlace,
  declared: Declared,
  expected?: Expected,
): CheckedExpression {
  const { tree, type } = checkExpression(e, scope, place.report, expected);
  return new Expression(e, type, tree, place.aggregates ?? noAggregates, declared.inlining);
}

const noAggregates: readonly AggregatePlan[] = [];

/** The text is made when it is first asked for: a check alone never needs it. */
class Expression implements CheckedExpression {
  readonly syntax: Syntax;
  readonly type: ValueType;
  readonly tree: ExprTree;
  readonly aggregates: readonly AggregatePlan[];
  readonly #inlining: Inlining;
  #text: string | undefined;

  constructor(
    syntax: Syntax,
    type: ValueType,
    tree: ExprTree,
    aggregates: readonly AggregatePlan[],
    inlining: Inlining,
  ) {
    this.syntax = syntax;
    this.type = type;
    this.tree = tree;
    this.aggregates = aggregates;
    this.#inlining = inlining;
  }

  get text(): string {
    this.#text ??= printExpression(inline(this.syntax, this.#inlining));
    return this.#text;
  }
}

export function scopeOf(place: ExpressionPlace, declared: Declared): ExpressionScope {
  const { program, names } = declared;
  const inMain = place.file === program.path;
  return {
    file: place.file,
    variables: place.variables,
    eventVariables: place.eventVariables,
    aggregates: place.aggregates,
    types: declared.types,
    tables: declared.tables,
    params: declared.params,
    functions: declared.functions,
    record: inMain
      ? (expression, type, visible) => {
          program.typed.add(expression, type);
          if (visible) program.watch?.(expression, visible);
        }
      : undefined,
    use: (name, span, kind) => {
      if (kind === "variable") return place.useVariable?.(name, span);
      const symbol = names.values.get(name);
      if (symbol) use(symbol, place.file, span);
    },
  };
}
