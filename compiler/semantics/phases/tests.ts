/**
 * Checks test blocks against the graph, and gives their meaning: names of nodes, events against the types of sources, expectations
 * against outputs.
 */
import type { ValueType } from "../../contract/value-type.ts";
import { didYouMean, nearest } from "../../source/nearest.ts";
import type { ArgumentValue, Clause, Expression, Name, TestDeclaration } from "../../syntax/ast.ts";
import { isExpression } from "../clause-values.ts";
import { evaluate, isDuration, mistake } from "../constants.ts";
import { checkedExpression } from "../expressions.ts";
import type { CheckedExpression, ModelStatement, ModelTest } from "../model.ts";
import type { NodeEntry } from "../node-entry.ts";
import { type Declared, isBroken, use } from "../program.ts";
import { checkQuantity } from "../quantities.ts";
import { errorsType, noVariables } from "../scopes.ts";
import { checkData, type FieldPath } from "../test-data.ts";
import { boolType, resolveType } from "../types.ts";
import { childrenOf } from "../walk.ts";
import type { Graph } from "./graph.ts";

interface Testing {
  readonly declared: Declared;
  readonly nodeByName: ReadonlyMap<string, NodeEntry>;
  /** What each name that was asked for stood for. */
  readonly asked: Map<string, NodeEntry | undefined>;
}

export function checkTests(declared: Declared, graph: Graph): readonly ModelTest[] {
  const { memory, program } = declared;
  const nodeByName = new Map(graph.nodes.toReversed().map((node) => [node.name, node]));
  return program.main.tree.declarations.flatMap((declaration) => {
    if (declaration.kind !== "test") return [];
    const work = (asked: Testing["asked"]): ModelTest => checkTest(declaration, { declared, nodeByName, asked });
    if (memory) return [memory.test(declaration, declared, nodeByName, work)];
    program.typed.begin();
    return [work(new Map())];
  });
}

function checkTest(declaration: TestDeclaration, testing: Testing): ModelTest {
  const statements = declaration.statements.flatMap((statement) => {
    const meaning = checkStatement(statement, testing);
    return meaning === undefined ? [] : [{ ...meaning, span: statement.span }];
  });
  return { declaration, statements };
}

type Meaning = DistributiveOmit<ModelStatement, "span">;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

function checkStatement(statement: Clause, testing: Testing): Meaning | undefined {
  if (statement.row === undefined || isBroken(testing.declared.program.main, statement.span)) return undefined;
  const value = (part: string): ArgumentValue | undefined =>
    statement.arguments.find((argument) => argument.part === part)?.value;
  switch (statement.row) {
    case "test.event": {
      const timeMs = checkDuration(value("at"), testing);
      const event = checkEvent(statement.keyword, value("data"), testing);
      return timeMs === undefined || event === undefined ? undefined : { kind: "event", timeMs, ...event };
    }
    case "test.watermark": {
      const timeMs = checkDuration(value("at"), testing);
      const source = resolveNode(value("source"), ["source"], testing);
      return timeMs === undefined ? undefined : { kind: "watermark", source, timeMs };
    }
    case "test.advance": {
      const byMs = checkDuration(value("by"), testing);
      return byMs === undefined ? undefined : { kind: "advance", byMs };
    }
    case "test.restart":
      return { kind: "restart" };
    case "test.end":
      return { kind: "end", source: resolveNode(value("input"), ["source"], testing) };
    case "test.table":
      return checkRows(value("table"), value("rows"), testing);
    case "test.expect":
      return checkExpect(value, testing);
    default:
      return undefined;
  }
}

function checkDuration(value: ArgumentValue | undefined, { declared }: Testing): number | undefined {
  if (!value || !isExpression(value)) return undefined;
  const { main } = declared.program;
  const scope = { file: main.path, report: main.report, params: declared.params };
  const constant = evaluate(value, scope);
  if (constant === mistake) return undefined;
  const duration = checkQuantity("duration", "The time", constant, value, scope);
  return duration !== mistake && isDuration(duration) ? duration.ms : undefined;
}

// Names

function findNode(
  name: Name,
  kinds: readonly string[],
  { declared, nodeByName, asked }: Testing,
): NodeEntry | undefined {
  const { main } = declared.program;
  const node = nodeByName.get(name.text);
  asked.set(name.text, node);
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

function checkEvent(
  name: Name,
  data: ArgumentValue | undefined,
  testing: Testing,
): { readonly source: NodeEntry; readonly data: CheckedExpression } | undefined {
  const source = findNode(name, ["source"], testing);
  if (!data || !isExpression(data)) return undefined;
  const checked = typed(data, testing);
  if (!source) return undefined;
  checkData(
    data,
    source.inputType,
    { what: `An event of '${source.name}'`, mayLack: timeFields(source), strict: true, extra: undefined },
    testing.declared,
  );
  return { source, data: checked };
}

/** The fields that the `time` clause reads: `at 5s` gives them a value. */
function timeFields(source: NodeEntry): readonly FieldPath[] {
  const value = source.clauses.find((clause) => clause.keyword === "time")?.values.get("time");
  const paths: FieldPath[] = [];
  const stack = value?.kind === "expr" ? [value.value.syntax] : [];
  for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
    const path = pathOf(e);
    if (path !== undefined) paths.push(path);
    else stack.push(...childrenOf(e));
  }
  return paths;
}

/** `data.a.b` → `["a", "b"]`. */
function pathOf(e: Expression): FieldPath | undefined {
  const names: string[] = [];
  let of = e;
  for (; of.kind === "select"; of = of.of) names.unshift(of.field.text);
  return of.kind === "ident" && of.name === "data" && names.length > 0 ? names : undefined;
}

function checkRows(
  table: ArgumentValue | undefined,
  rows: ArgumentValue | undefined,
  testing: Testing,
): Meaning | undefined {
  const node = resolveNode(table, ["table"], testing);
  const checked = itemsOf(rows).map((row) => {
    const value = typed(row, testing);
    if (node)
      checkData(
        row,
        node.inputType,
        { what: `A row of '${node.name}'`, mayLack: [], strict: true, extra: undefined },
        testing.declared,
      );
    return value;
  });
  return node && { kind: "table", table: node, rows: checked };
}

const readable = ["source", "step", "window", "chunk", "sink"];

function checkExpect(value: (part: string) => ArgumentValue | undefined, testing: Testing): Meaning | undefined {
  const target = value("node") ?? value("nothing");
  const node = resolveNode(target, readable, testing);
  const output = target?.kind === "node" ? target.output : undefined;
  const type = node && outputType(node, output, testing);
  const events = itemsOf(value("events")).map((event) => {
    const checked = typed(event, testing);
    if (node && type)
      checkData(
        event,
        type,
        { what: `What '${node.name}' gives`, mayLack: [], strict: false, extra: node.name },
        testing.declared,
      );
    return checked;
  });
  if (!node || (output && output.text !== "errors" && output.text !== "late")) return undefined;
  return {
    kind: "expect",
    node,
    output: output?.text === "errors" || output?.text === "late" ? output.text : "main",
    events,
    exactly: value("exactly") !== undefined,
    inAnyOrder: value("order") !== undefined,
  };
}

function outputType(node: NodeEntry, output: Name | undefined, { declared }: Testing): ValueType | undefined {
  if (!output) return withRetracted(node, declared);
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

/** What a window takes back comes again as it was, with `retracted: true`. */
function withRetracted({ outputType, downstream }: NodeEntry, { types }: Declared): ValueType {
  const type = resolveType(outputType, types);
  if (!downstream.has("retracted") || type.kind !== "record") return outputType;
  return { ...type, fields: [...type.fields, { name: "retracted", type: boolType, optional: true }] };
}

function itemsOf(value: ArgumentValue | undefined): readonly Expression[] {
  if (!value || !isExpression(value)) return [];
  return value.kind === "list" ? value.items.map((item) => item.value) : [value];
}

function typed(e: Expression, { declared }: Testing): CheckedExpression {
  const { main } = declared.program;
  return checkedExpression(e, { file: main.path, report: main.report, variables: noVariables }, declared);
}
