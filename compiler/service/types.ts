/** What the features of the editor service answer: plain data with offsets, knowing neither LSP nor any editor. */
import type { Edit } from "../source/diagnostic.ts";
import type { Location, Span } from "../source/span.ts";
import type { NodeKind } from "../syntax/ast.ts";
import type { RefactoringKind } from "./refactor/kinds.ts";

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
  readonly kind: "quickfix" | "source.fixAll.flow" | "source.organizeImports" | RefactoringKind;
  /** Worked out when it is chosen, for the text of now. None where it would leave a mistake. */
  readonly edits: () => readonly Edit[];
  /** Of a quick fix: what it mends, as its place in the list of the file's diagnostics. */
  readonly diagnostic?: number;
  readonly preferred: boolean;
  /** In a sentence: why it cannot be done here. */
  readonly disabled?: string;
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
  /** What the label names, where that is declared. */
  readonly target?: Location;
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
  /** The file, as the host knows it; "" where a page is meant. */
  readonly target: string;
  /** The code of the diagnostic whose page is meant. */
  readonly code?: string;
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
  readonly name: string;
  readonly description?: string;
  /** The text has a syntax error: nodes that are there may be missing. */
  readonly broken: boolean;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly stages: readonly GraphStage[];
  /** Those that lie in no node. */
  readonly problems: readonly GraphProblem[];
}

export interface GraphNode {
  readonly name: string;
  readonly kind: NodeKind;
  readonly description?: string;
  /** `key data.user · fixed 1m`, `kafka orders`, `filter · set`. */
  readonly detail: string;
  /** The type of what it gives, on one line, shortened; sinks have none. */
  readonly type?: string;
  /** `replicas 2`. */
  readonly replicas?: string;
  /** The stage it runs in; tables have none. */
  readonly stage?: string;
  readonly at: Location;
  readonly whole: Location;
  readonly problems: readonly GraphProblem[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "main" | "errors" | "late" | "table";
  /** `.errors`, `where …`, `otherwise`, `as o`; empty when every event passes. */
  readonly label: string;
  /** Of an edge between two stages. */
  readonly topic?: string;
  readonly at: Location;
}

export interface GraphStage {
  readonly name: string;
  readonly replicas?: string;
}

export interface GraphProblem {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
  readonly at: Location;
}
