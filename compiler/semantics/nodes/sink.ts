/** Checks a sink: where it writes to, and how. */
import type { SortedClauses } from "../clause-rows.ts";
import { checkConnector } from "../connectors.ts";
import type { NodeEntry } from "../node-entry.ts";
import type { Declared } from "../program.ts";
import { eventVariables } from "../scopes.ts";
import { checkPlain, chooseFormat } from "./format.ts";
import { checkHashable } from "./hashable.ts";
import { clauseScope, connectorOwner, placeOf } from "./node-scope.ts";

export function checkSink(node: NodeEntry, sorted: SortedClauses, declared: Declared): void {
  const scope = clauseScope(placeOf(declared, eventVariables(node.inputType, node.downstream)), declared);
  node.connector = checkConnector(sorted, connectorOwner(node, declared), scope);
  const key = node.connector?.options.get("key")?.value;
  if (typeof key === "object" && key !== null && "tree" in key) checkHashable(key, declared);
  chooseFormat(node, sorted, scope);
  checkPlain(node, sorted, scope);
  node.outputType = node.inputType;
}
