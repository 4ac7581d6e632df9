/** What the server knows between requests: the client, the workspace, and how the two name files and count positions. */
import type { Connection } from "vscode-languageserver";
import type {
  ClientCapabilities,
  InitializeParams,
  Location as LspLocation,
  Range,
} from "vscode-languageserver-protocol";
import { type Analysis, Workspace } from "../compiler/service/workspace.ts";
import type { SourceText } from "../compiler/source/source-text.ts";
import type { Location, Span } from "../compiler/source/span.ts";
import type { Files } from "./files.ts";
import { isBelow, pathOfUri, resolvePath, uriOfPath } from "./paths.ts";
import { chooseEncoding, type Encoding, type Positions, positionsIn } from "./positions.ts";
import type { Runs } from "./running/runs.ts";
import { type Settings, settingsIn, settingsOf } from "./settings.ts";

export interface Session {
  readonly client: ClientCapabilities;
  readonly encoding: Encoding;
  readonly positions: Positions;
  readonly workspace: Workspace;
  readonly files: Files;
  /** Paths of the workspace's folders. */
  readonly folders: Set<string>;
  /** The client's spelling of each document's URI, by path. */
  readonly spelledUri: Map<string, string>;
  /** Paths of open documents that are `.flow` by their language and not by their name. */
  readonly flowByLanguage: Set<string>;
  /** Names of commands that the client has. */
  readonly clientCommands: ReadonlySet<string>;
  /** Of previews that the client shows the last whole text, by the path of their file and by URI. */
  readonly previews: Map<string, Map<string, string | undefined>>;
  readonly connection: Connection;
  /** Tests, and pipelines on sample events. */
  readonly runs: Runs;
  /** How many messages were taken: whoever works in slices gives way to those that come. */
  readonly taken: { count: number };
  /** The client has said `shutdown`. */
  over: boolean;
  /** Replaced as a whole when the client says that they have changed. */
  settings: Settings;
  log(message: string): void;
}

export function sessionOf(params: InitializeParams, files: Files, connection: Connection, runs: Runs): Session {
  const client = params.capabilities ?? {};
  const encoding = chooseEncoding(client.general?.positionEncodings);
  const roots = params.workspaceFolders ?? (typeof params.rootUri === "string" ? [{ uri: params.rootUri }] : []);
  const folders = new Set(roots.map(({ uri }) => folderPath(uri)));
  const host = { readFile: (path: string) => files.read(path), resolve: resolvePath };
  return {
    client,
    encoding,
    positions: positionsIn(encoding),
    workspace: new Workspace(host, {
      files: () => files.list(outermost(folders)),
      inFolder: (folder) => files.inFolder(folder),
    }),
    files,
    folders,
    spelledUri: new Map(),
    flowByLanguage: new Set(),
    clientCommands: new Set(commandsOf(client)),
    previews: new Map(),
    connection,
    runs,
    taken: { count: 0 },
    over: false,
    settings: settingsOf(settingsIn(params.initializationOptions)),
    log: (message) => connection.console.error(message),
  };
}

export const folderPath = (uri: string): string => pathOfUri(uri).replace(/(?<=.)\/$/, "");

const outermost = (folders: ReadonlySet<string>): readonly string[] =>
  [...folders].filter((folder) => ![...folders].some((other) => other !== folder && isBelow(folder, other)));

function commandsOf(client: ClientCapabilities): readonly string[] {
  const { experimental } = client;
  if (typeof experimental !== "object" || experimental === null || !("commands" in experimental)) return [];
  const { commands } = experimental;
  return Array.isArray(commands) ? commands.filter((name) => typeof name === "string") : [];
}

export const uriOf = ({ spelledUri }: Session, path: string): string => spelledUri.get(path) ?? uriOfPath(path);

export function locationOf(session: Session, at: Location): LspLocation {
  return { uri: uriOf(session, at.file), range: rangeIn(session, at) };
}

/** The span of a place that may be in any file. */
export function rangeIn({ positions, workspace }: Session, at: Location): Range {
  return positions.range(workspace.source(at.file), at);
}

export const isFlow = ({ flowByLanguage }: Session, path: string): boolean =>
  path.endsWith(".flow") || flowByLanguage.has(path);

/** A document as a feature sees it. */
export interface Document {
  readonly path: string;
  readonly uri: string;
  readonly analysis: Analysis;
  readonly source: SourceText;
  readonly range: (span: Span) => Range;
}

/** Undefined when it is no .flow document, or none that is open or on disk. */
export function documentOf(session: Session, uri: string): Document | undefined {
  const { workspace, positions } = session;
  const path = pathOfUri(uri);
  if (!isFlow(session, path) || (!workspace.isOpen(path) && workspace.host.readFile(path) === undefined))
    return undefined;
  const source = workspace.source(path);
  return {
    path,
    uri,
    source,
    get analysis() {
      return workspace.file(path);
    },
    range: (span) => positions.range(source, span),
  };
}

/** The document of a request, and the offset of its position. */
export function placeOf(
  session: Session,
  params: { readonly textDocument: { readonly uri: string }; readonly position: { line: number; character: number } },
): { readonly document: Document; readonly offset: number } | undefined {
  const document = documentOf(session, params.textDocument.uri);
  return document && { document, offset: session.positions.offset(document.source, params.position) };
}
