/** The types of what a handler is given and answers, by method. What a client can ask stands in `methods.ts`. */
import type { CancellationToken } from "vscode-languageserver";
import type * as lsp from "vscode-languageserver-protocol";
import type { ClientMethod } from "./methods.ts";
import type { Session } from "./session.ts";

/** Methods that the session itself answers: they decide whether there is one, or what its texts are. */
type Lifecycle =
  | "initialize"
  | "initialized"
  | "shutdown"
  | "exit"
  | "$/cancelRequest"
  | "$/setTrace"
  | "$/progress"
  | "window/workDoneProgress/cancel"
  | `textDocument/did${string}`
  | `workspace/did${string}`;

export type FeatureMethod = Exclude<ClientMethod, Lifecycle>;

interface Shapes {
  "textDocument/diagnostic": [lsp.DocumentDiagnosticParams, lsp.DocumentDiagnosticReport];
  "workspace/diagnostic": [lsp.WorkspaceDiagnosticParams, lsp.WorkspaceDiagnosticReport];
  "textDocument/hover": [lsp.HoverParams, lsp.Hover | null];
  "textDocument/completion": [lsp.CompletionParams, lsp.CompletionList | null];
  "completionItem/resolve": [lsp.CompletionItem, lsp.CompletionItem];
  "textDocument/signatureHelp": [lsp.SignatureHelpParams, lsp.SignatureHelp | null];
  "textDocument/declaration": [lsp.DeclarationParams, lsp.LocationLink[] | lsp.Location[] | null];
  "textDocument/definition": [lsp.DefinitionParams, lsp.LocationLink[] | lsp.Location[] | null];
  "textDocument/typeDefinition": [lsp.TypeDefinitionParams, lsp.LocationLink[] | lsp.Location[] | null];
  "textDocument/references": [lsp.ReferenceParams, lsp.Location[] | null];
  "textDocument/documentHighlight": [lsp.DocumentHighlightParams, lsp.DocumentHighlight[] | null];
  "textDocument/documentSymbol": [lsp.DocumentSymbolParams, lsp.DocumentSymbol[] | lsp.SymbolInformation[] | null];
  "workspace/symbol": [lsp.WorkspaceSymbolParams, lsp.SymbolInformation[] | lsp.WorkspaceSymbol[] | null];
  "workspaceSymbol/resolve": [lsp.WorkspaceSymbol, lsp.WorkspaceSymbol];
  "textDocument/prepareCallHierarchy": [lsp.CallHierarchyPrepareParams, lsp.CallHierarchyItem[] | null];
  "callHierarchy/incomingCalls": [lsp.CallHierarchyIncomingCallsParams, lsp.CallHierarchyIncomingCall[] | null];
  "callHierarchy/outgoingCalls": [lsp.CallHierarchyOutgoingCallsParams, lsp.CallHierarchyOutgoingCall[] | null];
  "textDocument/documentLink": [lsp.DocumentLinkParams, lsp.DocumentLink[] | null];
  "documentLink/resolve": [lsp.DocumentLink, lsp.DocumentLink];
  "textDocument/foldingRange": [lsp.FoldingRangeParams, lsp.FoldingRange[] | null];
  "textDocument/selectionRange": [lsp.SelectionRangeParams, lsp.SelectionRange[] | null];
  "textDocument/semanticTokens/full": [lsp.SemanticTokensParams, lsp.SemanticTokens | null];
  "textDocument/semanticTokens/full/delta": [
    lsp.SemanticTokensDeltaParams,
    lsp.SemanticTokens | lsp.SemanticTokensDelta | null,
  ];
  "textDocument/semanticTokens/range": [lsp.SemanticTokensRangeParams, lsp.SemanticTokens | null];
  "textDocument/inlayHint": [lsp.InlayHintParams, lsp.InlayHint[] | null];
  "inlayHint/resolve": [lsp.InlayHint, lsp.InlayHint];
  "textDocument/codeLens": [lsp.CodeLensParams, lsp.CodeLens[] | null];
  "codeLens/resolve": [lsp.CodeLens, lsp.CodeLens];
  "textDocument/codeAction": [lsp.CodeActionParams, lsp.CodeAction[] | null];
  "codeAction/resolve": [lsp.CodeAction, lsp.CodeAction];
  "textDocument/formatting": [lsp.DocumentFormattingParams, lsp.TextEdit[] | null];
  "textDocument/rangeFormatting": [lsp.DocumentRangeFormattingParams, lsp.TextEdit[] | null];
  "textDocument/rangesFormatting": [lsp.DocumentRangesFormattingParams, lsp.TextEdit[] | null];
  "textDocument/onTypeFormatting": [lsp.DocumentOnTypeFormattingParams, lsp.TextEdit[] | null];
  "textDocument/prepareRename": [lsp.PrepareRenameParams, { range: lsp.Range; placeholder: string } | null];
  "textDocument/rename": [lsp.RenameParams, lsp.WorkspaceEdit | null];
  "textDocument/linkedEditingRange": [lsp.LinkedEditingRangeParams, lsp.LinkedEditingRanges | null];
  "workspace/willRenameFiles": [lsp.RenameFilesParams, lsp.WorkspaceEdit | null];
  "workspace/executeCommand": [lsp.ExecuteCommandParams, lsp.LSPAny];
  "workspace/textDocumentContent": [lsp.TextDocumentContentParams, lsp.TextDocumentContentResult];
}

export type Params<M extends FeatureMethod> = Shapes[M][0];
export type Answer<M extends FeatureMethod> = Shapes[M][1];

/**
 * Answers a request. May throw: `ResponseError` is for the client to show, anything else is a mistake of ours and is
 * logged and answered with nothing. What takes long gives way in slices (`work.ts`) and looks at the token.
 */
export type Handler<M extends FeatureMethod> = (
  session: Session,
  params: Params<M>,
  token: CancellationToken,
) => Answer<M> | Promise<Answer<M>>;
export type Handlers = { readonly [M in FeatureMethod]: Handler<M> };
