/** Checks a source or a table: where it reads from, and what it gives. */
import type { ValueType } from "../../contract/value-type.ts";
import type { SortedClauses } from "../clause-rows.ts";
import { checkConnector } from "../connectors.ts";
import { typeOfConstant } from "../constant-type.ts";
import type { CheckedExpression, Constant } from "../model.ts";
import { clauseOf, type NodeEntry } from "../node-entry.ts";
import type { Declared } from "../program.ts";
import { catalogType, eventVariables } from "../scopes.ts";
import { anyType, intType, recordOf, settle, timestampType, unknownType } from "../types.ts";
import { checkPlain, chooseFormat } from "./format.ts";
import { checkHashable } from "./hashable.ts";
import { clauseScope, connectorOwner, placeOf } from "./node-scope.ts";

export function checkReader(node: NodeEntry, sorted: SortedClauses, declared: Declared): void {
  const generated = placeOf(declared, new Map([["i", intType]]));
  const optionScope = clauseScope(generated, declared);
  node.connector = checkConnector(sorted, connectorOwner(node, declared), optionScope);
  chooseFormat(node, sorted, optionScope);
  node.inputType = node.declaredType ?? typeGiven(node);
  node.outputType = node.inputType;
  const scope = clauseScope(
    placeOf(declared, node.kind === "table" ? new Map([["data", node.inputType]]) : eventVariables(node.inputType)),
    declared,
  );
  checkPlain(node, sorted, scope);
  if (node.kind !== "table") return;
  const key = clauseOf(node, "key")?.values.get("key");
  const keyType = key?.kind === "expr" ? key.value.type : unknownType;
  if (key?.kind === "expr") checkHashable(key.value, declared);
  declared.tables.set(node.name, { row: node.inputType, key: keyType });
}

/** What a source gives that declares no type. */
function typeGiven(node: NodeEntry): ValueType {
  const { connector } = node;
  const data = connector?.options.get("data")?.value;
  if (connector?.row.name === "generate") return isChecked(data) ? settle(data.type) : anyType;
  if (connector?.row.name === "cron") {
    if (data === undefined) return recordOf([{ name: "scheduled", type: timestampType, optional: false }]);
    return isChecked(data) ? data.type : widened(typeOfConstant(data));
  }
  return catalogType(node.format.row.gives);
}

const isChecked = (value: Constant | CheckedExpression | undefined): value is CheckedExpression =>
  typeof value === "object" && value !== null && "tree" in value;

function widened(type: ValueType): ValueType {
  if (type.kind === "literal") return typeof type.value === "string" ? { kind: "string" } : anyType;
  if (type.kind === "record") return recordOf(type.fields.map((field) => ({ ...field, type: widened(field.type) })));
  return type.kind === "list" || type.kind === "union" ? anyType : type;
}
