/** Checks a step: the type of `data` changes from operator to operator. */
import type { ValueType } from "../../contract/value-type.ts";
import type { Clause } from "../../syntax/ast.ts";
import type { SortedClauses } from "../clause-rows.ts";
import { checkClause } from "../clause-values.ts";
import type { NodeEntry } from "../node-entry.ts";
import { typeAfter } from "../operator-types.ts";
import { checkPath } from "../paths.ts";
import type { Declared } from "../program.ts";
import { eventVariables, misnamedVariables } from "../scopes.ts";
import { settle } from "../types.ts";
import { checkHashable } from "./hashable.ts";
import { clauseScope, placeOf } from "./node-scope.ts";

export function checkStep(node: NodeEntry, sorted: SortedClauses, declared: Declared): void {
  const aliases = node.inputs.flatMap(({ alias }) => (alias === undefined ? [] : [alias]));
  let data = node.inputType;
  const scopeOf = (type: ValueType) =>
    clauseScope(placeOf(declared, misnamedVariables(aliases, eventVariables(type, node.downstream))), declared);
  let scope = scopeOf(data);
  for (const { clause, row } of sorted.clauses) {
    const checked = checkClause(clause, row, scope);
    node.clauses.push(checked);
    if (row.keyword === "dedupe") {
      const key = checked.values.get("key");
      if (key?.kind === "expr") checkHashable(key.value, declared);
    }
    if (row.keyword === "set" || row.keyword === "remove") checkPaths(clause, data, row.keyword, declared);
    const after = settle(typeAfter(checked, data, node, declared.types));
    if (after !== data) scope = scopeOf(after);
    data = after;
  }
  node.outputType = data;
}

/** A field that is taken away must be there, and the way to one that is set must lead through records. */
function checkPaths(clause: Clause, data: ValueType, keyword: string, declared: Declared): void {
  const rule = { clause: keyword, mustExist: keyword === "remove" };
  const values = clause.arguments.map((argument) => argument.value);
  for (const value of values.flatMap((each) => (each.kind === "many" ? each.values : [each]))) {
    if (value.kind === "path") checkPath(value, data, rule, declared);
  }
}
