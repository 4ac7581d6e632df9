/**
 * A checked pipeline: what every name means and what type every expression has. Still refers to the syntax tree (for
 * spans and for expression text); knows nothing of the custom resource or of the runtime.
 */
import type { ConnectorRow, FormatRow } from "../catalog/rows.ts";
import type { ExprTree } from "../contract/expr-tree.ts";
import type { AggregatePlan } from "../contract/runtime-config.ts";
import type { TypeTable, ValueType } from "../contract/value-type.ts";
import type { Location, Span } from "../source/span.ts";
import type {
  Argument,
  Clause,
  Expression,
  FnDeclaration,
  Input,
  Name,
  NodeDeclaration,
  NodeKind,
  ParamDeclaration,
  PipelineDeclaration,
  SourceFile,
  TestDeclaration,
  TypeDeclaration,
} from "../syntax/ast.ts";

/** A JSON-like constant; durations, sizes, rates and secrets keep what they are. Durations in ms (may be fractional). */
export type Constant =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Constant[]
  | { readonly kind: "duration"; readonly ms: number; readonly text: string }
  | { readonly kind: "size"; readonly bytes: number; readonly text: string }
  /** RFC 3339. */
  | { readonly kind: "timestamp"; readonly text: string }
  | { readonly kind: "rate"; readonly count: number; readonly perMs: number; readonly text: string }
  | { readonly kind: "secret"; readonly name: string; readonly key: string }
  | { readonly kind: "record"; readonly entries: readonly (readonly [string, Constant])[] };

/** An expression with its meaning. `text` is how the custom resource shows it: functions inlined, params replaced, formatted. */
export interface CheckedExpression {
  readonly syntax: Expression;
  readonly type: ValueType;
  readonly tree: ExprTree;
  readonly text: string;
  /** Of `emit` and `where` in windows and chunks: the aggregates that `aggregate` trees name by slot. */
  readonly aggregates: readonly AggregatePlan[];
}

/** A named thing, where it is declared and where it is used: for rename, references, hover. `file` may be an import. */
export interface ModelSymbol {
  readonly kind: NodeKind | "type" | "fn" | "param" | "pipeline" | "alias";
  readonly name: string;
  readonly at: Location;
  readonly declaration:
    | NodeDeclaration
    | TypeDeclaration
    | FnDeclaration
    | ParamDeclaration
    | PipelineDeclaration
    | Input;
  readonly uses: readonly Location[];
}

export interface ModelInput {
  readonly syntax: Input;
  /** The node read, absent when the name is unknown (already reported). */
  readonly node: ModelNode | undefined;
  readonly output: "main" | "errors" | "late";
  readonly where?: CheckedExpression;
  readonly otherwise: boolean;
  readonly alias?: string;
}

/** A clause with its arguments given meaning; key is the part's name. */
export interface ModelClause {
  readonly syntax: Clause;
  /** Id of its catalogue row. */
  readonly row: string;
  readonly keyword: string;
  readonly values: ReadonlyMap<string, ModelValue>;
}

export type ModelValue =
  | { readonly kind: "expr"; readonly syntax: Argument; readonly value: CheckedExpression }
  | { readonly kind: "exprs"; readonly syntax: Argument; readonly values: readonly CheckedExpression[] }
  | {
      readonly kind: "fields";
      readonly syntax: Argument;
      readonly values: readonly { readonly name: Name; readonly value: CheckedExpression }[];
    }
  | { readonly kind: "constant"; readonly syntax: Argument; readonly value: Constant }
  /** A choice, as the catalogue spells it. */
  | { readonly kind: "word"; readonly syntax: Argument; readonly value: string }
  | { readonly kind: "durations"; readonly syntax: Argument; readonly from: Constant; readonly to: Constant }
  | {
      readonly kind: "replicas";
      readonly syntax: Argument;
      readonly value: number | "partitions" | { readonly min: number; readonly max: number };
    }
  | { readonly kind: "paths"; readonly syntax: Argument; readonly paths: readonly (readonly string[])[] }
  | { readonly kind: "options"; readonly syntax: Argument; readonly options: ModelOptions }
  | {
      readonly kind: "block";
      readonly syntax: Argument;
      readonly connector: ModelConnector | undefined;
      readonly clauses: readonly ModelClause[];
    }
  | {
      readonly kind: "node";
      readonly syntax: Argument;
      readonly node: string;
      readonly output: "main" | "errors" | "late";
    };

/** Options as given, in written order; defaults are not filled in here. */
export type ModelOptions = ReadonlyMap<string, { readonly span: Span; readonly value: Constant | CheckedExpression }>;

export interface ModelConnector {
  readonly syntax: Clause;
  readonly row: ConnectorRow;
  readonly options: ModelOptions;
}

export interface ModelNode {
  readonly kind: NodeKind;
  readonly name: string;
  /** The file in which it is declared. */
  readonly file: string;
  readonly declaration: NodeDeclaration;
  readonly inputs: readonly ModelInput[];
  /** The declared type, where there is one. */
  readonly declaredType: ValueType | undefined;
  /** What `data` is before its clauses, and after them. */
  readonly inputType: ValueType;
  readonly outputType: ValueType;
  /** Connector of a source, sink or table; undefined when missing or unknown. */
  readonly connector: ModelConnector | undefined;
  readonly format: { readonly row: FormatRow; readonly options: ModelOptions };
  /** In written order, connectors not among them. */
  readonly clauses: readonly ModelClause[];
  /** Nodes that read it, in written order. */
  readonly readers: readonly { readonly node: ModelNode; readonly input: ModelInput }[];
  /** The same object in two models: everything of the node is the same, but for where it stands and who reads it. */
  readonly content?: object;
}

export interface ModelTest {
  readonly declaration: TestDeclaration;
  /** In written order; a statement with a mistake is left out. */
  readonly statements: readonly ModelStatement[];
}

/** A statement of a test. Times are milliseconds since its start. */
export type ModelStatement = { readonly span: Span } & (
  | { readonly kind: "event"; readonly source: ModelNode; readonly timeMs: number; readonly data: CheckedExpression }
  | { readonly kind: "watermark"; readonly source: ModelNode | undefined; readonly timeMs: number }
  | { readonly kind: "advance"; readonly byMs: number }
  | { readonly kind: "restart" }
  | { readonly kind: "end"; readonly source: ModelNode | undefined }
  | { readonly kind: "table"; readonly table: ModelNode; readonly rows: readonly CheckedExpression[] }
  | {
      readonly kind: "expect";
      readonly node: ModelNode;
      readonly output: "main" | "errors" | "late";
      readonly events: readonly CheckedExpression[];
      readonly exactly: boolean;
      readonly inAnyOrder: boolean;
    }
);

export interface Model {
  readonly file: SourceFile;
  readonly path: string;
  /** From the `pipeline` header, else from the file's name. */
  readonly name: string;
  readonly pipeline: PipelineDeclaration | undefined;
  readonly pipelineClauses: readonly ModelClause[];
  /** Connection defaults of the pipeline header, own before imported, by connector name. */
  readonly defaults: ReadonlyMap<string, ModelConnector>;
  readonly symbols: readonly ModelSymbol[];
  /** Named types that are in use or declared here, imported ones too. */
  readonly types: TypeTable;
  readonly typeDocs: Readonly<Record<string, string>>;
  readonly params: ReadonlyMap<
    string,
    { readonly declaration: ParamDeclaration; readonly type: ValueType; readonly value: Constant | undefined }
  >;
  readonly functions: ReadonlyMap<string, FnDeclaration>;
  /** In written order, tables too. */
  readonly nodes: readonly ModelNode[];
  /** Nodes without tables, each after its inputs; nodes on a cycle are left out. */
  readonly order: readonly ModelNode[];
  readonly tests: readonly ModelTest[];
  /** The type of every expression of the file that was checked, sub-expressions too. */
  readonly typeOf: ReadonlyMap<Expression, ValueType>;
  /** Files that were imported or read for a type, as the host knows them, and those looked for in vain. */
  readonly dependencies: readonly string[];
}
