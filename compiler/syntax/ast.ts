/**
 * The syntax tree of a .flow file. Plain readonly data with spans; never null where the text was broken: a hole is an
 * `error` expression or an empty name, whose span says where. Knows nothing of types or of what names mean.
 */
import type { Span } from "../source/span.ts";

export interface Node {
  readonly span: Span;
}

/** A word as written. `text` is "" where it is missing (its span is then empty, at the place where it belongs). */
export interface Name extends Node {
  readonly text: string;
}

export interface Comment extends Node {
  /** `line` = `//…`, `block` = `/*…*\/`, `doc` = `///…`; `text` without its marks, untrimmed. */
  readonly kind: "line" | "block" | "doc";
  readonly text: string;
}

export interface SourceFile extends Node {
  readonly kind: "file";
  readonly declarations: readonly Declaration[];
  /** All comments, in order, doc comments too. */
  readonly comments: readonly Comment[];
}

export type Declaration =
  | PipelineDeclaration
  | ImportDeclaration
  | ParamDeclaration
  | TypeDeclaration
  | FnDeclaration
  | NodeDeclaration
  | TestDeclaration;

interface DeclarationBase extends Node {
  /** The text of the `///` lines before it, joined by newlines, each with one leading space taken off. */
  readonly doc?: string;
  /** The span of the keyword (`source`, `type`, …). */
  readonly keyword: Span;
}

export interface PipelineDeclaration extends DeclarationBase {
  readonly kind: "pipeline";
  readonly name: Name;
  readonly clauses: readonly Clause[];
  /** The braces were written. */
  readonly braces: boolean;
  /** What a resource written by hand says of itself beyond the language. */
  readonly beyond?: BeyondLanguage;
}

/** Metadata of a resource that .flow has no words for. It is carried from resource to resource. */
export interface BeyondLanguage {
  readonly annotations: readonly { readonly name: string; readonly value: string; readonly span: Span }[];
  readonly finalizers: readonly { readonly name: string; readonly span: Span }[];
}

export interface ImportDeclaration extends DeclarationBase {
  readonly kind: "import";
  readonly path: StringLiteral | ErrorExpression;
}

export interface ParamDeclaration extends DeclarationBase {
  readonly kind: "param";
  readonly name: Name;
  readonly type?: TypeExpression;
  readonly default?: Expression;
}

export interface TypeDeclaration extends DeclarationBase {
  readonly kind: "type";
  readonly name: Name;
  readonly definition: TypeDefinition;
}

export type TypeDefinition =
  | { readonly kind: "type"; readonly type: TypeExpression; readonly span: Span }
  | {
      readonly kind: "from";
      readonly from: "schema" | "sample";
      readonly path: StringLiteral | ErrorExpression;
      readonly span: Span;
    };

export interface FnDeclaration extends DeclarationBase {
  readonly kind: "fn";
  readonly name: Name;
  readonly parameters: readonly FnParameter[];
  readonly result?: TypeExpression;
  readonly body: Expression;
}

export interface FnParameter extends Node {
  readonly name: Name;
  readonly type?: TypeExpression;
}

export type NodeKind = "source" | "step" | "window" | "chunk" | "sink" | "table";

export interface NodeDeclaration extends DeclarationBase {
  readonly kind: NodeKind;
  readonly name: Name;
  /** `source lines: Line` */
  readonly type?: TypeExpression;
  readonly inputs: readonly Input[];
  readonly clauses: readonly Clause[];
  readonly braces: boolean;
}

/** `orders as o where data.total > 100`, `orders otherwise`, `enrich.errors`. */
export interface Input extends Node {
  readonly node: Name;
  /** `errors` or `late` after a dot. */
  readonly output?: Name;
  readonly alias?: Name;
  readonly where?: Expression;
  /** The span of the word `otherwise`. */
  readonly otherwise?: Span;
}

export interface TestDeclaration extends DeclarationBase {
  readonly kind: "test";
  readonly title: StringLiteral | ErrorExpression;
  /** Statements are clauses whose row is in the catalogue's place `test`; an event (`lines at 0s { … }`) has the row `event`. */
  readonly statements: readonly Clause[];
  readonly braces: boolean;
}

/**
 * `keyword argument*`. The parser has matched the arguments with the parts of the catalogue's row, so `arguments` are
 * by part. A keyword that no row of this place has gives `row: undefined` and arguments named "0", "1", ….
 */
export interface Clause extends Node {
  readonly doc?: string;
  readonly keyword: Name;
  /** Id of the catalogue row, e.g. `step.filter`; connectors: `connector.kafka`. */
  readonly row: string | undefined;
  readonly arguments: readonly Argument[];
}

export interface Argument extends Node {
  /** The part of the row it fills; "" for one too many (already reported). */
  readonly part: string;
  /** The introducing words as written, e.g. `by lag`, `idle`, `=`. */
  readonly words: readonly Name[];
  readonly value: ArgumentValue;
}

export type ArgumentValue =
  | Expression
  | { readonly kind: "word"; readonly span: Span; readonly text: string }
  /** `0..10`, `100ms..10s` */
  | { readonly kind: "range"; readonly span: Span; readonly from: Expression; readonly to: Expression }
  /** `100/s`: `per` is the unit as written. */
  | { readonly kind: "rate"; readonly span: Span; readonly count: Expression; readonly per: Name }
  /** `data.a.b` of `set` and `remove`; `steps` without the leading `data`. Steps may be quoted: `data."a b"`, `data["a b"]`. */
  | { readonly kind: "path"; readonly span: Span; readonly root: Name; readonly steps: readonly Name[] }
  /** A node, or one of its outputs: `lines`, `enrich.errors`. */
  | { readonly kind: "node"; readonly span: Span; readonly node: Name; readonly output?: Name }
  /** `a, b` where the row's part repeats. */
  | { readonly kind: "many"; readonly span: Span; readonly values: readonly ArgumentValue[] }
  /** `{ file { path: "x" } }` */
  | { readonly kind: "block"; readonly span: Span; readonly clauses: readonly Clause[] };

// Types

export type TypeExpression =
  /** `string`, `Order`, `timestamp` */
  | { readonly kind: "name"; readonly span: Span; readonly name: Name }
  | { readonly kind: "literal"; readonly span: Span; readonly literal: Literal }
  | { readonly kind: "list"; readonly span: Span; readonly element: TypeExpression }
  /** `{string: any}` */
  | { readonly kind: "map"; readonly span: Span; readonly key: TypeExpression; readonly value: TypeExpression }
  | { readonly kind: "record"; readonly span: Span; readonly fields: readonly TypeField[] }
  | { readonly kind: "union"; readonly span: Span; readonly members: readonly TypeExpression[] }
  | { readonly kind: "error"; readonly span: Span };

export interface TypeField extends Node {
  readonly doc?: string;
  readonly name: Name;
  /** `note?: string` */
  readonly optional: boolean;
  readonly type: TypeExpression;
}

// Expressions

export type Expression =
  | Literal
  | IdentExpression
  | SelectExpression
  | IndexExpression
  | CallExpression
  | UnaryExpression
  | BinaryExpression
  | ConditionalExpression
  | ListExpression
  | RecordExpression
  | ParenthesesExpression
  | ErrorExpression;

export interface StringLiteral extends Node {
  readonly kind: "string";
  /** After escapes. */
  readonly value: string;
  /** As written, quotes and prefix included. */
  readonly raw: string;
}

export type Literal =
  | StringLiteral
  | { readonly kind: "bytes"; readonly span: Span; readonly value: Uint8Array; readonly raw: string }
  /** `value` in decimal, without sign or suffix; `raw` as written (`0x1F`, `10u`). */
  | { readonly kind: "int" | "uint"; readonly span: Span; readonly value: bigint; readonly raw: string }
  | { readonly kind: "double"; readonly span: Span; readonly value: number; readonly raw: string }
  | { readonly kind: "bool"; readonly span: Span; readonly value: boolean }
  | { readonly kind: "null"; readonly span: Span }
  /** `1h30m`; nanoseconds. */
  | { readonly kind: "duration"; readonly span: Span; readonly nanos: bigint; readonly raw: string }
  /** `64KiB`; bytes. */
  | { readonly kind: "size"; readonly span: Span; readonly bytes: number; readonly raw: string };

export interface IdentExpression extends Node {
  readonly kind: "ident";
  readonly name: string;
}
/** `of.field`, `of.?field`; quoted fields: CEL's `` of.`a-b` ``. */
export interface SelectExpression extends Node {
  readonly kind: "select";
  readonly of: Expression;
  readonly field: Name;
  readonly optional: boolean;
}
export interface IndexExpression extends Node {
  readonly kind: "index";
  readonly of: Expression;
  readonly index: Expression;
  readonly optional: boolean;
}
/** `f(a)` and `receiver.f(a)`; macros and aggregates are calls until they are checked. */
export interface CallExpression extends Node {
  readonly kind: "call";
  readonly receiver?: Expression;
  readonly name: Name;
  readonly arguments: readonly Expression[];
}
export interface UnaryExpression extends Node {
  readonly kind: "unary";
  readonly operator: "!" | "-";
  readonly of: Expression;
}
export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "+" | "-" | "*" | "/" | "%";
export interface BinaryExpression extends Node {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
}
export interface ConditionalExpression extends Node {
  readonly kind: "conditional";
  readonly test: Expression;
  readonly then: Expression;
  readonly else: Expression;
}
/** `optional` items are written `?x`. */
export interface ListExpression extends Node {
  readonly kind: "list";
  readonly items: readonly { readonly value: Expression; readonly optional: boolean; readonly span: Span }[];
}
/** Record literals, map literals with computed keys, and option records: one shape. */
export interface RecordExpression extends Node {
  readonly kind: "record";
  readonly entries: readonly RecordEntry[];
}
export type RecordEntry =
  /** `a: 1`, `"b c": 2`, `?a: x`; `quoted` where the key was a string. */
  | {
      readonly kind: "field";
      readonly span: Span;
      readonly doc?: string;
      readonly key: Name;
      readonly quoted: boolean;
      readonly optional: boolean;
      readonly value: Expression;
    }
  /** A key that is any other expression: `1: x`, `(k): x`. */
  | {
      readonly kind: "computed";
      readonly span: Span;
      readonly key: Expression;
      readonly optional: boolean;
      readonly value: Expression;
    }
  | { readonly kind: "spread"; readonly span: Span; readonly value: Expression };

export interface ParenthesesExpression extends Node {
  readonly kind: "parentheses";
  readonly of: Expression;
}
/** A hole. Whoever made it has reported it; it has the type `unknown`. */
export interface ErrorExpression extends Node {
  readonly kind: "error";
}
