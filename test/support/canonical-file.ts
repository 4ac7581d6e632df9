/**
 * What of a .flow file survives the way through the custom resource: without comments, tests, imports, params and functions,
 * declarations in the order of the resource's lists, clauses and options in the order of the catalogue, expressions with no
 * more parentheses than they need.
 */
import { clausesOf } from "../../compiler/catalog/clauses.ts";
import { connectorRow, connectors } from "../../compiler/catalog/connectors.ts";
import type { OptionRow, Place } from "../../compiler/catalog/rows.ts";
import { multilineText } from "../../compiler/emit/cr/constant-text.ts";
import { sourceText } from "../../compiler/source/source-text.ts";
import type {
  Argument,
  ArgumentValue,
  Clause,
  Declaration,
  Expression,
  Input,
  NodeDeclaration,
  PipelineDeclaration,
  RecordEntry,
  SourceFile,
} from "../../compiler/syntax/ast.ts";
import { parseExpression } from "../../compiler/syntax/parse.ts";
import { printExpression } from "../../compiler/syntax/print.ts";

const order = ["pipeline", "type", "table", "source", "step", "sink"];

export function canonicalFile(file: SourceFile, name: string): SourceFile {
  const kept = file.declarations.filter((one) => !["import", "param", "fn", "test"].includes(one.kind)).map(canonical);
  const header: PipelineDeclaration = {
    kind: "pipeline",
    span: file.span,
    keyword: file.span,
    name: { text: name, span: file.span },
    clauses: [],
    braces: false,
  };
  const all = kept.some((one) => one.kind === "pipeline") ? kept : [header, ...kept];
  const rank = (one: Declaration): number =>
    order.indexOf(one.kind === "window" || one.kind === "chunk" ? "step" : one.kind);
  return { ...file, comments: [], declarations: all.toSorted((a, b) => rank(a) - rank(b)) };
}

function canonical(declaration: Declaration): Declaration {
  if (declaration.kind === "pipeline") {
    const clauses = sorted(declaration.clauses, "pipeline");
    return { ...declaration, clauses, braces: clauses.length > 0 };
  }
  const isNode = (one: Declaration): one is NodeDeclaration => "inputs" in one;
  return isNode(declaration)
    ? {
        ...declaration,
        inputs: declaration.inputs.map(canonicalInput),
        clauses: sorted(declaration.clauses, declaration.kind),
        braces: true,
      }
    : declaration;
}

const canonicalInput = (input: Input): Input =>
  input.where ? { ...input, where: canonicalExpression(input.where) } : input;

const canonicalExpression = (e: Expression): Expression =>
  parseExpression(sourceText("", printExpression(e))).expression;

const notExpressions = new Set(["word", "range", "rate", "path", "node", "many", "block"]);
const isExpression = (value: ArgumentValue): value is Expression => !notExpressions.has(value.kind);

function canonicalValue(value: ArgumentValue): ArgumentValue {
  if (value.kind === "many") return { ...value, values: value.values.map(canonicalValue) };
  return isExpression(value) ? canonicalExpression(value) : value;
}

/** Connectors first, except the pipeline's; then operators as written; then the rest by the catalogue. */
function sorted(clauses: readonly Clause[], place: Place): readonly Clause[] {
  const rows = clausesOf(place);
  const rank = (clause: Clause): number => {
    const index = rows.findIndex((row) => row.id === clause.row);
    const connector = connectors.findIndex((row) => `connector.${row.name}` === clause.row);
    if (connector >= 0) return place === "pipeline" ? 1000 + connector : -1000 + connector;
    return rows[index]?.operator ? -1 : index;
  };
  return clauses.map((clause) => canonicalClause(clause, place)).toSorted((a, b) => rank(a) - rank(b));
}

function canonicalClause({ doc: _, ...clause }: Clause, place: Place): Clause {
  const row = clausesOf(place).find((one) => one.id === clause.row);
  const connector = clause.row?.startsWith("connector.") ? connectorRow(clause.keyword.text) : undefined;
  const values = clause.arguments.flatMap((argument) =>
    row?.parts.find((part) => part.name === argument.part)?.isMultiline
      ? multiline(argument)
      : canonicalArgument(
          argument,
          connector?.options ?? row?.parts.find((part) => part.name === argument.part)?.options,
          connector !== undefined,
        ),
  );
  const parts = row?.parts.map((part) => part.name) ?? [];
  return { ...clause, arguments: values.toSorted((a, b) => parts.indexOf(a.part) - parts.indexOf(b.part)) };
}

/** Only its value lives in the resource, not how it was quoted. */
function multiline(argument: Argument): readonly Argument[] {
  const { value } = argument;
  return value.kind === "string" ? [{ ...argument, value: { ...value, raw: multilineText(value.value) } }] : [argument];
}

function canonicalArgument(
  argument: Argument,
  rows: readonly OptionRow[] | undefined,
  isConnector: boolean,
): readonly Argument[] {
  const { value } = argument;
  if (value.kind === "block") return [{ ...argument, value: { ...value, clauses: sorted(value.clauses, "errors") } }];
  if (rows === undefined || value.kind !== "record") return [{ ...argument, value: canonicalValue(value) }];
  if (value.entries.length === 0 && !isConnector) return [];
  return [{ ...argument, value: options(value, rows) }];
}

function options(
  record: Extract<Expression, { kind: "record" }>,
  rows: readonly OptionRow[],
): Extract<Expression, { kind: "record" }> {
  const index = (entry: RecordEntry): number =>
    entry.kind === "field" ? rows.findIndex((row) => row.name === entry.key.text) : -1;
  const entries = record.entries.map((entry) => {
    const row = rows[index(entry)];
    if (entry.kind !== "field" || row === undefined) return entry;
    if (row.kind === "expr") return { ...entry, value: canonicalExpression(entry.value) };
    if (row.kind === "options" && entry.value.kind === "record")
      return { ...entry, value: options(entry.value, row.options ?? []) };
    const isWord = row.kind === "choice" && entry.value.kind === "string" && /^[A-Za-z_]\w*$/.test(entry.value.value);
    return isWord && entry.value.kind === "string"
      ? { ...entry, value: { kind: "ident" as const, span: entry.span, name: entry.value.value } }
      : entry;
  });
  return { ...record, entries: entries.toSorted((a, b) => index(a) - index(b)) };
}
