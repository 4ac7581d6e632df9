/** A node while it is being checked: the parts of a `ModelNode` are filled in one after the other. */
import { formatRow } from "../catalog/formats.ts";
import type { FormatRow } from "../catalog/rows.ts";
import type { ValueType } from "../contract/value-type.ts";
import type { Input, NodeDeclaration, NodeKind } from "../syntax/ast.ts";
import type { CheckedExpression, ModelClause, ModelConnector, ModelInput, ModelNode, ModelOptions } from "./model.ts";
import { noVariables, type Variables } from "./scopes.ts";
import { unknownType } from "./types.ts";

export interface InputEntry extends ModelInput {
  readonly syntax: Input;
  node: NodeEntry | undefined;
  where?: CheckedExpression;
}

export interface NodeEntry extends ModelNode {
  readonly kind: NodeKind;
  readonly inputs: InputEntry[];
  readonly readers: { readonly node: NodeEntry; readonly input: InputEntry }[];
  declaredType: ValueType | undefined;
  inputType: ValueType;
  outputType: ValueType;
  connector: ModelConnector | undefined;
  format: { readonly row: FormatRow; readonly options: ModelOptions };
  readonly clauses: ModelClause[];
  /** Variables that readers see beside `data` and `event`: `chunk`, `retracted`. */
  downstream: Variables;
  content?: object;
  /** It was misspelt somewhere, so that it may seem unread. */
  meant: boolean;
}

export const jsonFormat: FormatRow = formatRow("json")!;

const noFormat: NodeEntry["format"] = { row: jsonFormat, options: new Map() };

export function nodeEntry(declaration: NodeDeclaration, file: string): NodeEntry {
  return {
    kind: declaration.kind,
    name: declaration.name.text,
    file,
    declaration,
    inputs: [],
    readers: [],
    declaredType: undefined,
    inputType: unknownType,
    outputType: unknownType,
    connector: undefined,
    format: noFormat,
    clauses: [],
    downstream: noVariables,
    meant: false,
  };
}

export const keywordsOf = (node: ModelNode): ReadonlySet<string> =>
  new Set(node.clauses.map((clause) => clause.keyword));
export const clauseOf = (node: Pick<ModelNode, "clauses">, keyword: string): ModelClause | undefined =>
  node.clauses.find((clause) => clause.keyword === keyword);
