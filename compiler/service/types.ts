/** What the features of the editor service answer: plain data with offsets, knowing neither LSP nor any editor. */
import type { Edit } from "../source/diagnostic.ts";
import type { Location, Span } from "../source/span.ts";
import type { NodeKind } from "../syntax/ast.ts";

export type { Diagnostic, Edit } from "../source/diagnostic.ts";
export type { Location, Span } from "../source/span.ts";

export interface Hover {
  readonly markdown: string;
  /** What the text is about, in the file that was asked for. */
  readonly span: Span;
}

export type CompletionKind =
  | "keyword"
  | "clause"
  | "connector"
  | "option"
  | "value"
  | "node"
  | "variable"
  | "field"
  | "function"
  | "method"
  | "type"
  | "param"
  | "snippet"
  | "file";

export interface CompletionItem {
  readonly label: string;
  readonly kind: CompletionKind;
  /** One line beside the label: a type, a signature. */
  readonly detail?: string;
  /** What is replaced: from the start of the word to its end. */
  readonly span: Span;
  readonly newText: string;
  /** `newText` has tab stops, `$1`, `${2:name}` and `$0`; `$`, `}` and `\` in it are escaped. */
  readonly isSnippet: boolean;
  /** Items are shown in this order. */
  readonly sortText: string;
  /** Asked for by `resolveCompletion`: where the documentation stands. */
  readonly docKey?: string;
  readonly documentation?: string;
  /** Further edits, of the same file: an import, where the name comes from another one. */
  readonly additionalEdits?: readonly Edit[];
  /** Completion is to be asked for again after this item. */
  readonly triggersNext?: true;
}

export interface SignatureHelp {
  readonly signatures: readonly Signature[];
  readonly activeSignature: number;
  readonly activeParameter: number;
}

export interface Signature {
  readonly label: string;
  readonly documentation: string;
  /** Offsets into `label`. */
  readonly parameters: readonly Span[];
}

/** Where a link leads; `span` is the whole thing, `at` its name. */
export interface Target {
  /** What was clicked on. */
  readonly origin: Span;
  readonly at: Location;
  readonly whole: Location;
}

export interface Highlight extends Span {
  readonly kind: "read" | "write";
}

export type SymbolKind = NodeKind | "pipeline" | "import" | "type" | "fn" | "param" | "test" | "field" | "clause";

export interface DocumentSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: SymbolKind;
  readonly span: Span;
  /** Its name; inside `span`. */
  readonly selection: Span;
  readonly children: readonly DocumentSymbol[];
}

export interface WorkspaceSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** The pipeline or file it belongs to. */
  readonly container: string;
  readonly at: Location;
}

export interface RenamePlace {
  readonly span: Span;
  readonly placeholder: string;
}

/** `edits` of any files, or why not, in a sentence. */
export type RenameResult =
  | { readonly edits: readonly Edit[]; readonly refusal?: never }
  | { readonly edits?: never; readonly refusal: string };

export interface CodeAction {
  readonly title: string;
  readonly kind: "quickfix" | "source.fixAll" | "source.organizeImports" | "refactor" | "refactor.extract";
  readonly edits: readonly Edit[];
  /** Of a quick fix: what it mends, as its place in the list of the file's diagnostics. */
  readonly diagnostic?: number;
  readonly preferred: boolean;
}

/** Names of the legends, in the order of their numbers. */
export const semanticTokenTypes = [
  "keyword",
  "namespace",
  "type",
  "class",
  "function",
  "method",
  "variable",
  "parameter",
  "property",
  "enumMember",
  "string",
  "number",
  "operator",
  "comment",
] as const;
export type SemanticTokenType = (typeof semanticTokenTypes)[number];

export const semanticTokenModifiers = ["declaration", "readonly", "documentation", "defaultLibrary"] as const;
export type SemanticTokenModifier = (typeof semanticTokenModifiers)[number];

/** On one line, in ascending order, not overlapping. */
export interface SemanticToken extends Span {
  readonly type: SemanticTokenType;
  readonly modifiers: readonly SemanticTokenModifier[];
}

export interface FoldingRange extends Span {
  readonly kind: "region" | "comment" | "imports";
}

export interface InlayHint {
  readonly offset: number;
  readonly label: string;
  readonly kind: "type" | "stage" | "default";
  readonly tooltip: string;
  readonly paddingLeft: boolean;
}

export interface CodeLens {
  readonly span: Span;
  readonly title: string;
  readonly command:
    | { readonly kind: "run" }
    | { readonly kind: "test"; readonly title: string }
    | { readonly kind: "neighbours"; readonly node: string; readonly locations: readonly Location[] };
}

export interface DocumentLink {
  readonly span: Span;
  /** The file, as the host knows it. */
  readonly target: string;
  readonly tooltip: string;
}

/** A node of the pipeline in the call hierarchy: upstream is incoming, downstream outgoing. */
export interface HierarchyItem {
  readonly name: string;
  readonly kind: NodeKind;
  readonly detail: string;
  readonly whole: Location;
  readonly selection: Location;
}

export interface HierarchyCall {
  readonly item: HierarchyItem;
  /** The inputs by which the one reads the other; in the file of the reader. */
  readonly from: readonly Span[];
}

export type PreviewKind = "resource" | "runtime" | "ir" | "graph";

export interface Preview {
  readonly kind: PreviewKind;
  readonly language: "yaml" | "json" | "mermaid";
  /** Empty when the file has errors: `problem` says so then. */
  readonly text: string;
  readonly problem?: string;
  /** From the smallest to the largest part of `text` back to the source. */
  readonly mappings: readonly PreviewMapping[];
}

export interface PreviewMapping {
  /** In the preview. */
  readonly span: Span;
  readonly source: Location;
}

export interface GraphPreview {
  readonly problem?: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  readonly name: string;
  readonly kind: NodeKind;
  /** The type of what it gives. */
  readonly type: string;
  /** `fixed 1m`, `kafka`, `filter, set`. */
  readonly detail: string;
  /** The stage it runs in; empty while the pipeline has errors. */
  readonly stages: readonly string[];
  readonly at: Location;
  readonly whole: Location;
  readonly errors: number;
  readonly warnings: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly output: "main" | "errors" | "late";
  /** The text of `where`, or `otherwise`. */
  readonly label: string;
  readonly at: Location;
}
