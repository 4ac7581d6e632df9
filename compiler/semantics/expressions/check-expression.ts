/** The type checker of expressions: from the syntax tree to the typed tree that is compiled, with diagnostics. Never throws. */
import type { ExprTree } from "../../contract/expr-tree.ts";
import type { ValueType } from "../../contract/value-type.ts";
import type { Report } from "../../source/diagnostic.ts";
import type { Expression, FnDeclaration } from "../../syntax/ast.ts";
import { isAssignable, nameOfType, resolveType, settle } from "../types.ts";
import { checkBinary } from "./check-binary.ts";
import { checkCall } from "./check-call.ts";
import { checkConditional } from "./check-conditional.ts";
import { checkFunctionBody } from "./check-function.ts";
import { checkLiteral } from "./check-literal.ts";
import { checkIdent } from "./check-name.ts";
import { adaptTo, checkList, checkRecord } from "./check-record.ts";
import { checkIndex, checkSelect } from "./check-select.ts";
import { checkUnary } from "./check-unary.ts";
import { type Checked, type Context, fail, mistaken } from "./context.ts";
import { optionalAsValue } from "./optional-as-value.ts";
import type { ExpressionScope } from "./scope.ts";

export type { ExpressionScope, ParamScope, TableScope } from "./scope.ts";
export { emptyScope } from "./scope.ts";

export interface CheckedTree {
  readonly tree: ExprTree;
  readonly type: ValueType;
}

/**
 * Checks one expression. `expected`: the type it must have, for which int literals in it adapt; `what` begins the message
 * when it has another ("The test of 'filter'"). A mistake gives the type `unknown`.
 */
export function checkExpression(
  e: Expression,
  scope: ExpressionScope,
  report: Report,
  expected?: { readonly type: ValueType; readonly what: string },
): CheckedTree {
  const context = contextFor(scope, report);
  const checked = check(e, context);
  const fitted = expected ? fitTo(e, checked, expected.type, expected.what, context) : checked;
  return { tree: fitted.tree, type: settle(fitted.type) };
}

/** Checks a function where it is declared; gives the type of its result. */
export function checkFunction(declaration: FnDeclaration, scope: ExpressionScope, report: Report): ValueType {
  return settle(checkFunctionBody(declaration, contextFor(scope, report)));
}

const noLocals: Context["locals"] = new Map();

function contextFor(scope: ExpressionScope, report: Report): Context {
  return {
    scope,
    report,
    locals: noLocals,
    work: { count: 0, depth: 0, names: undefined },
    inAggregate: false,
    calls: [],
    check,
  };
}

function fitTo(e: Expression, checked: Checked, type: ValueType, what: string, context: Context): Checked {
  const { types } = context.scope;
  const adapted = adaptTo(e, checked, type, context);
  if (isAssignable(adapted.type, type, types)) return adapted;
  const optional = resolveType(adapted.type, types);
  if (optional.kind === "optional") return optionalAsValue(e, optional.of, context, adapted.tree);
  return fail(
    context,
    "FLOW3007",
    e.span,
    { what, expected: nameOfType(type), found: nameOfType(adapted.type), hint: conversionTo(type, adapted.type) },
    {},
    adapted.tree,
  );
}

function conversionTo(wanted: ValueType, found: ValueType): string {
  if (wanted.kind === "bool" && found.kind === "string") return " Compare it: '… != \"\"'.";
  if (wanted.kind === "bool" && (found.kind === "int" || found.kind === "double")) return " Compare it: '… != 0'.";
  if (wanted.kind === "timestamp" && found.kind === "string")
    return " Convert it: 'timestamp(…)', or give the field the type timestamp.";
  if (wanted.kind === "timestamp" && found.kind === "int")
    return " Convert it: 'timestamp(…)' takes seconds, 'timestampMillis(…)' milliseconds.";
  if (wanted.kind === "string" && /^(int|uint|double|bool|timestamp|duration)$/.test(found.kind))
    return " Convert it: 'string(…)'.";
  return "";
}

/** The parser bounds nesting; inlining can add to it, and can multiply nodes. */
const deepestNesting = 500;
const mostNodes = 20_000;

function check(e: Expression, context: Context): Checked {
  const { work } = context;
  if (work.depth > deepestNesting || ++work.count > mostNodes) {
    if (work.count < Number.MAX_SAFE_INTEGER) {
      work.count = Number.MAX_SAFE_INTEGER;
      fail(context, "FLOW3030", e.span, {});
    }
    return mistaken;
  }
  work.depth++;
  const checked = checkKind(e, context);
  work.depth--;
  context.scope.record?.(e, checked.type, context);
  return checked;
}

function checkKind(e: Expression, context: Context): Checked {
  switch (e.kind) {
    case "ident":
      return checkIdent(e, context);
    case "select":
      return checkSelect(e, context);
    case "index":
      return checkIndex(e, context);
    case "call":
      return checkCall(e, context);
    case "unary":
      return checkUnary(e, context);
    case "binary":
      return checkBinary(e, context);
    case "conditional":
      return checkConditional(e, context);
    case "list":
      return checkList(e, context);
    case "record":
      return checkRecord(e, context);
    case "parentheses":
      return check(e.of, context);
    case "error":
      return mistaken;
    default:
      return checkLiteral(e);
  }
}
