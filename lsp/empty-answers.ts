/** What a feature that failed answers: nothing, in the form that the client can take. */
import type { FeatureMethod } from "./requests.ts";

const forms: Partial<Record<FeatureMethod, (params: unknown) => unknown>> = {
  "textDocument/diagnostic": () => ({ kind: "full", items: [] }),
  "workspace/diagnostic": () => ({ items: [] }),
  "completionItem/resolve": (item) => item,
  "workspaceSymbol/resolve": (symbol) => symbol,
  "documentLink/resolve": (link) => link,
  "inlayHint/resolve": (hint) => hint,
  "codeLens/resolve": (lens) => lens,
  "codeAction/resolve": (action) => action,
  "workspace/textDocumentContent": () => ({ text: "" }),
};

export const emptyAnswer = (method: FeatureMethod, params: unknown): unknown => forms[method]?.(params) ?? null;
