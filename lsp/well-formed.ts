/** Whether the parameters of a request are whole: what a handler relies on is there, with the right types. */
import type { FeatureMethod } from "./requests.ts";

type Shape =
  | "string"
  | "object"
  | "document"
  | "position"
  | "positions"
  | "range"
  | "ranges"
  | "item"
  | "moves"
  | "results"
  | "actions"
  | "arguments";

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const member = (value: unknown, name: string): unknown => (isObject(value) ? Reflect.get(value, name) : undefined);
const isString = (value: unknown): boolean => typeof value === "string";
const isPosition = (value: unknown): boolean =>
  Number.isInteger(member(value, "line")) && Number.isInteger(member(value, "character"));
const isRange = (value: unknown): boolean => isPosition(member(value, "start")) && isPosition(member(value, "end"));
const everyOne =
  (holds: (one: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(holds);

const holds: Readonly<Record<Shape, (value: unknown) => boolean>> = {
  string: isString,
  object: isObject,
  document: (value) => isString(member(value, "uri")),
  position: isPosition,
  positions: everyOne(isPosition),
  range: isRange,
  ranges: everyOne(isRange),
  item: (value) =>
    isString(member(value, "uri")) && isString(member(value, "name")) && isRange(member(value, "selectionRange")),
  results: everyOne((one) => isString(member(one, "uri")) && isString(member(one, "value"))),
  /** The context of code actions: `only` may be missing. */
  actions: (value) =>
    everyOne((one) => isRange(member(one, "range")))(member(value, "diagnostics")) &&
    (member(value, "only") === undefined || everyOne(isString)(member(value, "only"))),
  /** May be missing. */
  arguments: (value) => value === undefined || Array.isArray(value),
  moves: everyOne((one) => isString(member(one, "oldUri")) && isString(member(one, "newUri"))),
};

const atPosition = { textDocument: "document", position: "position" } as const;
const inDocument = { textDocument: "document" } as const;
const inRange = { textDocument: "document", range: "range" } as const;

const shapes: Readonly<Record<FeatureMethod, Readonly<Record<string, Shape>>>> = {
  "textDocument/diagnostic": inDocument,
  "workspace/diagnostic": { previousResultIds: "results" },
  "textDocument/hover": atPosition,
  "textDocument/completion": atPosition,
  "completionItem/resolve": { label: "string" },
  "textDocument/signatureHelp": atPosition,
  "textDocument/declaration": atPosition,
  "textDocument/definition": atPosition,
  "textDocument/typeDefinition": atPosition,
  "textDocument/references": { ...atPosition, context: "object" },
  "textDocument/documentHighlight": atPosition,
  "textDocument/documentSymbol": inDocument,
  "workspace/symbol": { query: "string" },
  "workspaceSymbol/resolve": { name: "string", location: "document" },
  "textDocument/prepareCallHierarchy": atPosition,
  "callHierarchy/incomingCalls": { item: "item" },
  "callHierarchy/outgoingCalls": { item: "item" },
  "textDocument/documentLink": inDocument,
  "documentLink/resolve": { range: "range" },
  "textDocument/foldingRange": inDocument,
  "textDocument/selectionRange": { ...inDocument, positions: "positions" },
  "textDocument/semanticTokens/full": inDocument,
  "textDocument/semanticTokens/full/delta": { ...inDocument, previousResultId: "string" },
  "textDocument/semanticTokens/range": inRange,
  "textDocument/inlayHint": inRange,
  "inlayHint/resolve": { position: "position" },
  "textDocument/codeLens": inDocument,
  "codeLens/resolve": { range: "range" },
  "textDocument/codeAction": { ...inRange, context: "actions" },
  "codeAction/resolve": { title: "string" },
  "textDocument/formatting": inDocument,
  "textDocument/rangeFormatting": inRange,
  "textDocument/rangesFormatting": { ...inDocument, ranges: "ranges" },
  "textDocument/onTypeFormatting": { ...atPosition, ch: "string" },
  "textDocument/prepareRename": atPosition,
  "textDocument/rename": { ...atPosition, newName: "string" },
  "textDocument/linkedEditingRange": atPosition,
  "workspace/willRenameFiles": { files: "moves" },
  "workspace/executeCommand": { command: "string", arguments: "arguments" },
  "workspace/textDocumentContent": { uri: "string" },
};

/** The first member that is missing or of a wrong type; "" when there are no parameters at all. */
export function firstMissing(method: FeatureMethod, params: unknown): string | undefined {
  if (!isObject(params)) return "";
  return Object.entries(shapes[method]).find(([name, shape]) => !holds[shape](member(params, name)))?.[0];
}
