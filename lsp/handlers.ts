/** Every request about texts, and who answers it. The compiler holds this list to the rows of `methods.ts`. */
import * as hierarchy from "./features/call-hierarchy.ts";
import { onCodeAction, onCodeActionResolve } from "./features/code-actions.ts";
import { onCompletion, onCompletionResolve } from "./features/completion.ts";
import { diagnosticReport } from "./features/diagnostics.ts";
import * as formatting from "./features/formatting.ts";
import { onHover, onSignatureHelp } from "./features/hover.ts";
import * as navigation from "./features/navigation.ts";
import { onExecuteCommand, onTextDocumentContent } from "./features/previews.ts";
import * as rename from "./features/rename.ts";
import * as tokens from "./features/semantic-tokens.ts";
import * as structure from "./features/structure.ts";
import { onDocumentSymbol, onWorkspaceSymbol } from "./features/symbols.ts";
import type { Handlers } from "./requests.ts";

export const handlers: Handlers = {
  "textDocument/diagnostic": diagnosticReport,
  "textDocument/hover": onHover,
  "textDocument/completion": onCompletion,
  "completionItem/resolve": onCompletionResolve,
  "textDocument/signatureHelp": onSignatureHelp,
  "textDocument/definition": navigation.onDefinition,
  "textDocument/typeDefinition": navigation.onTypeDefinition,
  "textDocument/references": navigation.onReferences,
  "textDocument/documentHighlight": navigation.onDocumentHighlight,
  "textDocument/documentLink": navigation.onDocumentLink,
  "textDocument/documentSymbol": onDocumentSymbol,
  "workspace/symbol": onWorkspaceSymbol,
  "textDocument/prepareCallHierarchy": hierarchy.onPrepareCallHierarchy,
  "callHierarchy/incomingCalls": hierarchy.onIncomingCalls,
  "callHierarchy/outgoingCalls": hierarchy.onOutgoingCalls,
  "textDocument/foldingRange": structure.onFoldingRange,
  "textDocument/selectionRange": structure.onSelectionRange,
  "textDocument/inlayHint": structure.onInlayHint,
  "textDocument/codeLens": structure.onCodeLens,
  "textDocument/semanticTokens/full": tokens.onSemanticTokensFull,
  "textDocument/semanticTokens/full/delta": tokens.onSemanticTokensDelta,
  "textDocument/semanticTokens/range": tokens.onSemanticTokensRange,
  "textDocument/codeAction": onCodeAction,
  "codeAction/resolve": onCodeActionResolve,
  "textDocument/formatting": formatting.onFormatting,
  "textDocument/rangeFormatting": formatting.onRangeFormatting,
  "textDocument/rangesFormatting": formatting.onRangesFormatting,
  "textDocument/onTypeFormatting": formatting.onOnTypeFormatting,
  "textDocument/prepareRename": rename.onPrepareRename,
  "textDocument/rename": rename.onRename,
  "textDocument/linkedEditingRange": rename.onLinkedEditingRange,
  "workspace/willRenameFiles": rename.onWillRenameFiles,
  "workspace/executeCommand": onExecuteCommand,
  "workspace/textDocumentContent": onTextDocumentContent,
};
