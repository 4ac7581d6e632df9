/** What the parts of the expression checker hand on to each other, and the small things all of them need. */
import type { ConstTree, ExprTree, Kind } from "../../contract/expr-tree.ts";
import type { ValueType } from "../../contract/value-type.ts";
import type { Code, CodeParameters } from "../../source/codes/codes.ts";
import type { Extras, Fix, Report } from "../../source/diagnostic.ts";
import type { Span } from "../../source/span.ts";
import type { Expression } from "../../syntax/ast.ts";
import { kindOf, unknownType } from "../types.ts";
import type { ExpressionScope } from "./scope.ts";

export interface Checked {
  readonly tree: ExprTree;
  readonly type: ValueType;
}

/** A variable of a macro, a `let` or a function's parameter: what it is called in the tree, or what stands for it. */
export interface Local {
  readonly type: ValueType;
  readonly tree: ExprTree;
  /** The literal that a parameter stands for, so that it adapts as the literal would. */
  readonly literal?: Expression;
  /** A parameter that stands for an expression of some size, which must not be written twice. */
  readonly large?: true;
}

export interface Context {
  readonly scope: ExpressionScope;
  readonly report: Report;
  readonly locals: ReadonlyMap<string, Local>;
  /**
   * How many nodes were checked so far, as inlining may make exponentially many, and how many are being checked around this
   * one; and the names in the tree so far, so that each is bound once. Shared by the whole expression.
   */
  readonly work: { count: number; depth: number; names: Set<string> | undefined };
  /** Inside the argument of an aggregate. */
  readonly inAggregate: boolean;
  /** Functions being inlined, outermost first. */
  readonly calls: readonly string[];
  /** Checks a sub-expression. Here, so that the parts need not import the whole. */
  readonly check: (expression: Expression, context: Context) => Checked;
}

export const nullTree: ConstTree = { op: "const", kind: "null", value: null };
/** What a mistake becomes; never evaluated, as nothing runs when there is one. */
export const mistaken: Checked = { tree: nullTree, type: unknownType };

export const kind = (type: ValueType, context: Context): Kind => kindOf(type, context.scope.types);

/** Reports, unless the check is lenient; then `dynamic` says what is evaluated instead. */
export function fail<C extends Code>(
  context: Context,
  code: C,
  span: Span,
  parameters: CodeParameters<C>,
  extras?: Extras,
  dynamic: ExprTree = nullTree,
): Checked {
  if (context.scope.lenient) return { tree: dynamic, type: { kind: "any" } };
  context.report(code, span, parameters, extras);
  return mistaken;
}

/** The fix that writes something else at a span. */
export function replaceWith(context: Context, span: Span, newText: string, title = `Change to '${newText}'`): Fix {
  return { title, edits: [{ file: context.scope.file, start: span.start, end: span.end, newText }] };
}
export function insertAt(context: Context, offset: number, newText: string, title: string): Fix {
  return { title, edits: [{ file: context.scope.file, start: offset, end: offset, newText }] };
}
/** The fix for a near name, or none. */
export const fixesFor = (context: Context, span: Span, near: string | undefined): Extras =>
  near === undefined ? {} : { fixes: [replaceWith(context, span, near)] };

/** A name for a bound variable that no other node of the tree has: the same where possible. */
export function freshName(name: string, context: Context): string {
  context.work.names ??= new Set();
  const { names } = context.work;
  let fresh = name;
  for (
    let n = 2;
    names.has(fresh) || context.scope.variables.has(fresh) || context.scope.eventVariables?.has(fresh);
    n++
  )
    fresh = `${name}$${n}`;
  names.add(fresh);
  return fresh;
}

/** The context in which a name is bound to a variable of the tree, and that variable's name. */
export function bindVariable(
  context: Context,
  name: string,
  type: ValueType,
): { readonly name: string; readonly context: Context } {
  const fresh = freshName(name, context);
  const tree: ExprTree = { op: "var", kind: kind(type, context), name: fresh };
  return { name: fresh, context: { ...context, locals: new Map(context.locals).set(name, { type, tree }) } };
}

/** The expression without parentheses around it. */
export function bare(e: Expression): Expression {
  let at = e;
  while (at.kind === "parentheses") at = at.of;
  return at;
}
