/** What a feature that failed answers: nothing, in the form that the client can take. */
import type { FeatureMethod } from "./requests.ts";

const forms: Partial<Record<FeatureMethod, (params: unknown) => unknown>> = {
  "textDocument/diagnostic": () => ({ kind: "full", items: [] }),
  "completionItem/resolve": (item) => item,
  "codeAction/resolve": (action) => action,
  "workspace/textDocumentContent": () => ({ text: "" }),
};

export const emptyAnswer = (method: FeatureMethod, params: unknown): unknown => forms[method]?.(params) ?? null;
