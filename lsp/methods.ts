/**
 * Every method of the Language Server Protocol 3.18, as data: whether the server has it, what it declares for it, and what it does.
 * The answer to `initialize`, the handlers that are registered and the table in docs/editors.md are made from these rows.
 */
import type { ClientCapabilities, ServerCapabilities } from "vscode-languageserver-protocol";
import { codeActionKinds } from "../compiler/service/action-kinds.ts";
import { semanticTokenModifiers, semanticTokenTypes } from "../compiler/service/types.ts";
import { commandNames } from "./command-names.ts";

export interface MethodRow {
  readonly method: string;
  /** Who sends it. */
  readonly from: "client" | "server";
  readonly supported: boolean;
  /** What it does here, or why it is not there. One line. */
  readonly doc: string;
  /** What `initialize` answers for it; those of all rows are merged. */
  readonly capability?: ServerCapabilities;
  /** The capability is declared to such clients alone. */
  readonly when?: (client: ClientCapabilities) => boolean;
}

const flowFile = { scheme: "file", pattern: { glob: "**/*.flow", matches: "file" as const } };
const flowFiles = { filters: [flowFile] };
/** A folder may hold some. */
const flowFilesAndFolders = {
  filters: [flowFile, { scheme: "file", pattern: { glob: "**", matches: "folder" as const } }],
};
const semanticTokens = (part: { full?: boolean | { delta: boolean }; range?: boolean }): ServerCapabilities => ({
  semanticTokensProvider: {
    legend: { tokenTypes: [...semanticTokenTypes], tokenModifiers: [...semanticTokenModifiers] },
    ...part,
  },
});

/** Diagnostics go one way: to clients that ask for them by answer, to the others by notification. */
export const pullsDiagnostics = (client: ClientCapabilities): boolean => client.textDocument?.diagnostic !== undefined;

const yes = <M extends string>(
  method: M,
  doc: string,
  capability?: ServerCapabilities,
  when?: (client: ClientCapabilities) => boolean,
) => ({
  method,
  from: "client" as const,
  supported: true as const,
  doc,
  ...(capability === undefined ? {} : { capability }),
  ...(when === undefined ? {} : { when }),
});
const no = <M extends string>(method: M, doc: string) => ({
  method,
  from: "client" as const,
  supported: false as const,
  doc,
});
const sends = <M extends string>(method: M, doc: string) => ({
  method,
  from: "server" as const,
  supported: true as const,
  doc,
});
const never = <M extends string>(method: M, doc: string) => ({
  method,
  from: "server" as const,
  supported: false as const,
  doc,
});

export const methods = [
  // Lifecycle.
  yes("initialize", "Agrees on capabilities and on the unit of positions: UTF-16, UTF-8 or UTF-32."),
  yes("initialized", "Asks the client to watch `.flow`, JSON and NDJSON files."),
  yes("shutdown", "Every later request is refused."),
  yes("exit", "Exit code 0 after `shutdown`, else 1."),
  yes("$/cancelRequest", "A request that has not begun, or that works in slices, ends as cancelled."),
  yes("$/setTrace", "Accepted; nothing is traced beyond what the editor sees itself."),
  yes("$/progress", "Sent: how far long work is, and parts of `workspace/diagnostic`. None is taken."),
  never("$/logTrace", "Nothing to trace beyond the messages themselves."),
  sends("client/registerCapability", "For watching files and settings, where the client can."),
  never("client/unregisterCapability", "What is registered stays."),

  // Text.
  yes("textDocument/didOpen", "The text of the editor counts from now on.", {
    textDocumentSync: { openClose: true, change: 2, save: { includeText: false } },
  }),
  yes("textDocument/didChange", "Incremental; whole texts are taken too."),
  yes("textDocument/didClose", "The file on disk counts again."),
  yes("textDocument/didSave", "Where the client does not watch files, looks again at those that were read."),
  no("textDocument/willSave", "Nothing is to be done then."),
  no(
    "textDocument/willSaveWaitUntil",
    "Editors format on save by `textDocument/formatting` and mend by `source.fixAll`; here it would be done twice.",
  ),
  no("notebookDocument/didOpen", "There are no notebooks of `.flow`."),
  no("notebookDocument/didChange", "There are no notebooks of `.flow`."),
  no("notebookDocument/didSave", "There are no notebooks of `.flow`."),
  no("notebookDocument/didClose", "There are no notebooks of `.flow`."),

  // Diagnostics.
  yes(
    "textDocument/diagnostic",
    "For clients that pull: what `flow check` says, those of imported files that are not open too.",
    { diagnosticProvider: { identifier: "flow", interFileDependencies: true, workspaceDiagnostics: true } },
    pullsDiagnostics,
  ),
  yes(
    "workspace/diagnostic",
    "Of open files and what they import, or of all files if the setting `flow.diagnostics.scope` says so; in parts, with progress.",
  ),
  sends("workspace/diagnostic/refresh", "When files change outside the editor."),
  sends("textDocument/publishDiagnostics", "For clients that do not pull, and only for them."),

  // Reading.
  yes("textDocument/hover", "Type, documentation, signature, and what flows here.", { hoverProvider: true }),
  yes("textDocument/completion", "Every place of the grammar, also inside half-typed expressions.", {
    completionProvider: { triggerCharacters: [".", '"', ":", "@", "("], resolveProvider: true },
  }),
  yes("completionItem/resolve", "The documentation of one item."),
  yes("textDocument/signatureHelp", "The parameters of a function while its call is typed.", {
    signatureHelpProvider: { triggerCharacters: ["(", ","], retriggerCharacters: [")"] },
  }),
  yes("textDocument/declaration", "The same as the definition.", { declarationProvider: true }),
  yes("textDocument/definition", "Also into imported files.", { definitionProvider: true }),
  yes("textDocument/typeDefinition", "The `type` of a node, a field or a value.", { typeDefinitionProvider: true }),
  no("textDocument/implementation", "Nothing is declared in one place and implemented in another."),
  yes("textDocument/references", "In all files of the workspace.", { referencesProvider: { workDoneProgress: true } }),
  yes("textDocument/documentHighlight", "Reads and writes of the name under the cursor.", {
    documentHighlightProvider: true,
  }),
  yes("textDocument/documentSymbol", "The outline: declarations and their clauses.", { documentSymbolProvider: true }),
  yes("workspace/symbol", "Declarations of all files of the workspace.", {
    workspaceSymbolProvider: { resolveProvider: true, workDoneProgress: true },
  }),
  yes("workspaceSymbol/resolve", "Where in its file a symbol stands, for clients that ask when they go there."),
  yes("textDocument/prepareCallHierarchy", "The node under the cursor.", { callHierarchyProvider: true }),
  yes("callHierarchy/incomingCalls", "The nodes upstream."),
  yes("callHierarchy/outgoingCalls", "The nodes downstream."),
  no("textDocument/prepareTypeHierarchy", "Types are structural: there is no hierarchy."),
  no("typeHierarchy/supertypes", "Types are structural: there is no hierarchy."),
  no("typeHierarchy/subtypes", "Types are structural: there is no hierarchy."),
  yes(
    "textDocument/documentLink",
    "Imported files, schemas, samples and what sources read, and the page of a diagnostic that is silenced.",
    {
      documentLinkProvider: { resolveProvider: true },
    },
  ),
  yes("documentLink/resolve", "What the file declares, or that there is none."),
  yes("textDocument/foldingRange", "Blocks, comments and imports.", { foldingRangeProvider: true }),
  yes("textDocument/selectionRange", "From the word to the file.", { selectionRangeProvider: true }),
  yes(
    "textDocument/semanticTokens/full",
    "What each word is, from the checked program.",
    semanticTokens({ full: true }),
  ),
  yes("textDocument/semanticTokens/full/delta", "What has changed since.", semanticTokens({ full: { delta: true } })),
  yes("textDocument/semanticTokens/range", "Of a part of the file.", semanticTokens({ range: true })),
  sends("workspace/semanticTokens/refresh", "When files change outside the editor."),
  yes("textDocument/inlayHint", "Inferred types, defaults that matter, and where data crosses a topic.", {
    inlayHintProvider: { resolveProvider: true },
  }),
  yes("inlayHint/resolve", "What the hint means, and where the type that it names is declared."),
  sends("workspace/inlayHint/refresh", "When files change outside the editor."),
  yes("textDocument/codeLens", "Run, test, and the neighbours of a node.", {
    codeLensProvider: { resolveProvider: true },
  }),
  yes("codeLens/resolve", "How many neighbours a node has, and where they are."),
  sends("workspace/codeLens/refresh", "When files change outside the editor."),
  never("workspace/foldingRange/refresh", "Folding depends on the text of its file alone."),
  no("textDocument/documentColor", "There are no colours in `.flow`."),
  no("textDocument/colorPresentation", "There are no colours in `.flow`."),
  no("textDocument/inlineValue", "There is no debugger."),
  never("workspace/inlineValue/refresh", "There is no debugger."),
  no("textDocument/inlineCompletion", "Completion proposes what the grammar and the types allow; nothing is guessed."),
  no("textDocument/moniker", "No index of several repositories is written."),

  // Changing.
  yes(
    "textDocument/codeAction",
    "Quick fixes of diagnostics, fix all, organise imports; refactorings: extract a function, a param or a type, split and inline a step, write a type out, add a dead letter or a test of a window. What cannot be done comes with the reason, to clients that show it.",
    { codeActionProvider: { codeActionKinds: [...codeActionKinds], resolveProvider: true } },
  ),
  yes(
    "codeAction/resolve",
    "The edits of one action, with the version of the text they are for; refused where they would leave a mistake.",
  ),
  yes("textDocument/formatting", "As `flow fmt`.", { documentFormattingProvider: true }),
  yes("textDocument/rangeFormatting", "The changes of `flow fmt` that touch the lines.", {
    documentRangeFormattingProvider: { rangesSupport: true },
  }),
  yes("textDocument/rangesFormatting", "The same of several ranges."),
  yes("textDocument/onTypeFormatting", "After `}` and a new line.", {
    documentOnTypeFormattingProvider: { firstTriggerCharacter: "}", moreTriggerCharacter: ["\n"] },
  }),
  yes("textDocument/prepareRename", "Whether the name can be changed.", {
    renameProvider: { prepareProvider: true, workDoneProgress: true },
  }),
  yes("textDocument/rename", "In all files of the workspace; what would make a new error is refused, and why."),
  yes("textDocument/linkedEditingRange", "Places that are typed at once.", { linkedEditingRangeProvider: true }),
  yes("workspace/willRenameFiles", "Mends the imports of a file or folder that is renamed.", {
    workspace: { fileOperations: { willRename: flowFilesAndFolders } },
  }),
  no("workspace/willCreateFiles", "Nothing is to be done then."),
  no("workspace/willDeleteFiles", "Importing files say what they miss."),
  yes("workspace/didCreateFiles", "Whoever looked for the file is checked again.", {
    workspace: { fileOperations: { didCreate: flowFiles } },
  }),
  yes("workspace/didRenameFiles", "As if one were deleted and one made.", {
    workspace: { fileOperations: { didRename: flowFilesAndFolders } },
  }),
  yes("workspace/didDeleteFiles", "Whoever imports the file is checked again.", {
    workspace: { fileOperations: { didDelete: flowFilesAndFolders } },
  }),
  never("workspace/applyEdit", "Commands answer with what they found; actions carry their edits."),

  // Workspace.
  yes("workspace/didChangeWatchedFiles", "Imported files, `flow.config.json`, schemas and samples."),
  yes("workspace/didChangeWorkspaceFolders", "Folders come and go.", {
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  }),
  never("workspace/workspaceFolders", "They come with `initialize`, and when they change."),
  yes("workspace/didChangeConfiguration", "Settings are asked for anew; they may come with it."),
  sends(
    "workspace/configuration",
    "The section `flow`: what concerns the editor alone. Levels of diagnostics stand in `flow.config.json`.",
  ),
  yes("workspace/executeCommand", `${commandNames.map((name) => `\`${name}\``).join(", ")}.`, {
    executeCommandProvider: { commands: [...commandNames] },
  }),
  yes(
    "workspace/textDocumentContent",
    "`flow-preview:` documents: the compiled resource, runtime configs, IR and graph.",
    {
      workspace: { textDocumentContent: { schemes: ["flow-preview"] } },
    },
  ),
  sends("workspace/textDocumentContent/refresh", "A preview follows the text it is made from."),

  // Window.
  sends("window/logMessage", "A feature that failed, with its stack."),
  never("window/showMessage", "Nothing is worth interrupting someone who types."),
  never("window/showMessageRequest", "Nothing is worth interrupting someone who types."),
  never("window/showDocument", "Where to go is for the client to decide."),
  sends("window/workDoneProgress/create", "For what takes longer than half a second and has no token of the client's."),
  yes("window/workDoneProgress/cancel", "Ends the work."),
  never("telemetry/event", "None, ever."),
] as const satisfies readonly MethodRow[];

type Row = (typeof methods)[number];
/** The methods that a client may call. */
export type ClientMethod = Extract<Row, { readonly from: "client"; readonly supported: true }>["method"];

/** What `initialize` answers: the rows' capabilities, merged. */
export function serverCapabilities(client: ClientCapabilities): ServerCapabilities {
  const rows: readonly MethodRow[] = methods;
  return rows
    .filter((row) => row.supported && row.capability !== undefined && (row.when?.(client) ?? true))
    .reduce<ServerCapabilities>((all, row) => merge(all, row.capability ?? {}), {});
}

function merge<T extends object>(a: T, b: object): T {
  const merged: { [key: string]: unknown } = Object.fromEntries(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const before = merged[key];
    merged[key] = isObject(before) && isObject(value) ? merge(before, value) : value;
  }
  return merged as T;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
