/** What the clauses of a node may refer to, and whom a message about its connector names. */
import type { ClauseRow, Part, Role } from "../../catalog/rows.ts";
import type { ValueType } from "../../contract/value-type.ts";
import type { Expression } from "../../syntax/ast.ts";
import type { ClauseScope } from "../clause-values.ts";
import type { ExpressionScope } from "../expressions/scope.ts";
import { checkedIn, type Expected, type ExpressionPlace, scopeOf } from "../expressions.ts";
import type { CheckedExpression } from "../model.ts";
import type { NodeEntry } from "../node-entry.ts";
import { type Declared, isBroken } from "../program.ts";
import { catalogType, errorsType, type Variables } from "../scopes.ts";

/** A scope for clauses in which `data` is of a type. */
export function clauseScope(place: ExpressionPlace, declared: Declared): ClauseScope {
  const { main } = declared.program;
  let scope: ExpressionScope | undefined;
  const checked = (e: Expression, expected: Expected | undefined): CheckedExpression => {
    scope ??= scopeOf(place, declared);
    return checkedIn(scope, e, place, declared, expected);
  };
  return {
    file: main.path,
    report: main.report,
    params: declared.params,
    expression: (e, row) =>
      checked(e, row.type === undefined ? undefined : { type: catalogType(row.type), what: `'${row.name}'` }),
    typed: (e, part, row) => checked(e, expectedOf(part, row)),
    block: (_, syntax) => ({ kind: "block", syntax, connector: undefined, clauses: [] }),
    broken: (span) => isBroken(main, span),
  };
}

function expectedOf(part: Part, row: ClauseRow): Expected | undefined {
  return part.type === undefined ? undefined : { type: catalogType(part.type), what: `'${row.keyword}'` };
}

export const placeOf = (
  declared: Declared,
  variables: Variables,
  more: Partial<ExpressionPlace> = {},
): ExpressionPlace => ({
  file: declared.program.path,
  report: declared.program.main.report,
  variables,
  ...more,
});

export const connectorOwner = (node: NodeEntry, declared: Declared) => ({
  role: roleOf(node) ?? "source",
  kind: node.kind,
  name: node.name,
  span: node.declaration.name.span,
  defaults: declared.defaults,
  quiet: isBroken(declared.program.main, node.declaration.span),
});

/** What an output of a node gives to its readers. */
export function outputType(node: NodeEntry, output: "main" | "errors" | "late"): ValueType {
  if (output === "errors") return errorsType;
  return output === "late" ? node.inputType : node.outputType;
}

const roleOf = (node: NodeEntry): Role | undefined =>
  node.kind === "source" || node.kind === "sink" || node.kind === "table" ? node.kind : undefined;
