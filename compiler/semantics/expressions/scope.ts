/** What an expression may refer to: made by whoever checks a clause, read by the expression checker. */
import type { AggregatePlan } from "../../contract/runtime-config.ts";
import type { TypeTable, ValueType } from "../../contract/value-type.ts";
import type { Span } from "../../source/span.ts";
import type { Expression, FnDeclaration } from "../../syntax/ast.ts";
import type { Constant } from "../model.ts";

export interface TableScope {
  readonly row: ValueType;
  readonly key: ValueType;
}
export interface ParamScope {
  readonly type: ValueType;
  /** Undefined: a mistake was reported where it is declared; it then has every type. Or it comes later. */
  readonly value: Constant | undefined;
  /** It gets its value when the pipeline is compiled or run; only its type is known. */
  readonly comesLater?: boolean;
}

export interface ExpressionScope {
  /** The file that the expression stands in: fixes name it. */
  readonly file: string;
  /** `data`, `event`, `key`, `window`, `pane`, `chunk`, `retracted`, join aliases: what is in scope here. */
  readonly variables: ReadonlyMap<string, ValueType>;
  /** Some of them have names with dots in them, as CEL allows and .flow does not. */
  readonly hasDottedVariables?: boolean;
  /**
   * In `emit` and `where` of windows and chunks: the variables of a single event (`data`, `event`, aliases), which only the
   * arguments of aggregates see.
   */
  readonly eventVariables?: ReadonlyMap<string, ValueType> | undefined;
  /**
   * Where aggregates are allowed: those met are added here, each once, and named by their place. The same list for `emit`
   * and `where` of one node.
   */
  readonly aggregates?: AggregatePlan[] | undefined;
  readonly types: TypeTable;
  readonly tables: ReadonlyMap<string, TableScope>;
  readonly params: ReadonlyMap<string, ParamScope>;
  readonly functions: ReadonlyMap<string, FnDeclaration>;
  /** What cannot be resolved becomes dynamic and fails when it is evaluated, as CEL does without type check. Nothing is reported. */
  readonly lenient?: boolean;
  /** Told the type of each sub-expression, once each. Not called for the bodies of inlined functions. */
  readonly record?: ((expression: Expression, type: ValueType, visible?: Visible) => void) | undefined;
  /** Told each use of a declared name. */
  readonly use?: (name: string, span: Span, kind: "fn" | "param" | "table" | "variable") => void;
}

/** What an expression sees where it stands. */
export interface Visible {
  readonly scope: ExpressionScope;
  /** Variables of macros, and parameters. */
  readonly locals: ReadonlyMap<string, { readonly type: ValueType }>;
  readonly inAggregate: boolean;
}

/** A scope in which nothing is declared. */
export function emptyScope(file: string): ExpressionScope {
  return { file, variables: new Map(), types: {}, tables: new Map(), params: new Map(), functions: new Map() };
}
