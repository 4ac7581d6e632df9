/** Checks test blocks against the graph: names of nodes, events against the types of sources, expectations against outputs. */
import type { ValueType } from "../../contract/value-type.ts";
import { didYouMean, nearest } from "../../source/nearest.ts";
import type { ArgumentValue, Clause, Expression, Name } from "../../syntax/ast.ts";
import { isExpression } from "../clause-values.ts";
import { evaluate, mistake } from "../constants.ts";
import { checkedExpression } from "../expressions.ts";
import type { NodeEntry } from "../node-entry.ts";
import { type Declared, isBroken, use } from "../program.ts";
import { checkQuantity } from "../quantities.ts";
import { errorsType, noVariables } from "../scopes.ts";
import { checkData } from "../test-data.ts";
import { visitAll } from "../walk.ts";
import type { Graph } from "./graph.ts";

interface Testing {
  readonly declared: Declared;
  readonly nodeByName: ReadonlyMap<string, NodeEntry>;
}

export function checkTests(declared: Declared, graph: Graph): void {
  const testing: Testing = { declared, nodeByName: new Map(graph.nodes.toReversed().map((node) => [node.name, node])) };
  for (const declaration of declared.program.main.tree.declarations) {
    if (declaration.kind === "test") for (const statement of declaration.statements) checkStatement(statement, testing);
  }
}

function checkStatement(statement: Clause, testing: Testing): void {
  if (statement.row === undefined || isBroken(testing.declared.program.main, statement.span)) return;
  const value = (part: string): ArgumentValue | undefined =>
    statement.arguments.find((argument) => argument.part === part)?.value;
  switch (statement.row) {
    case "test.event":
      checkDuration(value("at"), testing);
      checkEvent(statement.keyword, value("data"), testing);
      return;
    case "test.watermark":
      checkDuration(value("at"), testing);
      resolveNode(value("source"), ["source"], testing);
      return;
    case "test.advance":
      checkDuration(value("by"), testing);
      return;
    case "test.table":
      checkRows(value("table"), value("rows"), testing);
      return;
    case "test.expect":
      checkExpect(value("node") ?? value("nothing"), value("events"), testing);
      return;
  }
}

function checkDuration(value: ArgumentValue | undefined, { declared }: Testing): void {
  if (!value || !isExpression(value)) return;
  const { main } = declared.program;
  const scope = { file: main.path, report: main.report, params: declared.params };
  const constant = evaluate(value, scope);
  if (constant !== mistake) checkQuantity("duration", "The time", constant, value, scope);
}

// Names

function findNode(name: Name, kinds: readonly string[], { declared, nodeByName }: Testing): NodeEntry | undefined {
  const { main } = declared.program;
  const node = nodeByName.get(name.text);
  const symbol = declared.names.values.get(name.text);
  if (node && symbol) use(symbol, main.path, name.span);
  if (node && kinds.includes(node.kind)) return node;
  if (node) {
    main.report("FLOW4006", name.span, {
      name: name.text,
      why: `it is a ${node.kind}, and here a ${kinds.join(" or a ")} is meant`,
    });
    return undefined;
  }
  const near = nearest(
    name.text,
    [...nodeByName.values()].filter((each) => kinds.includes(each.kind)).map((each) => each.name),
  );
  const edits = [{ file: main.path, start: name.span.start, end: name.span.end, newText: near ?? "" }];
  const fixes = near === undefined ? [] : [{ title: `Change to '${near}'`, edits }];
  main.report("FLOW2001", name.span, { name: name.text, near: didYouMean(near) }, { fixes });
  return undefined;
}

function resolveNode(
  value: ArgumentValue | undefined,
  kinds: readonly string[],
  testing: Testing,
): NodeEntry | undefined {
  if (value?.kind === "node") return value.node.text === "" ? undefined : findNode(value.node, kinds, testing);
  return undefined;
}

// Data

function checkEvent(name: Name, data: ArgumentValue | undefined, testing: Testing): void {
  const source = findNode(name, ["source"], testing);
  if (!data || !isExpression(data)) return;
  typed(data, testing);
  if (!source) return;
  checkData(
    data,
    source.inputType,
    { what: `An event of '${source.name}'`, mayLack: timeFields(source), strict: true, extra: undefined },
    testing.declared,
  );
}

/** The fields that the `time` clause reads: `at 5s` gives them a value. */
function timeFields(source: NodeEntry): ReadonlySet<string> {
  const value = source.clauses.find((clause) => clause.keyword === "time")?.values.get("time");
  const fields = new Set<string>();
  if (value?.kind === "expr") {
    visitAll(value.value.syntax, (e) => {
      if (e.kind === "select" && e.of.kind === "ident" && e.of.name === "data") fields.add(e.field.text);
    });
  }
  return fields;
}

function checkRows(table: ArgumentValue | undefined, rows: ArgumentValue | undefined, testing: Testing): void {
  const node = resolveNode(table, ["table"], testing);
  for (const row of itemsOf(rows)) {
    typed(row, testing);
    if (node)
      checkData(
        row,
        node.inputType,
        { what: `A row of '${node.name}'`, mayLack: new Set(), strict: true, extra: undefined },
        testing.declared,
      );
  }
}

const readable = ["source", "step", "window", "chunk", "sink"];

function checkExpect(target: ArgumentValue | undefined, events: ArgumentValue | undefined, testing: Testing): void {
  const node = resolveNode(target, readable, testing);
  const output = target?.kind === "node" ? target.output : undefined;
  const type = node && outputType(node, output, testing);
  for (const event of itemsOf(events)) {
    typed(event, testing);
    if (node && type)
      checkData(
        event,
        type,
        { what: `What '${node.name}' gives`, mayLack: new Set(), strict: false, extra: node.name },
        testing.declared,
      );
  }
}

function outputType(node: NodeEntry, output: Name | undefined, { declared }: Testing): ValueType | undefined {
  if (!output) return node.outputType;
  if (output.text === "errors") return errorsType;
  if (output.text === "late" && node.kind === "window") return node.inputType;
  if (output.text !== "") {
    const outputs =
      node.kind === "window"
        ? ` It has '${node.name}.errors' and '${node.name}.late'.`
        : ` It has '${node.name}.errors'.`;
    declared.program.main.report("FLOW4004", output.span, {
      node: node.name,
      kind: node.kind,
      output: output.text,
      outputs,
    });
  }
  return undefined;
}

function itemsOf(value: ArgumentValue | undefined): readonly Expression[] {
  if (!value || !isExpression(value)) return [];
  return value.kind === "list" ? value.items.map((item) => item.value) : [value];
}

function typed(e: Expression, { declared }: Testing): void {
  const { main } = declared.program;
  checkedExpression(e, { file: main.path, report: main.report, variables: noVariables }, declared);
}
