/** Lowers a checked model to IR. Knows clauses, operators and connectors only by their catalogue rows; never sees source text or Kubernetes. */

import type { OptionRow } from "../catalog/rows.ts";
import type {
  CheckedExpression,
  Constant,
  Model,
  ModelClause,
  ModelConnector,
  ModelInput,
  ModelNode,
  ModelOptions,
  ModelValue,
} from "../semantics/model.ts";
import type { Location, Span } from "../source/span.ts";
import type { Ir, IrClause, IrConnector, IrExpression, IrInput, IrNode, IrOptions, IrOrigins, IrValue } from "./ir.ts";
import { lowerMetadata } from "./metadata.ts";
import { clauseById } from "./rows-by-id.ts";
import { hasSeveralStages } from "./stages.ts";
import { typeOrigins } from "./type-origins.ts";
import { windowRules } from "./window-rules.ts";

/**
 * The model must be free of errors; what an error left undefined is left out here.
 * @param nodes the model's, for those who have lowered them before.
 */
export function lower(model: Model, nodes: readonly IrNode[] = model.nodes.map(lowerNode)): Ir {
  const at = (span: Span) => ({ file: model.path, start: span.start, end: span.end });
  const header = model.pipeline;
  let found: IrOrigins | undefined;
  const ir: Ir = {
    name: model.name,
    ...(header?.doc === undefined ? {} : { description: header.doc }),
    clauses: lowerClauses(model.pipelineClauses, model.path),
    defaults: [...model.defaults.values()].map((connector) => lowerConnector(connector, model.path)),
    types: model.types,
    typeDocs: model.typeDocs,
    // Only a source map asks for them.
    get typeOrigins() {
      found ??= typeOrigins(model.symbols);
      return found;
    },
    nodes,
    origin: at(header?.name.span ?? { start: 0, end: 0 }),
  };
  const metadata = header?.beyond && lowerMetadata(header.beyond, at, hasSeveralStages(ir));
  return metadata === undefined ? ir : { ...ir, metadata };
}

export function lowerNode(node: ModelNode): IrNode {
  const { file, declaration } = node;
  const format = node.clauses.find((clause) => clause.keyword === "format");
  const connector = node.connector;
  const clauses = lowerClauses(node.clauses, file);
  return {
    kind: node.kind,
    name: node.name,
    ...(declaration.doc === undefined ? {} : { description: declaration.doc }),
    from: node.inputs.flatMap((input) => lowerInput(input, file)),
    ...(node.declaredType === undefined ? {} : { declaredType: node.declaredType }),
    outputType: node.outputType,
    ...(connector === undefined
      ? {}
      : {
          connector: lowerConnector(connector, file),
          format: {
            type: node.format.row.name,
            options: lowerOptions(node.format.options, node.format.row.options, file),
            explicit: format !== undefined,
          },
        }),
    clauses,
    ...(node.kind === "window" ? { windowRules: windowRules(clauses) } : {}),
    origin: locate(declaration.name.span, file),
  };
}

function lowerInput(input: ModelInput, file: string): readonly IrInput[] {
  if (input.node === undefined) return [];
  return [
    {
      node: input.node.name,
      output: input.output,
      ...(input.where === undefined ? {} : { where: lowerExpression(input.where, file) }),
      otherwise: input.otherwise,
      ...(input.alias === undefined ? {} : { alias: input.alias }),
      origin: locate(input.syntax.span, file),
    },
  ];
}

/** Operators keep their order and come first; the rest follows in the order of the catalogue. */
function lowerClauses(clauses: readonly ModelClause[], file: string): readonly IrClause[] {
  const lowered = clauses.map((clause) => lowerClause(clause, file));
  const isSorted = lowered.every((clause, i) => i === 0 || orderOf(lowered[i - 1]!) <= orderOf(clause));
  return isSorted ? lowered : lowered.sort((a, b) => orderOf(a) - orderOf(b));
}

function orderOf(clause: IrClause): number {
  const found = clauseById(clause.row);
  return found === undefined || found.row.operator ? -1 : found.index;
}

function lowerClause(clause: ModelClause, file: string): IrClause {
  const parts = clauseById(clause.row)?.row.parts ?? [];
  const values: (readonly [string, IrValue])[] = [];
  for (const part of parts) {
    const value = clause.values.get(part.name);
    const lowered = value && lowerValue(value, file, part.options ?? []);
    const isEmpty = part.optional && lowered?.kind === "options" && lowered.options.length === 0;
    if (value === undefined || lowered === undefined || isEmpty) continue;
    values.push([part.name, lowered]);
  }
  return { row: clause.row, keyword: clause.keyword, values, origin: locate(clause.syntax.span, file) };
}

function lowerValue(value: ModelValue, file: string, rows: readonly OptionRow[]): IrValue | undefined {
  const origin = locate(value.syntax.span, file);
  switch (value.kind) {
    case "expr":
      return { kind: "expr", value: lowerExpression(value.value, file), origin };
    case "exprs":
      return { kind: "exprs", values: value.values.map((one) => lowerExpression(one, file)), origin };
    case "fields":
      return {
        kind: "fields",
        values: value.values.map((one) => [one.name.text, lowerExpression(one.value, file)] as const),
        origin,
      };
    case "constant":
      return { kind: "constant", value: value.value, origin };
    case "word":
      return { kind: "word", value: value.value, origin };
    case "durations":
      return { kind: "durations", from: value.from, to: value.to, origin };
    case "replicas":
      return { kind: "replicas", value: value.value, origin };
    case "paths":
      return { kind: "paths", paths: value.paths, origin };
    case "options":
      return {
        kind: "options",
        options: lowerOptions(value.options, rows, file),
        origins: originsOf(value.options, rows, file),
        origin,
      };
    case "block":
      return {
        kind: "block",
        connector: value.connector && lowerConnector(value.connector, file),
        clauses: lowerClauses(value.clauses, file),
        origin,
      };
    case "node":
      return undefined;
  }
}

function lowerConnector(connector: ModelConnector, file: string): IrConnector {
  return {
    type: connector.row.name,
    options: lowerOptions(connector.options, connector.row.options, file),
    origins: originsOf(connector.options, connector.row.options, file),
    origin: locate(connector.syntax.span, file),
  };
}

/** In the order of the catalogue. */
function lowerOptions(options: ModelOptions, rows: readonly OptionRow[], file: string): IrOptions {
  const lowered: IrOptions[number][] = [];
  if (options.size === 0) return lowered;
  for (const { name } of rows) {
    const value = options.get(name)?.value;
    if (value !== undefined) lowered.push([name, isChecked(value) ? lowerExpression(value, file) : value]);
  }
  return lowered;
}

function originsOf(options: ModelOptions, rows: readonly OptionRow[], file: string): IrOrigins {
  const origins: Record<string, Location> = {};
  for (const { name } of options.size === 0 ? [] : rows) {
    const option = options.get(name);
    if (option !== undefined) origins[name] = locate(option.span, file);
  }
  return origins;
}

const isChecked = (value: Constant | CheckedExpression): value is CheckedExpression =>
  typeof value === "object" && value !== null && "tree" in value;

function lowerExpression(expression: CheckedExpression, file: string): IrExpression {
  return {
    text: expression.text,
    tree: expression.tree,
    type: expression.type,
    aggregates: expression.aggregates,
    origin: locate(expression.syntax.span, file),
  };
}

const locate = (span: Span, file: string): Location => ({ file, start: span.start, end: span.end });
