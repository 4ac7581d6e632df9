/** What the features of the extension know of the language server: its client, which server it is, and when it starts anew. */
import type { Event } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";

/** Which copy of `argo-dataflow` serves. */
export interface ServerOrigin {
  /** `workspace`: a package of the project; `setting`: named by `flow.server.path`; `bundled`: part of the extension. */
  readonly kind: "workspace" | "setting" | "bundled";
  /** The `flow.js` that runs, or the address of the worker. */
  readonly path: string;
}

export interface ServerClient {
  /** The same object for the life of the extension; requests to it wait until the server runs. */
  readonly client: BaseLanguageClient;
  /** Undefined while none has been started yet. */
  origin(): ServerOrigin | undefined;
  /** Fires each time a server has started: the first time, after a restart, after a crash. */
  readonly onDidStart: Event<void>;
  /** How a command of the same `flow` is run as a process; absent where there are none, in the web. */
  readonly commandLine?: (args: readonly string[]) => CommandLine;
  /** Stops the server and starts the one that settings and workspace now call for. Tells the user when that fails. */
  restart(): Promise<void>;
}

export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
  /** Besides what the process inherits. */
  readonly env: Readonly<Record<string, string>>;
}

/** What desktop and web do differently. */
export interface Platform {
  /** Makes the client without starting it. */
  readonly client: BaseLanguageClient;
  origin(): ServerOrigin | undefined;
  readonly commandLine?: (args: readonly string[]) => CommandLine;
}
