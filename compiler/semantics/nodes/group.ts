/** Checks a window or a chunk: most clauses are about single events, `emit` and `where` about the result. */
import type { ClauseRow } from "../../catalog/rows.ts";
import type { AggregatePlan } from "../../contract/runtime-config.ts";
import type { ValueType } from "../../contract/value-type.ts";
import type { Span } from "../../source/span.ts";
import type { SortedClauses } from "../clause-rows.ts";
import { checkClause } from "../clause-values.ts";
import { clauseOf, type NodeEntry } from "../node-entry.ts";
import { type Declared, use } from "../program.ts";
import {
  aliasType,
  chunkType,
  eventVariables,
  misnamedVariables,
  noVariables,
  paneType,
  type Variables,
  windowType,
} from "../scopes.ts";
import { boolType, join, listOf, nullType, optionalOf, settle, unknownType } from "../types.ts";
import { checkHashable } from "./hashable.ts";
import { typeOfJoinKey } from "./join-key.ts";
import { clauseScope, outputType, placeOf } from "./node-scope.ts";

export function checkGroup(node: NodeEntry, sorted: SortedClauses, declared: Declared): void {
  const hasJoin = sorted.clauses.some(({ row }) => row.keyword === "join");
  const single = variablesOf(node, hasJoin);
  const isJoin = hasJoin || node.inputs.some((input) => input.alias !== undefined);
  const perEvent = clauseScope(placeOf(declared, single, { useVariable: useAlias(node, declared) }), declared);
  const seesResult = (row: ClauseRow): boolean => row.keyword === "emit" || row.keyword === "where";
  for (const { clause, row } of sorted.clauses) {
    if (!seesResult(row)) node.clauses.push(checkClause(clause, row, perEvent));
  }
  const keyType = typeOfKey(node, declared);
  const aggregates: AggregatePlan[] = [];
  const variables = new Map<string, ValueType>([
    ["key", keyType],
    ...(node.kind === "window"
      ? ([
          ["window", windowType],
          ["pane", paneType],
        ] as const)
      : ([["chunk", chunkType]] as const)),
    ...(node.kind === "chunk" && clauseOf(node, "window") ? ([["window", windowType]] as const) : []),
    ...(isJoin ? outerVariables(node, single) : []),
  ]);
  const place = placeOf(declared, variables, {
    eventVariables: single,
    aggregates,
    useVariable: useAlias(node, declared),
  });
  for (const { clause, row } of sorted.clauses) {
    if (seesResult(row)) node.clauses.push(checkClause(clause, row, clauseScope(place, declared)));
  }
  const emit = clauseOf(node, "emit")?.values.get("emit");
  node.outputType =
    emit?.kind === "expr" ? settle(emit.value.type) : node.kind === "chunk" ? node.inputType : unknownType;
  node.downstream = downstreamOf(node);
}

function downstreamOf(node: NodeEntry): Variables {
  if (node.kind === "chunk")
    return clauseOf(node, "emit") ? noVariables : new Map([...node.downstream, ["chunk", chunkType]]);
  const panes = clauseOf(node, "panes")?.values.get("mode");
  return panes?.kind === "word" && panes.value === "retract" ? new Map([["retracted", boolType]]) : noVariables;
}

function variablesOf(node: NodeEntry, hasJoin: boolean): Variables {
  const aliased = node.inputs.filter((input) => input.alias !== undefined);
  if (hasJoin && aliased.length === 2) return joinVariables(aliased);
  const event = eventVariables(node.inputType, node.downstream);
  if (!hasJoin && aliased.length === 0) return event;
  return misnamedVariables(
    node.inputs.map((input) => input.alias ?? input.syntax.node.text),
    event,
  );
}

/** The inputs of a join by their aliases. */
function joinVariables(aliased: NodeEntry["inputs"]): Variables {
  return new Map(
    aliased.map(
      (input) => [input.alias!, aliasType(input.node ? outputType(input.node, input.output) : unknownType)] as const,
    ),
  );
}

/** In `emit` the side that may have no partner is an optional. */
function outerVariables(node: NodeEntry, single: Variables): [string, ValueType][] {
  const mode = clauseOf(node, "join")?.values.get("mode");
  const kind = mode?.kind === "word" ? mode.value : "inner";
  return [...single].map(([name, type], index) => [
    name,
    kind === "outer" || (kind === "left" && index > 0) ? optionalOf(type) : type,
  ]);
}

const useAlias =
  (node: NodeEntry, { program, names }: Declared) =>
  (name: string, span: Span): void => {
    const input = node.inputs.find((each) => each.alias === name);
    const symbol = input && names.aliases.get(input.syntax);
    if (symbol) use(symbol, program.path, span);
  };

function typeOfKey(node: NodeEntry, declared: Declared): ValueType {
  const key = clauseOf(node, "key")?.values.get("key");
  if (key?.kind !== "exprs") return typeOfJoinKey(node, declared) ?? nullType;
  for (const value of key.values) checkHashable(value, declared);
  if (key.values.length === 1) return key.values[0]!.type;
  return listOf(
    key.values.map((value) => value.type).reduce((all, type) => join(all, type, declared.types), unknownType),
  );
}
