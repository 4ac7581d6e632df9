/** Checks the nodes one after the other along the edges: what they read, their clauses and connectors, and the type of what they give. */
import type { ValueType } from "../../contract/value-type.ts";
import { type SortedClauses, sortClauses } from "../clause-rows.ts";
import { checkedExpression } from "../expressions.ts";
import type { NodeEntry } from "../node-entry.ts";
import { checkGroup } from "../nodes/group.ts";
import { outputType } from "../nodes/node-scope.ts";
import { checkReader } from "../nodes/reader.ts";
import { checkSink } from "../nodes/sink.ts";
import { checkStep } from "../nodes/step.ts";
import { type Declared, isBroken } from "../program.ts";
import { eventVariables, noVariables } from "../scopes.ts";
import { typeOfExpression } from "../type-expressions.ts";
import { boolType, join, unknownType } from "../types.ts";

export function checkNodes(order: readonly NodeEntry[], declared: Declared): void {
  const { memory } = declared;
  const isTable = ({ kind }: NodeEntry): boolean => kind === "table";
  for (const node of order) if (isTable(node)) checkNode(node, declared);
  memory?.surround(declared);
  for (const node of order) {
    if (isTable(node)) continue;
    if (memory) memory.node(node, declared, () => checkNode(node, declared));
    else checkNode(node, declared);
  }
}

function checkNode(node: NodeEntry, declared: Declared): void {
  const { names, program } = declared;
  const { main } = program;
  const { declaration } = node;
  if (declaration.type) {
    node.declaredType = typeOfExpression(declaration.type, { file: main.path, report: main.report, names });
  }
  const sorted = sortClauses(declaration.clauses, {
    place: node.kind,
    file: main.path,
    report: main.report,
  });
  checkRequired(node, sorted, declared);
  checkInputs(node, declared);
  switch (node.kind) {
    case "source":
    case "table":
      checkReader(node, sorted, declared);
      break;
    case "step":
      checkStep(node, sorted, declared);
      break;
    case "window":
    case "chunk":
      checkGroup(node, sorted, declared);
      break;
    case "sink":
      checkSink(node, sorted, declared);
      break;
  }
}

/** Clauses that must be there, one by one or one of a group. */
function checkRequired(node: NodeEntry, sorted: SortedClauses, { program: { main } }: Declared): void {
  const { declaration, kind, name } = node;
  if ((kind !== "window" && kind !== "table") || sorted.hasUnknown || isBroken(main, declaration.span)) return;
  const given = new Set(sorted.clauses.map(({ row }) => row.oneOf ?? row.keyword));
  const missing =
    kind === "window" && !given.has("kind")
      ? "the shape of its windows: 'fixed 1m', 'sliding 10m every 1m', 'session 30s', 'global' or 'count 100'"
      : kind === "window" && !given.has("emit")
        ? "an 'emit': what it gives, such as 'emit { key: key, n: count() }'"
        : kind === "table" && !given.has("key")
          ? "a 'key': what its rows are looked up by, such as 'key data.id'"
          : undefined;
  if (missing) main.report("FLOW2017", declaration.name.span, { name, kind, what: missing });
}

function checkInputs(node: NodeEntry, declared: Declared): void {
  const { report, path } = declared.program.main;
  const types: ValueType[] = [];
  let downstream: Map<string, ValueType> | undefined;
  for (const input of node.inputs) {
    const data = input.node ? outputType(input.node, input.output) : unknownType;
    types.push(data);
    const more = input.node && input.output === "main" ? input.node.downstream : noVariables;
    if (more.size > 0) downstream = new Map([...(downstream ?? noVariables), ...more]);
    if (input.syntax.where) {
      const place = { file: path, report, variables: eventVariables(data, more) };
      input.where = checkedExpression(input.syntax.where, place, declared, { type: boolType, what: "'where'" });
    }
  }
  if (types.length > 0) node.inputType = types.reduce((all, type) => join(all, type, declared.types));
  node.downstream = downstream ?? noVariables;
  if (downstream?.has("chunk") && !node.inputs.every(isInChunk)) downstream.delete("chunk");
}

/** Side outputs are of no chunk. */
const isInChunk = ({ node, output }: NodeEntry["inputs"][number]): boolean =>
  node === undefined || (output === "main" && node.downstream.has("chunk"));
